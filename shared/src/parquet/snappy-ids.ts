import { putVarint } from './byte-buffer';
import type { Utf8Values } from './column-batch';
import { give, kernel, LONGEST_VALUE, output, OUTPUT } from './kernel';
import type { PageContent } from './page-contents';
import { setLiteral } from './snappy-literal';

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

/** What `count` ids take as PLAIN. */
export function plainIdBytes(length: number, count: number): number {
  return count * (length + LENGTH_BYTES);
}

/**
 * `head` and, as PLAIN, the strings start … end of a page, of which each has `length` bytes, in the
 * raw Snappy format. It looks for what repeats only where a string begins: its length, with the bytes
 * before and behind. Ids have hardly more in common, and that is found in a tenth of the time, and
 * from the text itself.
 */
export function snappyIds(
  head: Uint8Array,
  { bytes, offsets }: Utf8Values,
  length: number,
  start: number,
  end: number,
): PageContent {
  const uncompressed = head.length + plainIdBytes(length, end - start);
  output.length = 0;
  putVarint(output, uncompressed);
  if (head.length > 0) {
    output.length = setLiteral(output.bytes, output.length, head, 0, head.length);
  }
  give(bytes, offsets[start]!, offsets[end]!);
  const outputEnd = kernel.putIds(length, end - start, OUTPUT + output.length);
  return { bytes: output.bytes.subarray(0, outputEnd - OUTPUT), uncompressed };
}
