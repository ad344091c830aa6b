import { MINUS, MISS, POINT, QUOTE, ZERO } from './bytes';

/** Fifteen digits are exact in a double: https://tc39.es/ecma262/#sec-number.max_safe_integer */
const DOUBLE_DIGITS: i32 = 15;
// prettier-ignore
const POWERS: usize = memory.data<i64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
  100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
]);

/** The same as doubles, which they are exactly. */
// prettier-ignore
const DOUBLE_POWERS: usize = memory.data<f64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
  100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
]);

// Most numbers are read eight digits at a time, from which zeros were taken by XOR.

const ZEROS: u64 = 0x3030303030303030;
/** What is left of a point then. */
const POINT_LESS_ZERO: u64 = 0x1e;

/**
 * The top bit of each byte that is no digit, of eight bytes from which zeros were taken by XOR:
 * digits are below 10 then.
 */
function notDigits(bytes: u64): u64 {
  return (((bytes & 0x7f7f7f7f7f7f7f7f) + 0x7676767676767676) | bytes) & 0x8080808080808080;
}

/** Eight times the number of bytes before the first that has its top bit set. */
function bitsBefore(found: u64): u64 {
  return ctz(found) & 0x38;
}

/**
 * The number of eight digits, the first in the lowest byte: neighbours first, then pairs of them,
 * and the upper half of each product has the sum.
 */
function eightDigits(digits: u64): i64 {
  const pairs = digits * 10 + (digits >> 8);
  const low = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const high = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return <i64>((low + high) >> 32);
}

/** Where whole numbers, and dates as days, are put. Others than these are for the host to judge. */
@unmanaged
export class IntTarget {
  values: usize;
  minimum: i32;
  maximum: i32;

  /** Reads a whole number of up to seven digits. */
  @inline
  read(start: i32, row: i32): i32 {
    const digits = load<u64>(start) ^ ZEROS;
    const found = notDigits(digits);
    const bits = bitsBefore(found);
    // None, or all: of no bits set that number is 64.
    if (bits == 0) return MISS;
    if ((digits & 0xff) == 0 && bits != 8) return MISS;
    const value = <i32>eightDigits(digits << (64 - bits));
    store<i32>(this.values + (row << 2), value);
    if (value < this.minimum) return MISS;
    if (value > this.maximum) return MISS;
    return start + <i32>(bits >> 3);
  }

  /** Reads a whole number as JSON writes it: `0`, `-12`. */
  readAny(start: i32, row: i32): i32 {
    const negative = load<u8>(start) == MINUS;
    const first = start + i32(negative);
    const at = behindDigits(first);
    if (!isWhole(first, at) || at - first > DOUBLE_DIGITS) return MISS;
    const value = digitsBetween(first, at);
    return this.take(negative ? -value : value, row) ? at : MISS;
  }

  @inline
  take(value: i64, row: i32): bool {
    store<i32>(this.values + (row << 2), <i32>value);
    return value >= <i64>this.minimum && value <= <i64>this.maximum;
  }
}

/** Where decimals are put: as doubles, which are whole numbers of at most 15 digits. */
@unmanaged
export class DecimalTarget {
  values: usize;
  /** Digits behind the point. */
  scale: i32;
  minimum: f64;
  maximum: f64;

  /** Reads a decimal that takes up to seven bytes, to the unscaled integer. */
  @inline
  read(start: i32, row: i32): i32 {
    let digits = load<u64>(start) ^ ZEROS;
    const found = notDigits(digits);
    const bits = bitsBefore(found);
    // None, or all: of no bits set that number is 64.
    if (bits == 0) return MISS;
    if ((digits & 0xff) == 0 && bits != 8) return MISS;
    let missing = this.scale;
    let endBits = bits;
    let usedBits = bits;
    if (((digits >> bits) & 0xff) == POINT_LESS_ZERO) {
      endBits = bitsBefore(found & (found - 1));
      usedBits = endBits - 8;
      const places = (<i32>(usedBits - bits)) >> 3;
      // Where no end is found there are less.
      if (places <= 0) return MISS;
      missing -= places;
      // The digits behind the point move to where it stands.
      const whole = ((<u64>1) << bits) - 1;
      digits = (digits & whole) | ((digits >> 8) & ~whole);
    }
    if (missing < 0) return MISS;
    const value = eightDigits(digits << (64 - usedBits));
    const unscaled = <f64>value * load<f64>(DOUBLE_POWERS + (missing << 3));
    store<f64>(this.values + (row << 3), unscaled);
    if (unscaled < this.minimum) return MISS;
    if (unscaled > this.maximum) return MISS;
    return start + <i32>(endBits >> 3);
  }

  /**
   * Reads a decimal of at most 15 digits in all, as a JSON number or in a string, to the unscaled
   * integer. Straight from the text: 19.99 times 100 is 1998.9999999999998 in a double.
   */
  readAny(start: i32, row: i32): i32 {
    let at = start;
    const quoted = load<u8>(at) == QUOTE;
    if (quoted) at++;
    const negative = load<u8>(at) == MINUS;
    if (negative) at++;
    const first = at;
    at = behindDigits(first);
    let digits = at - first;
    if (!isWhole(first, at) || digits > DOUBLE_DIGITS) return MISS;
    let value = digitsBetween(first, at);
    let missing = this.scale;
    if (load<u8>(at) == POINT) {
      const fraction = at + 1;
      at = behindDigits(fraction);
      const places = at - fraction;
      digits += places;
      if (places == 0 || digits > DOUBLE_DIGITS) return MISS;
      value = value * load<i64>(POWERS + (places << 3)) + digitsBetween(fraction, at);
      missing -= places;
    }
    if (quoted) {
      if (load<u8>(at) != QUOTE) return MISS;
      at++;
    }
    return this.take(negative ? -value : value, missing, row) ? at : MISS;
  }

  take(value: i64, missing: i32, row: i32): bool {
    if (missing < 0) return false;
    // What is too large for a double is far beyond any maximum, and so it stays when it is rounded.
    const unscaled = <f64>value * load<f64>(DOUBLE_POWERS + (missing << 3));
    store<f64>(this.values + (row << 3), unscaled);
    return unscaled >= this.minimum && unscaled <= this.maximum;
  }
}

/** The position of the first byte from `start` that is no digit. */
function behindDigits(start: i32): i32 {
  let at = start;
  while (<u32>(load<u8>(at) - ZERO) <= 9) at++;
  return at;
}

/** Whether what stands between is a whole number as JSON writes it: the first of several digits is not 0. */
function isWhole(first: i32, behind: i32): bool {
  return behind > first && (load<u8>(first) != ZERO || behind == first + 1);
}

function digitsBetween(first: i32, behind: i32): i64 {
  let value: i64 = 0;
  for (let at = first; at < behind; at++) value = value * 10 + (load<u8>(at) - ZERO);
  return value;
}

/** Passes over a number: https://www.rfc-editor.org/rfc/rfc8259#section-6 */
export function skipNumber(start: i32): i32 {
  const first = start + i32(load<u8>(start) == MINUS);
  let at = behindDigits(first);
  if (!isWhole(first, at)) return MISS;
  if (load<u8>(at) == POINT) {
    const fraction = at + 1;
    at = behindDigits(fraction);
    if (at == fraction) return MISS;
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    const sign = load<u8>(at, 1);
    const exponent = at + 1 + i32(sign == 0x2b || sign == MINUS);
    at = behindDigits(exponent);
    if (at == exponent) return MISS;
  }
  return at;
}
