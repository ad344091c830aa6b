import type { Readable } from 'node:stream';
import { GetObjectCommand, NoSuchKey, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { sourceUri } from '@saleslake/shared/lake/source-id';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { ObjectVersion } from './object-created';

/** The source object was taken away before anybody read it. */
export class SourceGoneError extends SaleslakeError {
  constructor(version: ObjectVersion, cause: Error) {
    super(
      'SourceGoneError',
      `${sourceUri(version)} is not there any more, and was not transformed.`,
      { cause },
    );
  }
}

/**
 * The bytes of that very version; undefined where a newer one took its place. The caller destroys
 * the stream.
 * @throws SourceGoneError where the object was deleted.
 */
export async function openRawObject(
  s3: S3Client,
  version: ObjectVersion,
): Promise<Readable | undefined> {
  const { bucket, key, etag } = version;
  try {
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: `"${etag}"` }),
    );
    // In Node.js it is always a Readable.
    return Body as Readable;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') {
      return undefined;
    }
    if (error instanceof NoSuchKey) throw new SourceGoneError(version, error);
    throw error;
  }
}
