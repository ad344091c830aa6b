import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

export interface ListedObject {
  key: string;
  lastModified: Date;
  bytes: number;
}

/**
 * The objects of a prefix in the order of their keys.
 * @param which `since`: only what was written at that moment or later, to the second, as S3 tells.
 * @throws what S3 throws.
 */
export async function* listWrittenSince(
  s3: S3Client,
  bucket: string,
  prefix: string,
  { since, signal }: { since?: Date; signal?: AbortSignal },
): AsyncGenerator<ListedObject, void> {
  const earliest = since ? Math.floor(since.getTime() / 1000) * 1000 : -Infinity;
  const request = { Bucket: bucket, Prefix: prefix };
  const pages = paginateListObjectsV2({ client: s3 }, request, { abortSignal: signal });
  for await (const { Contents = [] } of pages) {
    for (const { Key: key = '', LastModified: lastModified, Size: bytes = 0 } of Contents) {
      if (lastModified && lastModified.getTime() >= earliest) yield { key, lastModified, bytes };
    }
  }
}
