import { MISS, QUOTE, stopsOf } from './bytes';

const BACKSLASH: i32 = 0x5c;
const LETTER_U: i32 = 0x75;
/** `\u`, as two bytes read at once. */
const UNICODE_ESCAPE: u32 = 0x755c;

/** Of longer strings the host takes care. */
const MOST_BYTES: i32 = 1 << 14;
/** Where a string is put without its escapes: in the second half of what belongs to the kernel. */
export const TEXT_WITHOUT_ESCAPES: usize = 1 << 15;
/** How many bytes it has: an i32. */
export const LENGTH_WITHOUT_ESCAPES: usize = memory.data<i32>([0]);

/**
 * Puts the text of a string at TEXT_WITHOUT_ESCAPES. It never has more bytes than the string: no character
 * takes more in UTF-8 than in JSON.
 * @returns the position behind it, or MISS: where it is no JSON string, is no Unicode, or is too long.
 * https://www.rfc-editor.org/rfc/rfc8259#section-7
 */
export function readEscaped(quote: i32): i32 {
  if (load<u8>(quote) != QUOTE) return MISS;
  const start = quote + 1;
  let at = start;
  let to = TEXT_WITHOUT_ESCAPES;
  while (at - start <= MOST_BYTES) {
    const chunk = v128.load(at);
    v128.store(to, chunk);
    const stops = stopsOf(chunk);
    const plain = stops == 0 ? 16 : <i32>ctz(stops);
    at += plain;
    to += plain;
    if (stops == 0) continue;
    const byte = load<u8>(at);
    if (byte == QUOTE) {
      store<i32>(LENGTH_WITHOUT_ESCAPES, <i32>(to - TEXT_WITHOUT_ESCAPES));
      return at + 1;
    }
    if (byte != BACKSLASH) return MISS;
    const escaped = load<u8>(at, 1);
    if (escaped != LETTER_U) {
      const meant = meantBy(escaped);
      if (meant == 0) return MISS;
      store<u8>(to++, <u8>meant);
      at += 2;
      continue;
    }
    let character = fourHexDigits(at + 2);
    if (character < 0) return MISS;
    at += 6;
    if ((character & 0xf800) == 0xd800) {
      // One of a pair of surrogates is no character without the other.
      if (character >= 0xdc00 || load<u16>(at) != UNICODE_ESCAPE) return MISS;
      const other = fourHexDigits(at + 2);
      if ((other & ~0x3ff) != 0xdc00) return MISS;
      character = 0x10000 + ((character & 0x3ff) << 10) + (other & 0x3ff);
      at += 6;
    }
    to = putUtf8(to, character);
  }
  return MISS;
}

/** The character that stands behind a backslash for another, or itself; 0 where none may stand there. */
function meantBy(escaped: i32): i32 {
  switch (escaped) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
      return escaped;
    case 0x62: // b
      return 0x08;
    case 0x66: // f
      return 0x0c;
    case 0x6e: // n
      return 0x0a;
    case 0x72: // r
      return 0x0d;
    case 0x74: // t
      return 0x09;
    default:
      return 0;
  }
}

/** The number of four hexadecimal digits, or MISS. */
function fourHexDigits(at: i32): i32 {
  let number = 0;
  for (let i = 0; i < 4; i++) {
    const byte: u32 = load<u8>(at + i);
    let digit: u32 = byte - 0x30;
    if (digit > 9) {
      // Letters of both cases.
      digit = (byte | 0x20) - 0x61;
      if (digit > 5) return MISS;
      digit += 10;
    }
    number = (number << 4) | digit;
  }
  return number;
}

/** @returns the address behind it. */
function putUtf8(to: usize, character: i32): usize {
  if (character < 0x80) {
    store<u8>(to, <u8>character);
    return to + 1;
  }
  if (character < 0x800) {
    store<u8>(to, <u8>(0xc0 | (character >> 6)));
    return putContinuation(to + 1, character);
  }
  if (character < 0x10000) {
    store<u8>(to, <u8>(0xe0 | (character >> 12)));
    return putContinuation(putContinuation(to + 1, character >> 6), character);
  }
  store<u8>(to, <u8>(0xf0 | (character >> 18)));
  const behind = putContinuation(putContinuation(to + 1, character >> 12), character >> 6);
  return putContinuation(behind, character);
}

/** A byte of the lowest six bits. */
function putContinuation(to: usize, bits: i32): usize {
  store<u8>(to, <u8>(0x80 | (bits & 0x3f)));
  return to + 1;
}
