import { MISS } from './value-reader';

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

/** Reads a whole number as JSON writes it: `0`, `-12`. As ValueReader. */
export function readInt(target: IntTarget, bytes: Uint8Array, start: number, row: number): number {
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
  if (!(value >= target.minimum && value <= target.maximum)) return MISS;
  if (target.allowed !== undefined && !target.allowed.has(value)) return MISS;
  target.values[row] = value;
  return at;
}

/**
 * Reads a decimal of at most 15 digits in all, as a JSON number or in a string, to the unscaled
 * integer. Straight from the text: 19.99 times 100 is 1998.9999999999998 in a double. As
 * ValueReader.
 */
export function readDecimal(
  target: DecimalTarget,
  bytes: Uint8Array,
  start: number,
  row: number,
): number {
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
  if (!(value >= target.minimum && value <= target.maximum)) return MISS;
  if (target.allowed !== undefined && !target.allowed.has(value)) return MISS;
  target.values[row] = value;
  return at;
}

/** Reads a decimal of up to 38 digits; of more than 15 where it stands in a string. */
export function readBigDecimal(
  bytes: Buffer,
  start: number,
  scale: number,
  take: (value: bigint) => boolean,
): number {
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
  if (quoted && bytes[at++] !== QUOTE) return MISS;
  const value = BigInt(digits + '0'.repeat(missing));
  return take(negative ? -value : value) ? at : MISS;
}

/** The position of the first byte from `start` that is no digit. */
export function behindDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at]! - ZERO) >>> 0 <= 9) at++;
  return at;
}
