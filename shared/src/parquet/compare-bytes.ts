import type { Utf8Values } from './column-batch';

/** Compares two byte strings as unsigned bytes, as Parquet compares UTF-8. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < length; i++) {
    const difference = a[aStart + i]! - b[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

/** Six bytes, which a double holds as a whole number. */
const KEY_BYTES = 6;

/**
 * A number that orders strings but for those that share it: the first six bytes, as if the string
 * went on with zeros. `view` looks at `bytes`.
 */
export function sortKey(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  // Behind the last strings there are no six bytes to read.
  return start > bytes.length - KEY_BYTES
    ? slowKey(bytes, start, end)
    : keyOf(view.getInt32(start, false), view.getUint16(start + 4, false), end - start);
}

/** Puts the key of each string, without the prefix that all have in common. */
export function putSortKeys({ bytes, offsets }: Utf8Values, keys: Float64Array): void {
  const size = offsets.length - 1;
  const skipped = commonPrefix(bytes, offsets, size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < size; i++) {
    keys[i] = sortKey(bytes, view, (offsets[i]! + skipped) | 0, offsets[i + 1]! | 0);
  }
}

/** Of four bytes and the two behind them, as if the string went on with zeros behind its length. */
function keyOf(four: number, two: number, length: number): number {
  if (length >= KEY_BYTES) return (four >>> 0) * 0x10000 + two;
  if (length >= 4) return (four >>> 0) * 0x10000 + (length === 4 ? 0 : two & 0xff00);
  return length === 0 ? 0 : ((four & (-1 << (32 - length * 8))) >>> 0) * 0x10000;
}

function slowKey(bytes: Uint8Array, start: number, end: number): number {
  let key = 0;
  for (let at = start; at < start + KEY_BYTES; at++) key = key * 256 + (at < end ? bytes[at]! : 0);
  return key;
}

function commonPrefix(bytes: Uint8Array, offsets: Uint32Array, size: number): number {
  if (size === 0) return 0;
  const first = offsets[0]!;
  let common = offsets[1]! - first;
  for (let i = 1; i < size && common > 0; i++) {
    const start = offsets[i]!;
    common = Math.min(common, offsets[i + 1]! - start);
    let same = 0;
    while (same < common && bytes[first + same] === bytes[start + same]) same++;
    common = same;
  }
  return common;
}
