/**
 * Eight times the number of bytes, of four in a word, before the first whose top bit is set in
 * `found`; it must not be 0.
 */
export function bitsBefore(found: number): number {
  return 24 - Math.clz32(found & -found);
}

/** Beyond, a native copy is faster than a loop. */
const LONG = 64;

/**
 * Copies bytes, and up to seven too many. A double keeps all bits but those of a NaN, of which
 * UTF-8 has none: it needs f0 … ff before 7f or ff.
 */
export function copyText(
  from: DataView,
  start: number,
  into: DataView,
  to: number,
  length: number,
): void {
  if (length > LONG) {
    bytesOf(into, to, length).set(bytesOf(from, start, length));
    return;
  }
  for (let i = 0; i < length; i += 8) {
    into.setFloat64(to + i, from.getFloat64(start + i, true), true);
  }
}

function bytesOf(view: DataView, start: number, length: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, length);
}

/** Whether two ranges of `length` bytes are the same. At least 8 more may be read behind them. */
export function sameBytes(
  one: DataView,
  oneAt: number,
  other: DataView,
  otherAt: number,
  length: number,
): boolean {
  let i = 0;
  // Doubles that are equal and not zero have the same bytes; such that are not may be NaN.
  for (; i + 8 <= length; i += 8) {
    const double = one.getFloat64(oneAt + i, true);
    if (double !== other.getFloat64(otherAt + i, true) || double === 0) break;
  }
  for (; i + 4 <= length; i += 4) {
    if (one.getInt32(oneAt + i, true) !== other.getInt32(otherAt + i, true)) return false;
  }
  const difference = one.getInt32(oneAt + i, true) ^ other.getInt32(otherAt + i, true);
  return (difference & ((1 << ((length - i) << 3)) - 1)) === 0;
}
