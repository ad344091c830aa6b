// Several bytes at once. Behind everything that is read so, there is room for it: PADDING bytes.

/** What a reader returns in place of a position, where the text is not as simple as it expects. */
export const MISS: i32 = -1;

export const QUOTE: i32 = 0x22;
export const MINUS: i32 = 0x2d;
export const POINT: i32 = 0x2e;
export const ZERO: i32 = 0x30;
export const COMMA: i32 = 0x2c;
export const OPEN_BRACE: i32 = 0x7b;
export const CLOSE_BRACE: i32 = 0x7d;
export const NEWLINE: i32 = 0x0a;
/** `null`, as four bytes read at once. */
export const NULL_WORD: u32 = 0x6c6c756e;

/** Sixteen bytes of ones and sixteen zeros. */
// prettier-ignore
const MASKS: usize = memory.data<u64>([-1, -1, 0, 0]);

/** A mask of the first `count` of sixteen bytes. */
export function firstBytes(count: i32): v128 {
  return v128.load(MASKS + 16 - count);
}

/**
 * A bit for each of sixteen bytes that a string cannot just go on with: a quote, a backslash or a control
 * character. With 0x02 flipped in each byte a quote is 0x20, and control characters stay below; nothing
 * else is below 0x21.
 */
export function stopsOf(chunk: v128): i32 {
  const flipped = v128.xor(chunk, i8x16.splat(0x02));
  const quotesAndControls = i8x16.eq(i8x16.min_u(flipped, i8x16.splat(0x20)), flipped);
  const backslashes = i8x16.eq(chunk, i8x16.splat(0x5c));
  return i8x16.bitmask(v128.or(quotesAndControls, backslashes));
}

/** A bit for each of sixteen bytes that is a quote. */
export function quotesOf(chunk: v128): i32 {
  return i8x16.bitmask(i8x16.eq(chunk, i8x16.splat(<i8>QUOTE)));
}

/** Whether a text has bytes that a JSON string has only in escaped form. */
export function isEscaped(start: usize, length: i32): bool {
  for (let i = 0; i < length; i += 16) {
    const stops = stopsOf(v128.load(start + i));
    if (stops != 0 && <i32>ctz(stops) < length - i) return true;
  }
  return false;
}

/** Whether `length` bytes are the same at two places. */
export function sameBytes(one: usize, other: usize, length: i32): bool {
  let i = 0;
  for (; i + 16 <= length; i += 16)
    if (v128.any_true(differences(one + i, other + i))) return false;
  const last = v128.and(differences(one + i, other + i), firstBytes(length - i));
  return !v128.any_true(last);
}

/** Of sixteen bytes the bits that differ. */
function differences(one: usize, other: usize): v128 {
  return v128.xor(v128.load(one), v128.load(other));
}
