const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NEWLINE = 0x0a;
const COMMA = 0x2c;

/**
 * How far a search for the end of a JSON value has come: by its brackets and strings alone, so
 * that it works on what is no valid JSON too, and in bytes that arrive piece by piece.
 */
export interface ValueScan {
  /** The first byte that has not been looked at. */
  position: number;
  depth: number;
  inString: boolean;
  escaped: boolean;
  /** Newlines passed. */
  newlines: number;
}

export function startScan(position: number): ValueScan {
  return { position, depth: 0, inString: false, escaped: false, newlines: 0 };
}

/**
 * Moves on to just behind the bracket that closes the outermost value.
 * @returns whether that was found before `end`; if not, call again when there is more.
 */
export function scanValue(bytes: Uint8Array, scan: ValueScan, end: number): boolean {
  return scanTo(bytes, scan, end, false, false);
}

/** As scanValue, but stays before a newline. */
export function scanValueOnLine(bytes: Uint8Array, scan: ValueScan, end: number): boolean {
  return scanTo(bytes, scan, end, false, true);
}

/** Moves on to the comma or the bracket that ends an element of an array. As scanValue. */
export function scanElement(bytes: Uint8Array, scan: ValueScan, end: number): boolean {
  return scanTo(bytes, scan, end, true, false);
}

function scanTo(
  bytes: Uint8Array,
  scan: ValueScan,
  end: number,
  ofArray: boolean,
  onLine: boolean,
): boolean {
  let { position, depth, inString, escaped, newlines } = scan;
  let found = false;
  for (; position < end; position++) {
    const byte = bytes[position]!;
    if (byte === NEWLINE) {
      if (onLine) break;
      newlines++;
      escaped = false;
    } else if (inString) {
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (ofArray && depth === 0) {
      found = byte === COMMA || byte === CLOSE_BRACKET;
      if (found) break;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth--;
      found = !ofArray && depth === 0;
      if (found) {
        position++;
        break;
      }
    }
  }
  scan.position = position;
  scan.depth = depth;
  scan.inString = inString;
  scan.escaped = escaped;
  scan.newlines = newlines;
  return found;
}

/** Whether a byte is white space as JSON has it: https://www.rfc-editor.org/rfc/rfc8259#section-2 */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

/** The first position from `start` that is not blank, or `end`. */
export function skipBlank(bytes: Uint8Array, start: number, end: number): number {
  let position = start;
  while (position < end && isBlank(bytes[position])) position++;
  return position;
}

/** The end of the bytes up to `end` without the blanks before it. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let position = end;
  while (position > start && isBlank(bytes[position - 1])) position--;
  return position;
}

/**
 * The ends of the objects of which a text consists that holds two or more of them and nothing
 * else; undefined where it does not.
 */
export function concatenatedObjects(text: Uint8Array): number[] | undefined {
  const ends: number[] = [];
  for (let at = 0; at < text.length; at = skipBlank(text, at, text.length)) {
    const scan = startScan(at);
    if (text[at] !== OPEN_BRACE || !scanValue(text, scan, text.length)) return undefined;
    ends.push((at = scan.position));
  }
  return ends.length > 1 ? ends : undefined;
}
