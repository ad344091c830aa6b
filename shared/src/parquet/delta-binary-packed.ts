import { putPacked, putPackedWide } from './bit-pack';
import { putVarint, putZigzag, reserve, type ByteBuffer } from './byte-buffer';

const BLOCK = 128;
const MINIBLOCKS = 4;
const MINIBLOCK = BLOCK / MINIBLOCKS;
const TWO_32 = 2 ** 32;

// Encoding never waits in between, so every column of every file can use the same.
const deltas = new Int32Array(BLOCK);
const wideDeltas = new Float64Array(BLOCK);
const mostOf = new Int32Array(MINIBLOCKS);
let least = 0;

/**
 * Writes values start … end, and `base` more each, as DELTA_BINARY_PACKED. Their range must be
 * below 2^31, so that a delta is an INT32 again.
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
  for (let from = start + 1; from < end; from += BLOCK) {
    const count = Math.min(BLOCK, end - from);
    least = 0x7fffffff;
    for (let miniblock = 0; miniblock * MINIBLOCK < count; miniblock++) {
      const at = miniblock * MINIBLOCK;
      mostOf[miniblock] = takeDeltas(values, from + at, Math.min(MINIBLOCK, count - at), at);
    }
    deltas.fill(least, count);
    putZigzag(out, least);
    putMiniblocks(out, count);
  }
}

/** Puts the deltas of a miniblock at `at`, lowers `least` to theirs, and returns the greatest. */
function takeDeltas(values: Int32Array, from: number, count: number, at: number): number {
  let low = least;
  let high = -0x80000000;
  let previous = values[from - 1]!;
  // Four at a time: the loop itself takes as long as what it does.
  const whole = count & ~3;
  for (let i = 0; i < whole; i += 4) {
    const a = values[from + i]!;
    const b = values[from + i + 1]!;
    const c = values[from + i + 2]!;
    const d = values[from + i + 3]!;
    const toA = (a - previous) | 0;
    const toB = (b - a) | 0;
    const toC = (c - b) | 0;
    const toD = (d - c) | 0;
    previous = d;
    deltas[at + i] = toA;
    deltas[at + i + 1] = toB;
    deltas[at + i + 2] = toC;
    deltas[at + i + 3] = toD;
    if (toA < low) low = toA;
    if (toA > high) high = toA;
    if (toB < low) low = toB;
    if (toB > high) high = toB;
    if (toC < low) low = toC;
    if (toC > high) high = toC;
    if (toD < low) low = toD;
    if (toD > high) high = toD;
  }
  for (let i = whole; i < count; i++) {
    const delta = (values[from + i]! - previous) | 0;
    previous = values[from + i]!;
    deltas[at + i] = delta;
    if (delta < low) low = delta;
    if (delta > high) high = delta;
  }
  least = low;
  return high;
}

/** The miniblocks of `deltas`, less the least. One without width, or without values, has no bytes. */
function putMiniblocks(out: ByteBuffer, count: number): void {
  reserve(out, MINIBLOCKS);
  const widthsAt = out.length;
  out.length += MINIBLOCKS;
  const used = Math.ceil(count / MINIBLOCK);
  let first = 0;
  let lastWidth = 0;
  // Miniblocks of the same width are packed at once.
  for (let miniblock = 0; miniblock <= MINIBLOCKS; miniblock++) {
    const width = miniblock < used ? 32 - Math.clz32((mostOf[miniblock]! - least) | 0) : 0;
    if (width !== lastWidth) {
      if (lastWidth > 0) {
        putPacked(out, deltas, first * MINIBLOCK, miniblock * MINIBLOCK, lastWidth, least);
      }
      first = miniblock;
      lastWidth = width;
    }
    if (miniblock < MINIBLOCKS) out.bytes[widthsAt + miniblock] = width;
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
    for (let i = 0; i < count; i++) wideDeltas[i]! -= minimum;
    if (maximum - minimum < TWO_32) putNarrowMiniblocks(out, count);
    else putWideMiniblocks(out, count);
  }
}

function putHeader(out: ByteBuffer, count: number, first: number): void {
  putVarint(out, BLOCK);
  putVarint(out, MINIBLOCKS);
  putVarint(out, count);
  putZigzag(out, first);
}

/** Of deltas above the least that are unsigned 32-bit numbers. */
function putNarrowMiniblocks(out: ByteBuffer, count: number): void {
  wideDeltas.fill(0, count);
  mostOf.fill(0);
  least = 0;
  for (let i = 0; i < BLOCK; i++) {
    const delta = wideDeltas[i]! | 0;
    deltas[i] = delta;
    // Its width is all that counts.
    mostOf[Math.floor(i / MINIBLOCK)]! |= delta;
  }
  putMiniblocks(out, count);
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
