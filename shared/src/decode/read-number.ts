import { source } from './byte-source';
import { MISS } from './value-reader';
import { bitsBefore } from './word-bytes';

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
// Fifteen digits are exact in a double: https://tc39.es/ecma262/#sec-number.max_safe_integer
const DOUBLE_DIGITS = 15;
const POWERS = Float64Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** Where whole numbers are put, and which are taken: others are for the plain way to judge. */
export interface IntTarget {
  values: Int32Array;
  minimum: number;
  maximum: number;
  allowed: ReadonlySet<number> | undefined;
}

/** Where decimals are put. */
export interface DecimalTarget {
  values: Float64Array;
  minimum: number;
  maximum: number;
  allowed: ReadonlySet<number> | undefined;
  /** Digits after the point. */
  scale: number;
}

// Numbers are short: most are read four digits at a time.

const ZEROS = 0x30303030;
/** What is left of a point. */
const POINT_LESS_ZERO = POINT ^ ZERO;

/**
 * The top bit of each byte that is no digit, of four bytes from which zeros were taken by XOR:
 * digits are below 10 then.
 */
function notDigits(bytes: number): number {
  return (((bytes & 0x7f7f7f7f) + 0x76767676) | bytes) & 0x80808080;
}

/** The number of four digits, the first in the lowest byte: neighbours first, then both pairs. */
function fourDigits(digits: number): number {
  const pairs = Math.imul(digits, 10) + (digits >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}

function keepsRules(
  { minimum, maximum, allowed }: IntTarget | DecimalTarget,
  value: number,
): boolean {
  return value >= minimum && value <= maximum && (allowed === undefined || allowed.has(value));
}

export const { readInt, readDecimal, readBigDecimal, behindDigits } = createNumberReaders();

function createNumberReaders() {
  const { bytes, view } = source;

  /** Reads a whole number as JSON writes it: `0`, `-12`. As ValueReader. */
  function readInt(target: IntTarget, start: number, row: number): number {
    const digits = view.getInt32(start, true) ^ ZEROS;
    const found = notDigits(digits);
    const bits = bitsBefore(found);
    // More than three digits, or none; or the first of several is 0.
    if (found === 0 || bits === 0 || ((digits & 0xff) === 0 && bits > 8)) {
      return readAnyInt(target, start, row);
    }
    const value = fourDigits(digits << (32 - bits));
    if (!keepsRules(target, value)) return MISS;
    target.values[row] = value;
    return start + (bits >> 3);
  }

  function readAnyInt(target: IntTarget, start: number, row: number): number {
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let value = bytes[at]! - ZERO;
    if (value >>> 0 > 9) return MISS;
    at++;
    if (value !== 0) {
      for (let digit; (digit = bytes[at]! - ZERO) >>> 0 <= 9; at++) value = value * 10 + digit;
      if (at - first > DOUBLE_DIGITS) return MISS;
    }
    if (negative) value = 0 - value;
    if (!keepsRules(target, value)) return MISS;
    target.values[row] = value;
    return at;
  }

  /**
   * Reads a decimal of at most 15 digits in all, as a JSON number or in a string, to the unscaled
   * integer. Straight from the text: 19.99 times 100 is 1998.9999999999998 in a double. As
   * ValueReader.
   */
  function readDecimal(target: DecimalTarget, start: number, row: number): number {
    let at = start;
    let value = 0;
    let digits = view.getInt32(at, true) ^ ZEROS;
    let found = notDigits(digits);
    const startsWithZero = (digits & 0xff) === 0;
    if (found === 0) {
      value = fourDigits(digits);
      at += 4;
      digits = view.getInt32(at, true) ^ ZEROS;
      found = notDigits(digits);
    }
    const bits = bitsBefore(found);
    if (bits > 0) value = value * POWERS[bits >> 3]! + fourDigits(digits << (32 - bits));
    at += bits >> 3;
    // No digit, as where a minus or a quote comes first; more than seven; or the first of several is 0.
    if (found === 0 || at === start || (startsWithZero && at > start + 1)) {
      return readAnyDecimal(target, start, row);
    }
    let missing = target.scale;
    if (((digits >>> bits) & 0xff) === POINT_LESS_ZERO) {
      const fraction = view.getInt32(at + 1, true) ^ ZEROS;
      const behind = notDigits(fraction);
      const fractionBits = bitsBefore(behind);
      if (behind === 0 || fractionBits === 0) return readAnyDecimal(target, start, row);
      const places = fractionBits >> 3;
      value = value * POWERS[places]! + fourDigits(fraction << (32 - fractionBits));
      missing -= places;
      at += 1 + places;
    }
    if (missing < 0) return MISS;
    if (missing > 0) value *= POWERS[missing]!;
    if (!keepsRules(target, value)) return MISS;
    target.values[row] = value;
    return at;
  }

  function readAnyDecimal(target: DecimalTarget, start: number, row: number): number {
    let at = start;
    const quoted = bytes[at] === QUOTE;
    if (quoted) at++;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let value = bytes[at]! - ZERO;
    if (value >>> 0 > 9) return MISS;
    at++;
    if (value !== 0) {
      for (let digit; (digit = bytes[at]! - ZERO) >>> 0 <= 9; at++) value = value * 10 + digit;
    }
    let digits = at - first;
    let missing = target.scale;
    if (bytes[at] === POINT) {
      const fraction = ++at;
      for (let digit; (digit = bytes[at]! - ZERO) >>> 0 <= 9; at++) value = value * 10 + digit;
      if (at === fraction) return MISS;
      digits += at - fraction;
      missing -= at - fraction;
    }
    if (digits > DOUBLE_DIGITS || missing < 0) return MISS;
    if (missing > 0) value *= POWERS[missing]!;
    if (quoted && bytes[at++] !== QUOTE) return MISS;
    if (negative) value = 0 - value;
    if (!keepsRules(target, value)) return MISS;
    target.values[row] = value;
    return at;
  }

  /** Reads a decimal of up to 38 digits; of more than 15 where it stands in a string. */
  function readBigDecimal(start: number, scale: number, take: (value: bigint) => boolean): number {
    let at = start;
    const quoted = bytes[at] === QUOTE;
    if (quoted) at++;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    at = behindDigits(at);
    if (at === first || (bytes[first] === ZERO && at > first + 1)) return MISS;
    let digits = bytes.toString('latin1', first, at);
    let missing = scale;
    if (bytes[at] === POINT) {
      const fraction = ++at;
      at = behindDigits(at);
      if (at === fraction) return MISS;
      digits += bytes.toString('latin1', fraction, at);
      missing -= at - fraction;
    }
    if (digits.length > (quoted ? 39 : DOUBLE_DIGITS) || missing < 0) return MISS;
    if (quoted && bytes[at++] !== QUOTE) return MISS;
    const value = BigInt(digits + '0'.repeat(missing));
    return take(negative ? -value : value) ? at : MISS;
  }

  /** The position of the first byte from `start` that is no digit. */
  function behindDigits(start: number): number {
    let at = start;
    while ((bytes[at]! - ZERO) >>> 0 <= 9) at++;
    return at;
  }

  return { readInt, readDecimal, readBigDecimal, behindDigits };
}
