import { putByte, putVarint, type ByteBuffer } from './byte-buffer';
import { give, kernel, putOutput } from './kernel';

/**
 * Writes codes start … end of a page, less `base`, in Parquet's hybrid of runs and bit-packed groups
 * of eight, `width` bits (1 to 32) a code.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
 */
export function putHybrid(
  out: ByteBuffer,
  codes: Int32Array | Uint32Array,
  start: number,
  end: number,
  width: number,
  base = 0,
): void {
  give(codes, start, end);
  putOutput(out, kernel().putHybrid(end - start, width, base));
}

/** One code, `count` times. */
export function putRun(out: ByteBuffer, code: number, count: number, width: number): void {
  putVarint(out, count * 2);
  for (let shift = 0; shift < width; shift += 8) putByte(out, (code >>> shift) & 0xff);
}

/** The bits that hold 0 … count - 1; at least one, as readers differ over none. */
export function codeWidth(count: number): number {
  return Math.max(1, 32 - Math.clz32(count - 1));
}
