/** At most so many bytes come before a literal. */
export const LONGEST_TAG = 3;

/**
 * Writes bytes start … end, 1 to 65536, as a literal of a raw Snappy stream at `at`, where there must
 * be room. Returns where the next element goes.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function setLiteral(
  target: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const to = setTag(target, at, end - start - 1);
  target.set(bytes.subarray(start, end), to);
  return to + end - start;
}

function setTag(target: Uint8Array, at: number, last: number): number {
  if (last < 60) {
    target[at] = last << 2;
    return at + 1;
  }
  if (last < 0x100) {
    target[at] = 60 << 2;
    target[at + 1] = last;
    return at + 2;
  }
  target[at] = 61 << 2;
  target[at + 1] = last;
  target[at + 2] = last >> 8;
  return at + 3;
}
