import { putVarint, putZigzag, type ByteBuffer } from './byte-buffer';
import { give, kernel, putOutput } from './kernel';

const BLOCK = 128;
const MINIBLOCKS = 4;

/**
 * Writes values start … end of a page, and `base` more each, as DELTA_BINARY_PACKED. Their range must
 * be below 2^31, so that a delta is an INT32 again.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#delta-encoding-delta_binary_packed--5
 */
export function putDeltaInt32(
  out: ByteBuffer,
  values: Int32Array,
  start: number,
  end: number,
  base = 0,
): void {
  putHeader(out, end - start, start < end ? base + values[start]! : 0);
  give(values, start, end);
  putOutput(out, kernel().putDeltas(end - start));
}

/** The same for INT64 values that doubles hold, of magnitude below 2^52. */
export function putDeltaInt64(
  out: ByteBuffer,
  values: Float64Array,
  start: number,
  end: number,
): void {
  putHeader(out, end - start, start < end ? values[start]! : 0);
  give(values, start, end);
  putOutput(out, kernel().putWideDeltas(end - start));
}

function putHeader(out: ByteBuffer, count: number, first: number): void {
  putVarint(out, BLOCK);
  putVarint(out, MINIBLOCKS);
  putVarint(out, count);
  putZigzag(out, first);
}
