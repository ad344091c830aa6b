import { SaleslakeError } from '../runtime/errors';

/** The end of a file is not that of a Parquet file. */
export class ParquetFooterError extends SaleslakeError {
  constructor(problem: string) {
    super('ParquetFooterError', `It is no Parquet file: ${problem}.`);
  }
}

/** The footer's length, four bytes, and `PAR1`. */
const TRAILER_BYTES = 8;
/** Of FileMetaData: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
const NUM_ROWS = 3;
const I64 = 6;
/** Parquet's own metadata goes about six deep. */
const DEEPEST = 32;

/**
 * How many rows a Parquet file has, by its last bytes; or how many of these it takes to tell, where
 * the footer is larger than what was given.
 * https://parquet.apache.org/docs/file-format/
 * @throws ParquetFooterError
 */
export function footerRows(tail: Uint8Array): { rows: number } | { needed: number } {
  const length = tail.length;
  const view = new DataView(tail.buffer, tail.byteOffset, length);
  if (length < TRAILER_BYTES || view.getUint32(length - 4, true) !== 0x31524150) {
    throw new ParquetFooterError('it does not end with PAR1');
  }
  const needed = view.getUint32(length - TRAILER_BYTES, true) + TRAILER_BYTES;
  if (needed > length) return { needed };
  return { rows: numRows({ view, at: length - needed, end: length - TRAILER_BYTES }) };
}

/** Where a value in Thrift's compact protocol begins; reading moves it on. */
interface Cursor {
  view: DataView;
  at: number;
  end: number;
}

function numRows(cursor: Cursor): number {
  let id = 0;
  for (;;) {
    const header = byte(cursor);
    if (header === 0) throw new ParquetFooterError('its footer has no number of rows');
    const delta = header >> 4;
    id = delta === 0 ? zigzag(cursor) : id + delta;
    if (id === NUM_ROWS && (header & 15) === I64) {
      const rows = zigzag(cursor);
      if (rows >= 0) return rows;
      throw new ParquetFooterError(`its footer says ${rows} rows`);
    }
    skip(cursor, header & 15, 0);
  }
}

/**
 * Moves past a value by its type.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
function skip(cursor: Cursor, type: number, depth: number): void {
  if (depth > DEEPEST) throw new ParquetFooterError('its footer is nested too deeply');
  switch (type) {
    case 1: // true and false: a member's type is its value.
    case 2:
      return;
    case 3: // byte
      return move(cursor, 1);
    case 4: // i16
    case 5: // i32
    case I64:
      varint(cursor);
      return;
    case 7: // double
      return move(cursor, 8);
    case 8: // binary
      return move(cursor, varint(cursor));
    case 9: // list
    case 10: // set
      return skipList(cursor, depth);
    case 12: // struct
      return skipStruct(cursor, depth);
    default:
      // Maps and UUIDs are not in Parquet's metadata.
      throw new ParquetFooterError(`its footer has a value of type ${type}`);
  }
}

function skipList(cursor: Cursor, depth: number): void {
  const header = byte(cursor);
  const type = header & 15;
  const size = header >> 4 === 15 ? varint(cursor) : header >> 4;
  // In a list, a boolean is a byte.
  if (type <= 2) return move(cursor, size);
  for (let i = 0; i < size; i++) skip(cursor, type, depth + 1);
}

function skipStruct(cursor: Cursor, depth: number): void {
  for (let header = byte(cursor); header !== 0; header = byte(cursor)) {
    if (header >> 4 === 0) varint(cursor);
    skip(cursor, header & 15, depth + 1);
  }
}

function byte(cursor: Cursor): number {
  move(cursor, 1);
  return cursor.view.getUint8(cursor.at - 1);
}

function move(cursor: Cursor, bytes: number): void {
  cursor.at += bytes;
  if (cursor.at > cursor.end) throw new ParquetFooterError('its footer ends early');
}

/** An unsigned LEB128; beyond 2^53 only about as large. */
function varint(cursor: Cursor): number {
  let value = 0;
  let unit = 1;
  for (;;) {
    const next = byte(cursor);
    value += (next & 0x7f) * unit;
    if (next < 0x80) return value;
    unit *= 0x80;
  }
}

function zigzag(cursor: Cursor): number {
  const value = varint(cursor);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
