import { putVarint, reserve, type ByteBuffer } from './byte-buffer';
import type { Utf8Values } from './column-batch';
import { give, kernel, LONGEST_VALUE, putOutput } from './kernel';
import { setLiteral } from './snappy-elements';

/** Of the length before each PLAIN string. */
const LENGTH_BYTES = 4;

/** Shorter strings are no ids. */
const SHORTEST = 8;

/** The length of all strings start … end, as ids share one; undefined where they are no ids. */
export function idLength({ offsets }: Utf8Values, start: number, end: number): number | undefined {
  if (start === end) return undefined;
  const length = offsets[start + 1]! - offsets[start]!;
  if (length < SHORTEST || length > LONGEST_VALUE) return undefined;
  let at = offsets[start]!;
  for (let i = start; i <= end; i++, at += length) if (offsets[i] !== at) return undefined;
  return length;
}

/**
 * Writes `head` and, as PLAIN, the strings start … end of a page, of which there is at least one and
 * each has `length` bytes, in the raw Snappy format. It looks for what repeats only where a string
 * begins: its length, with the bytes before and behind. Ids have hardly more in common, and that is
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
  const size = head.length + (end - start) * (length + LENGTH_BYTES);
  putVarint(out, size);
  if (head.length > 0) {
    reserve(out, head.length + 8);
    out.length = setLiteral(out.bytes, out.length, head, 0, head.length);
  }
  give(bytes, offsets[start]!, offsets[end]!);
  putOutput(out, kernel.putIds(length, end - start));
  return size;
}
