import { createHash } from 'node:crypto';

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
