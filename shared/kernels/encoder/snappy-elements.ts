// The elements of a raw Snappy stream. Each function writes at `to` and returns where the next one goes.
// https://github.com/google/snappy/blob/main/format_description.txt

/** What the tag of a copy can say. */
export const LONGEST_COPY: usize = 64;
/** What a copy of three bytes can say. */
export const LONGEST_DISTANCE: usize = (1 << 16) - 1;

/** What comes before a literal of 1 to 65536 bytes. */
export function putLiteralTag(to: usize, length: usize): usize {
  const last = <u32>length - 1;
  if (last < 60) {
    store<u8>(to, <u8>(last << 2));
    return to + 1;
  }
  const isLong = last >= 256;
  store<u32>(to, ((isLong ? 61 : 60) << 2) | (last << 8));
  return to + (isLong ? 3 : 2);
}

/** Bytes at `from`, 1 to 65536, as a literal; up to 15 bytes behind are overwritten too. */
export function putLiteral(to: usize, from: usize, length: usize): usize {
  const start = putLiteralTag(to, length);
  for (let i: usize = 0; i < length; i += 16) v128.store(start + i, v128.load(from + i));
  return start + length;
}

/** A copy of at least 4 bytes, from at most LONGEST_DISTANCE before. */
export function putCopy(to: usize, distance: usize, length: usize): usize {
  let at = to;
  let rest = length;
  // An element copies up to 64 bytes, and the last must be left at least four.
  for (; rest >= LONGEST_COPY + 4; rest -= LONGEST_COPY)
    at = putElement(at, distance, LONGEST_COPY);
  if (rest > LONGEST_COPY) {
    at = putElement(at, distance, LONGEST_COPY - 4);
    rest -= LONGEST_COPY - 4;
  }
  return putElement(at, distance, rest);
}

/** The same of at most LONGEST_COPY bytes. Which of two forms is shorter cannot be foreseen. */
export function putElement(to: usize, distance: usize, length: usize): usize {
  const copied = <i32>length;
  const back = <i32>distance;
  const long = 2 | ((copied - 1) << 2) | (back << 8);
  const brief = 1 | ((copied - 4) << 2) | ((back & 0x700) >> 3) | (back << 8);
  const isBrief = ((copied - 12) & (back - 2048)) < 0;
  store<i32>(to, select(brief, long, isBrief));
  return to + select<usize>(2, 3, isBrief);
}
