import { createByteBuffer, putBytes, type ByteBuffer } from './byte-buffer';
import { Codec } from './parquet-format';
import type { ParquetCompression } from './parquet-writer';
import { putSnappy, putSnappyLiterals } from './snappy';

type PutCompressed = (out: ByteBuffer, from: ByteBuffer, start: number, end: number) => void;

/** Compresses bytes start … end of a buffer. */
export interface PageCodec {
  id: number;
  put: PutCompressed;
  /** The same for bytes that are known not to shrink, without looking. */
  putAsIs: PutCompressed;
}

const putUncompressed: PutCompressed = (out, from, start, end) =>
  putBytes(out, from.bytes.subarray(start, end));

export const uncompressed: PageCodec = {
  id: Codec.UNCOMPRESSED,
  put: putUncompressed,
  putAsIs: putUncompressed,
};

export const snappy: PageCodec = {
  id: Codec.SNAPPY,
  put: putSnappy,
  putAsIs: putSnappyLiterals,
};

type Compress = (bytes: Uint8Array) => Uint8Array;

/** @throws Error where the runtime has no zstd. */
export function pageCodec(compression: ParquetCompression): PageCodec {
  switch (compression) {
    case 'uncompressed':
      return uncompressed;
    case 'snappy':
      return snappy;
    case 'zstd':
      return zstd();
  }
}

function zstd(): PageCodec {
  // Loaded where it is needed: it takes as long as a small file does.
  const zlib = process.getBuiltinModule('node:zlib');
  const { zstdCompressSync } = zlib as { zstdCompressSync?: Compress };
  if (!zstdCompressSync) {
    throw new Error(
      `zstd needs Node 22.15 or later, and this is ${process.version}: choose snappy or uncompressed`,
    );
  }
  const put: PutCompressed = (out, from, start, end) =>
    putBytes(out, zstdCompressSync(from.bytes.subarray(start, end)));
  return { id: Codec.ZSTD, put, putAsIs: put };
}

const SAMPLE_BYTES = 2048;
const SMALLEST_SAMPLE = 256;
const WORTHWHILE = 0.9;
const trial = createByteBuffer();

/** Whether the codec shrinks the bytes by a tenth, by a sample from the middle of start … end. */
export function isWorthwhile(
  codec: PageCodec,
  from: ByteBuffer,
  start: number,
  end: number,
): boolean {
  if (codec === uncompressed || end - start < SMALLEST_SAMPLE) return false;
  const length = Math.min(SAMPLE_BYTES, end - start);
  const sampleStart = start + Math.floor((end - start - length) / 2);
  trial.length = 0;
  codec.put(trial, from, sampleStart, sampleStart + length);
  return trial.length < length * WORTHWHILE;
}
