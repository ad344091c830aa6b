import { source } from './byte-source';
import { behindDigits } from './read-number';
import { MISS, type ValueReader } from './value-reader';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
// `null`, `true` and `alse`, each as four bytes read at once.
const NULL_WORD = 0x6c6c756e;
const TRUE_WORD = 0x65757274;
const ALSE_WORD = 0x65736c61;
const LETTER_F = 0x66;

/**
 * Passes over the value of a member that the contract does not know: a string without escapes, a
 * number, true, false or null. As ValueReader.
 */
export const skipValue = createValueSkipper();

function createValueSkipper(): ValueReader {
  const { bytes, view } = source;
  return (start) => {
    const first = bytes[start]!;
    if (first === QUOTE) {
      for (let at = start + 1; ; at++) {
        const byte = bytes[at]!;
        if (byte === QUOTE) return at + 1;
        if (byte === BACKSLASH || byte < 0x20) return MISS;
      }
    }
    if (first === MINUS || (first - ZERO) >>> 0 <= 9) return behindNumber(start);
    const word = view.getInt32(start, true);
    if (word === NULL_WORD || word === TRUE_WORD) return start + 4;
    return first === LETTER_F && view.getInt32(start + 1, true) === ALSE_WORD ? start + 5 : MISS;
  };

  /** https://www.rfc-editor.org/rfc/rfc8259#section-6 */
  function behindNumber(start: number): number {
    let at = bytes[start] === MINUS ? start + 1 : start;
    const whole = at;
    at = behindDigits(at);
    if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) return MISS;
    if (bytes[at] === POINT) {
      const fraction = at + 1;
      at = behindDigits(fraction);
      if (at === fraction) return MISS;
    }
    if ((bytes[at]! | 0x20) === 0x65) {
      const sign = bytes[at + 1];
      const exponent = sign === 0x2b || sign === MINUS ? at + 2 : at + 1;
      at = behindDigits(exponent);
      if (at === exponent) return MISS;
    }
    return at;
  }
}
