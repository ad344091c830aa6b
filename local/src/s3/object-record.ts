import type { Checksum } from './checksum';

/** What S3 knows of an object beside its bytes. */
export interface ObjectRecord {
  /** Without quotes. */
  etag: string;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  lastModified: number;
  /** Content headers, user metadata and storage class as GET answers them. */
  headers: Record<string, string>;
  checksum?: Checksum;
  /** The multipart upload that made it. */
  uploadId?: string;
}

/** What a file has that no request wrote. */
export const DEFAULT_HEADERS = { 'content-type': 'binary/octet-stream' };

export function quoted(etag: string): string {
  return `"${etag}"`;
}

export function unquoted(etag: string): string {
  return etag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
}

export function storageClassOf(record: Pick<ObjectRecord, 'headers'>): string {
  return record.headers['x-amz-storage-class'] ?? 'STANDARD';
}
