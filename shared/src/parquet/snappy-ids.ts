import { putVarint, reserve, type ByteBuffer } from './byte-buffer';
import type { Utf8Values } from './column-batch';
import { LONGEST_COPY, LONGEST_DISTANCE, setLiteral, setLiteralTag } from './snappy-elements';

/** Of the length before each PLAIN string. */
const LENGTH_BYTES = 4;

/** Shorter strings are no ids. The tag of a longer literal would take two bytes. */
const SHORTEST = 8;
const LONGEST = 60;

// Which string had these two bytes around its beginning last, counted from 1. Encoding never waits
// in between, so every column of every file can use the same.
const EDGE_BITS = 6;
const EDGE_MASK = (1 << EDGE_BITS) - 1;
const byEdges = new Int32Array(1 << (2 * EDGE_BITS));

/** The length of all strings start … end, as ids share one; undefined where they are no ids. */
export function idLength({ offsets }: Utf8Values, start: number, end: number): number | undefined {
  if (start === end) return undefined;
  const length = offsets[start + 1]! - offsets[start]!;
  if (length < SHORTEST || length > LONGEST) return undefined;
  let at = offsets[start]!;
  for (let i = start; i <= end; i++, at += length) if (offsets[i] !== at) return undefined;
  return length;
}

/**
 * Writes `head` and, as PLAIN, the strings start … end, of which there is at least one and each has
 * `length` bytes, in the raw Snappy format. It looks for what repeats only where a string begins:
 * its length, with the byte before and the byte behind. Ids have hardly more in common, and that is
 * found in a tenth of the time, and from the text itself.
 * @returns the size of what is compressed.
 */
export function putSnappyIds(
  out: ByteBuffer,
  head: Uint8Array,
  { bytes, offsets }: Utf8Values,
  length: number,
  start: number,
  end: number,
): number {
  const stride = length + LENGTH_BYTES;
  const size = head.length + (end - start) * stride;
  // No string takes more than it has, but for the first.
  reserve(out, 32 + size);
  putVarint(out, size);
  const { bytes: target, view } = out;
  let at = out.length;
  if (head.length > 0) at = setLiteral(target, at, head, 0, head.length);
  const rows = end - start;
  let from = offsets[start]! | 0;
  // The first two strings as they are: what follows may then look one string further back.
  for (let row = 0; row < Math.min(2, rows); row++, from += length) {
    at = setLiteralTag(target, at, stride);
    view.setInt32(at, length, true);
    target.set(bytes.subarray(from, from + length), at + LENGTH_BYTES);
    at += stride;
  }
  // The text from here on is not written yet.
  let literal = from;
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mostRows = Math.floor(LONGEST_DISTANCE / stride);
  byEdges.fill(0);
  for (let row = 2; row < rows; row++) {
    const slot = ((bytes[from - 1]! & EDGE_MASK) << EDGE_BITS) | (bytes[from]! & EDGE_MASK);
    let back = (row - byEdges[slot]!) | 0;
    byEdges[slot] = row;
    // The string before is as good as any: it has the same length.
    if (back >= row || back > mostRows) back = 1;

    const gap = Math.imul(back, length);
    const before = same(bytes[from - 1]!, bytes[from - 1 - gap]!);
    const before2 = before & same(bytes[from - 2]!, bytes[from - 2 - gap]!);
    const behind = same(bytes[from]!, bytes[from - gap]!);
    const behind2 = behind & same(bytes[from + 1]!, bytes[from + 1 - gap]!);
    let first = Math.max(literal, (from - before - before2) | 0);
    let last = (from + behind + behind2) | 0;
    if ((before2 | behind2) !== 0) {
      while (first > literal && bytes[first - 1] === bytes[first - 1 - gap]) first--;
      const most = Math.min(from + length, first + LONGEST_COPY - LENGTH_BYTES);
      while (last < most && bytes[last] === bytes[last - gap]) last++;
    }

    if (first > literal) {
      view.setInt8(at++, (first - literal - 1) << 2);
      // As in putPlain: up to seven bytes too many, that what comes next overwrites.
      for (let k = literal, to = at; k < first; k += 8, to += 8) {
        view.setFloat64(to, source.getFloat64(k, true), true);
      }
      at = (at + first - literal) | 0;
    }
    const copied = (last - first + LENGTH_BYTES) | 0;
    const distance = Math.imul(back, stride);
    // -1 where two bytes say it. Which of the two it is cannot be predicted, so that no branch is
    // the faster way.
    const short = ((copied - 12) & (distance - 2048)) >> 31;
    const long = 2 | ((copied - 1) << 2) | (distance << 8);
    const brief = 1 | ((copied - 4) << 2) | ((distance & 0x700) >> 3) | (distance << 8);
    view.setInt32(at, long ^ ((long ^ brief) & short), true);
    at = (at + 3 + short) | 0;
    literal = last;
    from = (from + length) | 0;
  }
  out.length = literal < from ? setLiteral(target, at, bytes, literal, from) : at;
  return size;
}

/** 1 where two bytes are the same, otherwise 0. */
function same(a: number, b: number): number {
  return ((a ^ b) - 1) >>> 31;
}
