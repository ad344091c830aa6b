import { createHash } from 'node:crypto';
import { SaleslakeError } from '../runtime/errors';

/** An object of the raw bucket; `key` as it is, not url-encoded. */
export interface SourceObject {
  bucket: string;
  key: string;
}

/**
 * The name that everything written from a source object carries: the first 32 hex digits of the
 * SHA-256 of `bucket/key`. The same object, whatever its version, always has the same one, so that
 * what it wrote is replaced instead of added to.
 */
export function sourceId({ bucket, key }: SourceObject): string {
  return createHash('sha256').update(`${bucket}/${key}`).digest('hex').slice(0, 32);
}

/** `s3://bucket/key`, for people and for queries. */
export function sourceUri({ bucket, key }: SourceObject): string {
  return `s3://${bucket}/${key}`;
}

/** The object of which sourceUri made this. @throws SaleslakeError where it is of none. */
export function parseSourceUri(uri: string): SourceObject {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw new SaleslakeError(
    'NoSourceUri',
    `${JSON.stringify(uri.slice(0, 100))} is no URI of an object; expected s3://bucket/key.`,
  );
}
