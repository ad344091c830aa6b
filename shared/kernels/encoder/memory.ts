// Where in the memory is what. Loops read and write up to 64 bytes more than there are, for which there
// is room behind each.

const MOST_INPUT: usize = 1 << 20;

/** The values of a page, which are at most 16384 of at most 60 bytes. */
export const INPUT: usize = 1 << 16;
/** What comes of them: no more than 64 bytes a value, and what is written before. */
export const OUTPUT: usize = INPUT + MOST_INPUT;
const MOST_OUTPUT: usize = (1 << 20) + (1 << 16);
/** Where numbers that have a code are looked up: u16. */
export const SLOTS: usize = OUTPUT + MOST_OUTPUT;
export const SLOT_BITS = 14;
/** The numbers that have a code, by it: i32 or f64. */
export const DISTINCT: usize = SLOTS + (2 << SLOT_BITS);
/** Most of them: more are not looked up fast enough. */
export const MOST_DISTINCT = 1 << 13;
/** Of texts, where each begins and the last ends: u32. */
export const OFFSETS: usize = DISTINCT + MOST_DISTINCT * 8;
const MOST_OFFSETS: usize = (1 << 14) + 32;
/** Most words of a dictionary. */
export const MOST_WORDS = 1 << 18;
/** Of each word the page, counted from 1, that met it last: u32. */
export const LAST_PAGES: usize = OFFSETS + MOST_OFFSETS * 4;
/** Where a compressor has met what last: u16. */
export const POSITIONS: usize = LAST_PAGES + MOST_WORDS * 4;
/** The least and the greatest of the values, or which they are: two i32. */
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
