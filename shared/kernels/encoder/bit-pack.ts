/**
 * Packs `count` i32, a multiple of eight, less `base`, with `width` bits each (1 to 32), the first in the
 * lowest bits. Each value less `base` must have no more bits.
 * @returns the address behind them.
 */
export function pack(from: usize, count: i32, width: i32, base: i32, to: usize): usize {
  return width < 16
    ? packNarrow(from, count, width, base, to)
    : packPairs(from, count, width, base, to);
}

/** Of two i64 lanes the lower half, and behind its `width` bits the upper. */
function pairs(four: v128, width: i32): v128 {
  const lower = v128.and(four, i64x2.splat(0xffffffff));
  return v128.or(lower, i64x2.shl(i64x2.shr_u(four, 32), width));
}

/** Of less than 16 bits: four values are less than a word, and eight values a number of bytes. */
function packNarrow(from: usize, count: i32, width: i32, base: i32, to: usize): usize {
  const bases = i32x4.splat(base);
  const end = from + (count << 2);
  const pair = width << 1;
  const four = width << 2;
  let out = to;
  for (let at = from; at < end; at += 32, out += width) {
    const one = pairs(i32x4.sub(v128.load(at), bases), width);
    const other = pairs(i32x4.sub(v128.load(at, 16), bases), width);
    const low = i64x2.extract_lane(one, 0) | (i64x2.extract_lane(one, 1) << pair);
    const high = i64x2.extract_lane(other, 0) | (i64x2.extract_lane(other, 1) << pair);
    store<u64>(out, low | (high << four));
    store<u64>(out, (<u64>high) >> (64 - four), 8);
  }
  return out;
}

/** Of 16 bits and more: two values are at most a word. */
function packPairs(from: usize, count: i32, width: i32, base: i32, to: usize): usize {
  const bases = i32x4.splat(base);
  const end = from + (count << 2);
  const pair = width << 1;
  let out = to;
  let word: u64 = 0;
  let bits = 0;
  for (let at = from; at < end; at += 8) {
    const two = pairs(i32x4.sub(v128.load64_zero(at), bases), width);
    const value = <u64>i64x2.extract_lane(two, 0);
    word |= value << bits;
    bits += pair;
    if (bits >= 64) {
      store<u64>(out, word);
      out += 8;
      bits -= 64;
      // What has not gone in. A shift by 64 would be none.
      word = (value >> 1) >> (pair - bits - 1);
    }
  }
  store<u64>(out, word);
  return out + (bits >> 3);
}

/** The same of `count` u64, a multiple of eight, with 1 to 64 bits each. */
export function packWide(from: usize, count: i32, width: i32, to: usize): usize {
  const end = from + (count << 3);
  let out = to;
  let word: u64 = 0;
  let bits = 0;
  for (let at = from; at < end; at += 8) {
    const value = load<u64>(at);
    word |= value << bits;
    bits += width;
    if (bits >= 64) {
      store<u64>(out, word);
      out += 8;
      bits -= 64;
      word = (value >> 1) >> (width - bits - 1);
    }
  }
  store<u64>(out, word);
  return out + (bits >> 3);
}
