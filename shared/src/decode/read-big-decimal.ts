import { MISS } from './kernel';
import { source } from './kernel-source';

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Of a number: as many digits are exact in a double. In a string there may be more. */
const DOUBLE_DIGITS = 15;

/**
 * Reads a decimal of up to 38 digits; of more than 15 where it stands in a string.
 * @returns the position behind it, or MISS.
 */
export function readBigDecimal(
  start: number,
  scale: number,
  take: (value: bigint) => boolean,
): number {
  const { bytes } = source;
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
  while ((source.bytes[at]! - ZERO) >>> 0 <= 9) at++;
  return at;
}
