import { createReadStream } from 'node:fs';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3ServiceException,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ConditionalStore } from './conditional-store';

/** The user metadata of an output that names the version it was written from. */
export const SOURCE_SEQUENCER = 'source-sequencer';

// NoSuchKey: an object was expected and has gone. 409: another write was under way.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
const REFUSALS = ['PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey'];

/** A bucket as a ConditionalStore. One PutObject an output: at most 5 GB each. */
export function createS3ConditionalStore(s3: S3Client, bucket: string): ConditionalStore {
  return {
    async read(key) {
      try {
        const { ETag, Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return { etag: ETag!, text: await Body!.transformToString() };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async head(key) {
      try {
        const { ETag, Metadata } = await s3.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key }),
        );
        return { etag: ETag!, sequencer: Metadata?.[SOURCE_SEQUENCER] };
      } catch (error) {
        if (error instanceof NotFound) return undefined;
        throw error;
      }
    },
    async put(key, body, expected, sequencer) {
      const inFile = !(body instanceof Uint8Array);
      try {
        const { ETag } = await s3.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: inFile ? createReadStream(body.path) : body,
            ContentLength: inFile ? body.size : body.length,
            ContentType: key.endsWith('.json') ? 'application/json' : 'application/octet-stream',
            Metadata: { [SOURCE_SEQUENCER]: sequencer },
            ...(expected === undefined ? { IfNoneMatch: '*' } : { IfMatch: expected }),
          }),
        );
        return ETag!;
      } catch (error) {
        if (error instanceof S3ServiceException && REFUSALS.includes(error.name)) return undefined;
        throw error;
      }
    },
  };
}
