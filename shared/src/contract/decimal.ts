const PLAIN_DECIMAL = /^(-?)(\d{1,39})(?:\.(\d+))?$/;

/**
 * Reads plain decimal text (`-12.5`, no exponent, no `+`) as the unscaled integer of a
 * decimal(precision, scale). Digits beyond the scale are accepted where they are zeros; nothing is
 * ever rounded.
 * @returns undefined where the text is not such a number or does not fit.
 */
export function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const match = PLAIN_DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (/[^0]/.test(fraction.slice(scale))) return undefined;
  const unscaled = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  if (unscaled >= 10n ** BigInt(precision)) return undefined;
  return sign ? -unscaled : unscaled;
}

/** The decimal text of an unscaled integer with exactly `scale` digits after the point. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
  return (negative ? '-' : '') + whole + fraction;
}

// A double holds every decimal of up to 15 significant digits apart from its neighbours.
// https://tc39.es/ecma262/#sec-numeric-types-number-tostring gives the shortest text of it.
const EXACT_DIGITS = 15;
const EXACT_LIMIT = 10 ** EXACT_DIGITS;

/**
 * The unscaled integer of a JSON number that went through a double. The number is taken by its
 * shortest decimal text, which is what the producer wrote as long as that had at most 15
 * significant digits; a number with more of them must come as a string.
 * @returns undefined where the number does not fit decimal(precision, scale) exactly.
 */
export function decimalFromNumber(
  value: number,
  precision: number,
  scale: number,
): bigint | undefined {
  if (!Number.isFinite(value)) return undefined;
  // Both are exact up to there: the quotient is the double nearest to the decimal, so that is what was written.
  const factor = 10 ** scale;
  const unscaled = Math.round(value * factor);
  const digits = Math.abs(unscaled);
  if (scale <= EXACT_DIGITS && digits < EXACT_LIMIT && unscaled / factor === value) {
    return digits < 10 ** precision ? BigInt(unscaled) : undefined;
  }
  const text = expandExponent(String(value));
  if (text.replace(/^-|\./g, '').replace(/^0+|0+$/g, '').length > EXACT_DIGITS) return undefined;
  return parseDecimal(text, precision, scale);
}

/** `1.5e-7` as `0.00000015`: the text of a double without an exponent. */
function expandExponent(text: string): string {
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', head = '', tail = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  const digits = head + tail;
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.padEnd(exponent + 1, '0');
  return sign + whole;
}
