/**
 * The elements of a raw Snappy stream. Each function writes at `at`, where there must be room, and
 * returns where the next one goes.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */

/** What a literal's tag can say in two bytes. */
export const LONGEST_LITERAL = 1 << 16;

/** What comes before a literal of 1 to LONGEST_LITERAL bytes. */
export function setLiteralTag(target: Uint8Array, at: number, length: number): number {
  const last = length - 1;
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

/** Bytes start … end, at most LONGEST_LITERAL, as a literal. */
export function setLiteral(
  target: Uint8Array,
  at: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const to = setLiteralTag(target, at, end - start);
  if (end - start <= 32) for (let i = start; i < end; i++) target[to + i - start] = bytes[i]!;
  else target.set(bytes.subarray(start, end), to);
  return to + end - start;
}

/** What the tag of a copy can say. */
export const LONGEST_COPY = 64;
/** What a copy of three bytes can say. */
export const LONGEST_DISTANCE = (1 << 16) - 1;

/** A copy of at least 4 bytes, from at most LONGEST_DISTANCE before. */
export function setCopy(target: Uint8Array, at: number, distance: number, length: number): number {
  let to = at;
  let rest = length;
  // An element copies up to 64 bytes, and the last must be left at least four.
  while (rest >= 68) {
    to = setTwoByteCopy(target, to, distance, 64);
    rest -= 64;
  }
  if (rest > 64) {
    to = setTwoByteCopy(target, to, distance, 60);
    rest -= 60;
  }
  if (rest >= 12 || distance >= 2048) return setTwoByteCopy(target, to, distance, rest);
  target[to] = 1 | ((rest - 4) << 2) | ((distance >> 8) << 5);
  target[to + 1] = distance;
  return to + 2;
}

/** The same of at most 64 bytes. */
export function setTwoByteCopy(
  target: Uint8Array,
  at: number,
  distance: number,
  length: number,
): number {
  target[at] = 2 | ((length - 1) << 2);
  target[at + 1] = distance;
  target[at + 2] = distance >> 8;
  return at + 3;
}
