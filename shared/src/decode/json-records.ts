import { RECORD_BYTES, type ByteSource } from './byte-source';
import { REJECTED_BYTES } from './rejection';
import {
  isBlank,
  scanElement,
  scanValue,
  scanValueOnLine,
  skipBlank,
  startScan,
  trimEnd,
  type ValueScan,
} from './json-values';

/** Takes the records that a reader finds. */
export interface RecordSink {
  /** Where the reader puts the bytes of the object. Records stand there until `settle` returns. */
  readonly source: ByteSource;
  /**
   * Whole lines, blank ones among them; the first starts at `start` and is line number `line`.
   * There is a newline at `end - 1` or, behind a last line that has none, at `end`; and bytes may
   * be read, whatever they are, up to `PADDING` behind `end`.
   * @returns the number of the line behind them.
   */
  lines(start: number, end: number, line: number): number;
  /** One record without the blanks around it. Padded too. */
  record(start: number, end: number, line: number): void;
  /** What is no record, and what was expected in its place. */
  reject(start: number, end: number, line: number, expected: string): void;
  /** Other bytes will stand there: what is still to be decoded, is. */
  settle(): void;
}

/** Finds the records of a JSON object of whatever layout, in pieces of whatever size. */
export interface RecordReader {
  /** The next bytes, PIECE_BYTES at most. */
  push(piece: Uint8Array): void;
  end(): void;
}

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const NO_BYTES = new Uint8Array(0);

/**
 * Reads, as the first bytes tell:
 *
 * - one object a line (also CRLF, blank lines, a byte order mark, no newline at the end);
 * - an array of objects, where the first byte is `[`, however it is laid out;
 * - objects over several lines, or one behind the other on a line: where the first line starts
 *   with `{` and either goes on with a second object, or is incomplete and the line behind it
 *   does not itself start with `{`.
 *
 * Memory is that of one record, `recordBytes` at most.
 */
export function createRecordReader(sink: RecordSink, recordBytes = RECORD_BYTES): RecordReader {
  const { source } = sink;
  const { bytes } = source;
  let start = source.start;
  let end = source.start;
  /** What is left of the last piece while other objects are read. */
  let rest = NO_BYTES;
  let line = 1;
  let scan: ValueScan | undefined;
  let searched = source.start;
  let elements = 0;
  let isValue = false;
  /** Whether the record at `start` was rejected already, and the rest of it is passed over. */
  let dropping = false;

  type State = (final: boolean) => State | undefined;
  let state: State | undefined = atStart;

  /** Reads what was left and the next piece, and keeps what is left of both. */
  function read(piece: Uint8Array, final: boolean): void {
    const left = end - source.start;
    if (left > 0) bytes.set(rest.subarray(0, left), source.start);
    bytes.set(piece, end);
    end += piece.length;
    for (let next = state?.(final); next; next = state(final)) state = next;
    sink.settle();
    keepRest();
  }

  function keepRest(): void {
    const left = end - start;
    if (left > rest.length) rest = Buffer.allocUnsafeSlow(Math.max(left, rest.length * 2, 1024));
    if (left > 0) rest.set(bytes.subarray(start, end));
    const moved = start - source.start;
    if (scan) scan.position -= moved;
    searched -= moved;
    start = source.start;
    end -= moved;
  }

  /** Passes over blanks. @returns whether anything stands behind them. */
  function atText(): boolean {
    for (; start < end && isBlank(bytes[start]); start++) if (bytes[start] === NEWLINE) line++;
    return start < end;
  }

  function passTo(position: number, newlines: number): void {
    start = position;
    line += newlines;
    scan = undefined;
    dropping = false;
  }

  /** Rejects the record at `start` once it is too large, and then lets go of what was scanned. */
  function limit(scanned: ValueScan): void {
    if (dropping || scanned.position - start > recordBytes) {
      if (!dropping) rejectTooLarge();
      dropping = true;
      start = scanned.position;
    }
  }

  function rejectTooLarge(): void {
    const expected = `a record of at most ${recordBytes} bytes`;
    sink.reject(start, start + recordBytes, line, expected);
  }

  function atStart(final: boolean): State | undefined {
    if (bytes[start] === 0xef && end - start < 3 && !final) return undefined;
    // Nothing was read before this: https://www.unicode.org/faq/utf_bom.html#bom5
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    return atFirstText;
  }

  function atFirstText(final: boolean): State | undefined {
    if (!atText()) return undefined;
    if (bytes[start] === OPEN_BRACKET) {
      start++;
      return inArray;
    }
    searched = start;
    if (bytes[start] !== OPEN_BRACE) return inLines;
    scan ??= startScan(start);
    const complete = scan.depth === 0 && scan.position > start;
    if (!complete && !scanValueOnLine(bytes, scan, end) && scan.position === end) {
      if (!final && end - start <= recordBytes) return undefined;
      scan = undefined;
      return inLines;
    }
    const { position, depth } = scan;
    const next = skipBlank(bytes, position, end);
    const lineEnded = bytes.subarray(position, next).includes(NEWLINE);
    if (next === end && !final && !(lineEnded && depth === 0)) return undefined;
    scan = undefined;
    const opens = next < end && bytes[next] === OPEN_BRACE;
    if (depth === 0) return opens && !lineEnded ? inValues : inLines;
    return next === end || (opens && bytes[next - 1] === NEWLINE) ? inLines : inValues;
  }

  function inLines(final: boolean): State | undefined {
    const first = bytes.subarray(0, end).indexOf(NEWLINE, searched);
    if (first < 0 ? end - start > recordBytes : first - start > recordBytes) {
      rejectTooLarge();
      return inLongLine;
    }
    if (final) {
      bytes[end] = NEWLINE;
      if (start < end) sink.lines(start, end, line);
      start = end;
      return undefined;
    }
    searched = end;
    if (first < 0) return undefined;
    const last = bytes.subarray(0, end).lastIndexOf(NEWLINE) + 1;
    line = sink.lines(start, last, line);
    start = last;
    return undefined;
  }

  function inLongLine(): State | undefined {
    const newline = bytes.subarray(0, end).indexOf(NEWLINE, start);
    if (newline < 0) {
      start = end;
      return undefined;
    }
    start = newline + 1;
    searched = start;
    line++;
    return inLines;
  }

  function inValues(final: boolean): State | undefined {
    for (;;) {
      if (!scan) {
        if (!atText()) return undefined;
        scan = startScan(start);
        isValue = bytes[start] === OPEN_BRACE || bytes[start] === OPEN_BRACKET;
      }
      const found = isValue ? scanValue(bytes, scan, end) : toNewline(scan);
      if (!found) limit(scan);
      if (!found && !final) return undefined;
      if (!dropping) {
        if (found || !isValue) emit(scan.position);
        else sink.reject(start, trimEnd(bytes, start, end), line, 'the end of the object');
      }
      passTo(scan.position, scan.newlines);
    }
  }

  /** Text between objects is a record for itself, to the end of its line. */
  function toNewline(scanned: ValueScan): boolean {
    const newline = bytes.subarray(0, end).indexOf(NEWLINE, scanned.position);
    scanned.position = newline < 0 ? end : newline;
    return newline >= 0;
  }

  function inArray(final: boolean): State | undefined {
    for (;;) {
      if (!scan) {
        if (!atText() && !final) return undefined;
        scan = startScan(start);
      }
      const found = scanElement(bytes, scan, end);
      if (!found) limit(scan);
      if (!found && !final) return undefined;
      const position = scan.position;
      if (!found) {
        const expected = 'the closing bracket of the array';
        if (!dropping) sink.reject(start, trimEnd(bytes, start, end), line, expected);
        start = end;
        return undefined;
      }
      const more = bytes[position] === COMMA;
      const isEmpty = position === start;
      if (!dropping && !(isEmpty && !more && elements === 0)) emit(position);
      elements++;
      passTo(position + 1, scan.newlines);
      if (!more) return behindArray;
    }
  }

  function behindArray(final: boolean): State | undefined {
    if (!atText()) return undefined;
    // A rejection keeps no more than that.
    if (end - start <= REJECTED_BYTES && !final) return undefined;
    const expected = 'nothing behind the array';
    sink.reject(start, trimEnd(bytes, start, end), line, expected);
    return ignoreRest;
  }

  function ignoreRest(): State | undefined {
    start = end;
    return undefined;
  }

  function emit(position: number): void {
    if (position - start > recordBytes) rejectTooLarge();
    else sink.record(start, trimEnd(bytes, start, position), line);
  }

  return {
    push: (piece) => read(piece, false),
    end: () => read(NO_BYTES, true),
  };
}
