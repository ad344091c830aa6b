// Where in the memory is what. Loops read and write up to 64 bytes more than there are, for which there
// is room behind each.

const MOST_INPUT: usize = 1 << 20;

/** The values of a page, which are at most 16384 of at most 60 bytes. */
export const INPUT: usize = 1 << 16;
/** What comes of them: no more than 64 bytes a value. */
export const OUTPUT: usize = INPUT + MOST_INPUT;
/** The least and the greatest of them, as two i32. */
export const RANGE: usize = memory.data<i32>([0, 0]);

/** Writes an unsigned LEB128. @returns the address behind it. */
export function putVarint(to: usize, value: u64): usize {
  let at = to;
  let rest = value;
  while (rest >= 0x80) {
    store<u8>(at++, (<u8>rest) | 0x80);
    rest >>= 7;
  }
  store<u8>(at++, <u8>rest);
  return at;
}

/** Writes the LEB128 of the zigzag of a signed number. @returns the address behind it. */
export function putZigzag(to: usize, value: i64): usize {
  return putVarint(to, (value << 1) ^ (value >> 63));
}
