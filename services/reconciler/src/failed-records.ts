import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** Where Firehose puts what it could not use, in the curated bucket; a replay takes it away. */
const PREFIX = 'firehose-errors/';

/**
 * How many objects of failed records have waited since before `until` (milliseconds since the
 * epoch) to be replayed. Whatever made Firehose give them up, they are here: also a batch that was
 * given up while others succeeded, of which no metric of Firehose tells.
 */
export async function countFailedRecordObjects(
  s3: S3Client,
  curatedBucket: string,
  until: number,
): Promise<number> {
  let count = 0;
  const request = { Bucket: curatedBucket, Prefix: PREFIX };
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, request)) {
    count += Contents.filter(({ LastModified }) => (LastModified?.getTime() ?? 0) < until).length;
  }
  return count;
}
