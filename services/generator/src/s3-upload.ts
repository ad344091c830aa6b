import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { WriteObject } from './write-objects';

const PART_BYTES = 5 * 2 ** 20;

/**
 * Writes objects of JSON lines into a bucket: with one PutObject where a part holds it all, as a
 * multipart upload where not. A failed upload is aborted, and nothing is seen under its key.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
 */
export function s3Upload(client: S3Client, bucket: string): WriteObject {
  return async (key, chunks) => {
    const upload = new Upload({
      client,
      params: {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(chunks, { highWaterMark: 1 }),
        ContentType: 'application/x-ndjson',
      },
      // One part is made while another is under way.
      queueSize: 2,
      partSize: PART_BYTES,
    });
    await upload.done();
  };
}
