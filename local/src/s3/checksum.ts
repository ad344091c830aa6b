import { createHash, type BinaryLike } from 'node:crypto';
import { startCrc32, startCrc32c, startCrc64Nvme } from './crc';
import { s3Error } from './s3-error';

/** A digest in the making, fed as the bytes go by. */
export interface Digest {
  update(bytes: Uint8Array): unknown;
  digest(): Buffer;
}

const ALGORITHMS = {
  CRC32: startCrc32,
  CRC32C: startCrc32c,
  CRC64NVME: startCrc64Nvme,
  SHA1: () => createHash('sha1') as Digest,
  SHA256: () => createHash('sha256') as Digest,
};

export type ChecksumAlgorithm = keyof typeof ALGORITHMS;

/** Whether a checksum covers an object's bytes or the checksums of its parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/**
 * An object's additional checksum, base64; a composite one ends in `-<parts>`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export interface Checksum {
  algorithm: ChecksumAlgorithm;
  type: ChecksumType;
  value: string;
}

export const CHECKSUM_ALGORITHMS = Object.keys(ALGORITHMS) as ChecksumAlgorithm[];

export function startChecksum(algorithm: ChecksumAlgorithm): Digest {
  return ALGORITHMS[algorithm]();
}

export function md5(bytes: BinaryLike): Buffer {
  return createHash('md5').update(bytes).digest();
}

/** `CRC32` -> `x-amz-checksum-crc32` */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The response headers that carry a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return {
    [checksumHeader(checksum.algorithm)]: checksum.value,
    'x-amz-checksum-type': checksum.type,
  };
}

/** The XML members that carry a checksum. */
export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  if (!checksum) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** Reads an algorithm's name off a header's value; throws InvalidRequest on an unknown one. */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toUpperCase());
  if (algorithm) return algorithm;
  throw s3Error(
    'InvalidRequest',
    `The checksum algorithm ${name} is not one of ${CHECKSUM_ALGORITHMS.join(', ')}.`,
  );
}

/** The checksum of parts' checksums: the digest of their bytes one after another. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: string[]): Checksum {
  const digest = startChecksum(algorithm);
  for (const part of parts) digest.update(Buffer.from(part, 'base64'));
  return {
    algorithm,
    type: 'COMPOSITE',
    value: `${digest.digest().toString('base64')}-${parts.length}`,
  };
}

/** Passes chunks on and feeds each to the digests. */
export async function* digesting(
  chunks: AsyncIterable<Buffer>,
  digests: readonly Digest[],
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    for (const digest of digests) digest.update(chunk);
    yield chunk;
  }
}
