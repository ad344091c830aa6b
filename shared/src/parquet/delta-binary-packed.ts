import { putPacked, putPackedWide } from './bit-pack';
import { putUint32, putVarint, putZigzag, reserve, type ByteBuffer } from './byte-buffer';

const BLOCK = 128;
const MINIBLOCKS = 4;
const MINIBLOCK = BLOCK / MINIBLOCKS;
const TWO_32 = 2 ** 32;

// Encoding never waits in between, so every column of every file can use the same.
const deltas = new Int32Array(BLOCK);
const wideDeltas = new Float64Array(BLOCK);
// The deltas above the least: unsigned 32-bit numbers, that are reckoned with as signed ones, which
// is faster.
const offsets = new Int32Array(BLOCK);
const offsetBits = new Uint32Array(offsets.buffer);

/**
 * Writes values start … end as DELTA_BINARY_PACKED. Their range must be below 2^31, so that a
 * delta is an INT32 again.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#delta-encoding-delta_binary_packed--5
 */
export function putDeltaInt32(
  out: ByteBuffer,
  values: Int32Array,
  start: number,
  end: number,
): void {
  putHeader(out, end - start, start < end ? values[start]! : 0);
  for (let from = start + 1; from < end; from += BLOCK) {
    const count = Math.min(BLOCK, end - from);
    let minimum = 0x7fffffff;
    let maximum = -0x80000000;
    let previous = values[from - 1]!;
    for (let i = 0; i < count; i++) {
      const value = values[from + i]!;
      const delta = (value - previous) | 0;
      previous = value;
      deltas[i] = delta;
      if (delta < minimum) minimum = delta;
      if (delta > maximum) maximum = delta;
    }
    putZigzag(out, minimum);
    if (minimum === maximum) putNoMiniblocks(out);
    else {
      putMiniblocks(out, count, minimum);
    }
  }
}

/**
 * The same for INT64 values that doubles hold, of magnitude below 2^51, so that doubles hold the
 * difference of two deltas as well.
 */
export function putDeltaInt64(
  out: ByteBuffer,
  values: Float64Array,
  start: number,
  end: number,
): void {
  putHeader(out, end - start, start < end ? values[start]! : 0);
  for (let from = start + 1; from < end; from += BLOCK) {
    const count = Math.min(BLOCK, end - from);
    let minimum = Infinity;
    let maximum = -Infinity;
    let previous = values[from - 1]!;
    for (let i = 0; i < count; i++) {
      const value = values[from + i]!;
      const delta = value - previous;
      previous = value;
      wideDeltas[i] = delta;
      if (delta < minimum) minimum = delta;
      if (delta > maximum) maximum = delta;
    }
    putZigzag(out, minimum);
    if (minimum === maximum) putNoMiniblocks(out);
    else if (maximum - minimum < TWO_32) {
      for (let i = 0; i < count; i++) deltas[i] = (wideDeltas[i]! - minimum) | 0;
      putMiniblocks(out, count, 0);
    } else {
      for (let i = 0; i < count; i++) wideDeltas[i]! -= minimum;
      putWideMiniblocks(out, count);
    }
  }
}

function putHeader(out: ByteBuffer, count: number, first: number): void {
  putVarint(out, BLOCK);
  putVarint(out, MINIBLOCKS);
  putVarint(out, count);
  putZigzag(out, first);
}

/** All deltas of the block are the same: its miniblocks are as wide as their widths say, 0. */
function putNoMiniblocks(out: ByteBuffer): void {
  putUint32(out, 0);
}

function putMiniblocks(out: ByteBuffer, count: number, minimum: number): void {
  deltas.fill(minimum, count);
  reserve(out, MINIBLOCKS);
  const widthsAt = out.length;
  out.length += MINIBLOCKS;
  for (let miniblock = 0; miniblock < MINIBLOCKS; miniblock++) {
    const from = miniblock * MINIBLOCK;
    const to = from + MINIBLOCK;
    let bits = 0;
    for (let i = from; i < to; i++) {
      const offset = (deltas[i]! - minimum) | 0;
      offsets[i] = offset;
      bits |= offset;
    }
    const width = 32 - Math.clz32(bits);
    out.bytes[widthsAt + miniblock] = width;
    // A miniblock of no width, as one beyond the last value, takes no bytes.
    if (width > 0) putPacked(out, offsetBits, from, to, width);
  }
}

function putWideMiniblocks(out: ByteBuffer, count: number): void {
  wideDeltas.fill(0, count);
  reserve(out, MINIBLOCKS);
  const widthsAt = out.length;
  out.length += MINIBLOCKS;
  for (let miniblock = 0; miniblock < MINIBLOCKS; miniblock++) {
    const from = miniblock * MINIBLOCK;
    if (from >= count) {
      out.bytes[widthsAt + miniblock] = 0;
      continue;
    }
    let maximum = 0;
    for (let i = from; i < from + MINIBLOCK; i++) maximum = Math.max(maximum, wideDeltas[i]!);
    // At least the 33 bits that putPackedWide wants.
    const width = Math.max(33, 64 - Math.clz32(Math.floor(maximum / TWO_32)));
    out.bytes[widthsAt + miniblock] = width;
    putPackedWide(out, wideDeltas, from, from + MINIBLOCK, width);
  }
}
