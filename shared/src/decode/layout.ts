import { skipBlank } from './json-values';
import { readDecimal, readInt, type DecimalTarget, type IntTarget } from './read-number';
import { readText, type TextTarget } from './read-text';
import { readTimestamp, type TimestampTarget } from './read-timestamp';
import { MISS, type ValueReader } from './value-reader';
import type { ByteSource } from './byte-source';

/**
 * What a record may have under a key, and how it is read. The kinds that most columns are of come
 * with what their reader needs: called by its name a reader costs half of what it does through
 * `read`.
 */
export interface Member {
  kind?: 'text' | 'int' | 'decimal' | 'timestamp';
  text?: TextTarget;
  int?: IntTarget;
  decimal?: DecimalTarget;
  timestamp?: TimestampTarget;
  read: ValueReader;
  /** Called where the record has no such member; undefined where it must. */
  absent?: (row: number) => void;
  /** Such a member is not looked for in records like one that lacks it. */
  rare?: boolean;
}

/** A member at its place in a layout: the bytes from the comma to the value are always the same. */
export interface Field {
  /** One of the constants below. */
  kind: number;
  text: TextTarget;
  int: IntTarget;
  decimal: DecimalTarget;
  timestamp: TimestampTarget;
  read: ValueReader;
  absent: ((row: number) => void) | undefined;
  literal: Uint8Array;
  length: number;
  /** The literal's first and last four bytes as integers, or eight as doubles where it has them. */
  firstInt: number;
  lastInt: number;
  first: number;
  last: number;
  /** What is between, eight bytes at a time. */
  between: Float64Array;
}

/** The members of a record in the order and with the spaces in which a producer writes them. */
export type Layout = readonly Field[];

const KINDS = [undefined, 'text', 'int', 'decimal', 'timestamp'];
const TEXT = 1;
const INT = 2;
const DECIMAL = 3;
const TIMESTAMP = 4;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

/**
 * Reads the record at `start` into `row` where it has the layout.
 * @returns the position behind the record, or MISS.
 */
export function matchLayout(
  source: ByteSource,
  layout: Layout,
  start: number,
  row: number,
): number {
  const { bytes, view } = source;
  if (bytes[start] !== OPEN_BRACE) return MISS;
  let at = start + 1;
  for (let i = 0; i < layout.length; i++) {
    const field = layout[i]!;
    if (!startsWith(view, at, field)) {
      if (field.absent === undefined) return MISS;
      field.absent(row);
      continue;
    }
    const behind = readField(field, bytes, view, at + field.length, row);
    if (behind < 0) return MISS;
    const next = bytes[behind];
    if (next === COMMA) {
      at = behind + 1;
      continue;
    }
    if (next !== CLOSE_BRACE) return MISS;
    for (i++; i < layout.length; i++) {
      const { absent } = layout[i]!;
      if (absent === undefined) return MISS;
      absent(row);
    }
    return behind + 1;
  }
  return MISS;
}

function readField(field: Field, bytes: Buffer, view: DataView, at: number, row: number): number {
  switch (field.kind) {
    case TEXT:
      return readText(field.text, bytes, view, at, row);
    case INT:
      return readInt(field.int, bytes, at, row);
    case DECIMAL:
      return readDecimal(field.decimal, bytes, at, row);
    case TIMESTAMP:
      return readTimestamp(field.timestamp, bytes, view, at, row);
    default:
      return field.read(at, row);
  }
}

/**
 * Eight bytes of text compare as one double: text is never a NaN, nor one of two zeros, so doubles
 * are equal just where their bytes are.
 */
function startsWith(view: DataView, at: number, field: Field): boolean {
  const { length } = field;
  if (length < 8) {
    return (
      view.getInt32(at, true) === field.firstInt &&
      view.getInt32(at + length - 4, true) === field.lastInt
    );
  }
  if (view.getFloat64(at, true) !== field.first) return false;
  if (view.getFloat64(at + length - 8, true) !== field.last) return false;
  if (length <= 16) return true;
  const { between } = field;
  for (let i = 0; i < between.length; i++) {
    if (view.getFloat64(at + 8 + 8 * i, true) !== between[i]) return false;
  }
  return true;
}

export interface LearnedMember {
  name: string;
  literal: Uint8Array;
}

/**
 * The members of a record, or undefined where it cannot serve as a layout: where it is no flat
 * object, or has a key twice or with an escape in it, or blanks behind a value.
 */
export function learnMembers(text: Uint8Array): LearnedMember[] | undefined {
  const members: LearnedMember[] = [];
  const names = new Set<string>();
  let at = 0;
  if (text[at] !== OPEN_BRACE) return undefined;
  for (;;) {
    const start = at + 1;
    const quote = skipBlank(text, start, text.length);
    if (text[quote] !== QUOTE) return undefined;
    const close = text.indexOf(QUOTE, quote + 1);
    const key = text.subarray(quote + 1, close);
    const colon = skipBlank(text, close + 1, text.length);
    if (close < 0 || key.includes(BACKSLASH) || text[colon] !== COLON) return undefined;
    const value = skipBlank(text, colon + 1, text.length);
    const name = Buffer.from(key).toString('utf8');
    if (names.has(name)) return undefined;
    names.add(name);
    members.push({ name, literal: Buffer.from(text.subarray(start, value)) });
    at = behindScalar(text, value);
    if (text[at] === CLOSE_BRACE) return at === text.length - 1 ? members : undefined;
    if (text[at] !== COMMA) return undefined;
  }
}

function behindScalar(text: Uint8Array, start: number): number {
  let at = start;
  if (text[at] === QUOTE) {
    for (at++; at < text.length && text[at] !== QUOTE; at++) if (text[at] === BACKSLASH) at++;
    return at + 1;
  }
  while (at < text.length && text[at] !== COMMA && text[at] !== CLOSE_BRACE) at++;
  return at;
}

/** The member as a field; undefined where its literal cannot be compared. */
export function fieldOf(literal: Uint8Array, member: Member): Field | undefined {
  const { length } = literal;
  if (length < 4) return undefined;
  const padded = new Uint8Array(length + 8);
  padded.set(literal);
  const view = new DataView(padded.buffer);
  const doubleAt = (at: number): number => (length < 8 ? 1 : view.getFloat64(at, true));
  const count = Math.max(0, Math.ceil(length / 8) - 2);
  const between = Float64Array.from({ length: count }, (_, i) => doubleAt(8 + 8 * i));
  const [first, last] = [doubleAt(0), doubleAt(length - 8)];
  // Bytes of characters beyond ASCII may make up a NaN.
  if ([first, last, ...between].some((double) => Number.isNaN(double))) return undefined;
  return {
    kind: KINDS.indexOf(member.kind),
    // A field has what its kind needs; all fields have the same shape.
    text: member.text!,
    int: member.int!,
    decimal: member.decimal!,
    timestamp: member.timestamp!,
    read: member.read,
    absent: member.absent,
    literal,
    length,
    firstInt: view.getInt32(0, true),
    lastInt: view.getInt32(length - 4, true),
    first,
    last,
    between,
  };
}
