import { PutObjectCommand, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import type { PutOnce } from './write-customers';

/**
 * Writes objects of JSON lines into a bucket by conditional writes, of which one alone succeeds.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function s3PutOnce(client: S3Client, bucket: string): PutOnce {
  return async (key, body) => {
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: 'application/x-ndjson',
      IfNoneMatch: '*',
    });
    for (;;) {
      try {
        await client.send(put);
        return true;
      } catch (error) {
        if (!(error instanceof S3ServiceException)) throw error;
        if (error.name === 'PreconditionFailed') return false;
        // Another write was under way, and nothing is said of how it ended: S3 asks to try again.
        if (error.name !== 'ConditionalRequestConflict') throw error;
      }
    }
  };
}
