import type { S3Client } from '@aws-sdk/client-s3';
import { listFirehoseErrors } from '@saleslake/shared/lake/firehose-errors';

/**
 * How many objects of failed records have waited since before `until` (milliseconds since the
 * epoch) to be replayed.
 */
export async function countFailedRecordObjects(
  s3: S3Client,
  curatedBucket: string,
  until: number,
): Promise<number> {
  let count = 0;
  for await (const { lastModified } of listFirehoseErrors(s3, curatedBucket)) {
    if (lastModified.getTime() < until) count += 1;
  }
  return count;
}
