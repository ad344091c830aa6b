import type { ByteSource } from './byte-source';
import { MISS, type ValueReader } from './staged-column';

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
// Nine digits fit a 32-bit integer, fifteen a double: https://tc39.es/ecma262/#sec-number-objects
const INT_DIGITS = 9;
const DOUBLE_DIGITS = 15;
const POWERS = Array.from({ length: 39 }, (_, exponent) => 10 ** exponent);

/** Reads whole numbers of -2^31 … 2^31 - 1 as JSON writes them: `0`, `-12`. */
export function int32Reader(source: ByteSource, values: Float64Array): ValueReader {
  return (start, row) => {
    const { bytes } = source;
    let at = start;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    let value = bytes[at]! - ZERO;
    if (value >>> 0 > 9) return MISS;
    at++;
    if (value !== 0) {
      for (let digit; (digit = bytes[at]! - ZERO) >>> 0 <= 9; at++) value = value * 10 + digit;
      if (at - first > INT_DIGITS + 1) return MISS;
    }
    value = negative ? 0 - value : value;
    if ((value | 0) !== value) return MISS;
    values[row] = value;
    return at;
  };
}

/**
 * Reads decimals of at most 15 digits in all, as a JSON number or in a string, to the unscaled
 * integer. Straight from the text: 19.99 times 100 is 1998.9999999999998 in a double.
 */
export function decimalReader(
  source: ByteSource,
  values: Float64Array,
  precision: number,
  scale: number,
): ValueReader {
  const limit = POWERS[Math.min(precision, DOUBLE_DIGITS)]!;
  return (start, row) => {
    const { bytes } = source;
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
    let missing = scale;
    if (bytes[at] === POINT) {
      const fraction = ++at;
      for (let digit; (digit = bytes[at]! - ZERO) >>> 0 <= 9; at++) value = value * 10 + digit;
      if (at === fraction) return MISS;
      digits += at - fraction;
      missing -= at - fraction;
    }
    if (digits > DOUBLE_DIGITS || missing < 0) return MISS;
    if (missing > 0) value *= POWERS[missing]!;
    if (value >= limit) return MISS;
    values[row] = negative ? 0 - value : value;
    if (!quoted) return at;
    return bytes[at] === QUOTE ? at + 1 : MISS;
  };
}

/** As decimalReader, with up to 38 digits where the number stands in a string. */
export function bigDecimalReader(
  source: ByteSource,
  values: bigint[],
  precision: number,
  scale: number,
): ValueReader {
  const limit = 10n ** BigInt(precision);
  return (start, row) => {
    const { bytes } = source;
    let at = start;
    const quoted = bytes[at] === QUOTE;
    if (quoted) at++;
    const negative = bytes[at] === MINUS;
    if (negative) at++;
    const first = at;
    at = behindDigits(bytes, at);
    if (at === first || (bytes[first] === ZERO && at > first + 1)) return MISS;
    let digits = bytes.toString('latin1', first, at);
    let missing = scale;
    if (bytes[at] === POINT) {
      const fraction = ++at;
      at = behindDigits(bytes, at);
      if (at === fraction) return MISS;
      digits += bytes.toString('latin1', fraction, at);
      missing -= at - fraction;
    }
    if (digits.length > (quoted ? 39 : DOUBLE_DIGITS) || missing < 0) return MISS;
    const value = BigInt(digits + '0'.repeat(missing));
    if (value >= limit) return MISS;
    values[row] = negative ? -value : value;
    if (!quoted) return at;
    return bytes[at] === QUOTE ? at + 1 : MISS;
  };
}

function behindDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at]! - ZERO) >>> 0 <= 9) at++;
  return at;
}
