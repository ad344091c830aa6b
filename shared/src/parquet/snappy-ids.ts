import { putVarint } from './byte-buffer';
import type { Utf8Values } from './column-batch';
import { commonLength, giveTexts, kernel, LONGEST_VALUE, output } from './kernel';
import { OUTPUT } from './kernel-code';
import { setLiteral } from './snappy-literal';
import type { PageContent } from './value-encoding';

/** Of the length before each PLAIN string. */
const LENGTH_BYTES = 4;

/** Shorter strings are no ids. */
const SHORTEST = 8;

/** The length of all strings start … end, as ids share one; undefined where they are no ids. */
export function idLength(strings: Utf8Values, start: number, end: number): number | undefined {
  const length = commonLength(strings, start, end) ?? 0;
  return length >= SHORTEST && length <= LONGEST_VALUE ? length : undefined;
}

/**
 * `head` and, as PLAIN, the strings start … end of a page, of which each has `length` bytes, in the
 * raw Snappy format. It looks for what repeats only where a string begins: its length, with the bytes
 * before and behind. Ids have hardly more in common, and that is found in a tenth of the time, and
 * from the text itself. The kernel keeps the strings.
 */
export function snappyIds(
  head: Uint8Array,
  ids: Utf8Values,
  length: number,
  start: number,
  end: number,
): PageContent {
  const uncompressed = head.length + (end - start) * (length + LENGTH_BYTES);
  output.length = 0;
  putVarint(output, uncompressed);
  if (head.length > 0) {
    output.length = setLiteral(output.bytes, output.length, head, 0, head.length);
  }
  giveTexts(ids, start, end);
  const outputEnd = kernel().putIds(length, end - start, OUTPUT + output.length);
  return { bytes: output.bytes.subarray(0, outputEnd - OUTPUT), uncompressed };
}
