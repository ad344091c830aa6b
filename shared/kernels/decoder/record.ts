import { MISS, NULL_WORD, QUOTE, sameBytes } from './bytes';
import { noValue, readValue } from './host';
import { DecimalTarget, IntTarget, skipNumber } from './number';
import { Run } from './run';
import { TextTarget, clearText, skipText } from './text';
import { TimestampTarget, readDate } from './timestamp';

// How a value is read.
const HOSTED: i32 = 0;
const TEXT: i32 = 1;
const INT: i32 = 2;
const DECIMAL: i32 = 3;
const TIMESTAMP: i32 = 4;
const DATE: i32 = 5;
const SKIPPED: i32 = 6;

/** A member at its place in a layout: the bytes before its value are always the same, its literal. */
@unmanaged
class Field {
  /** One of the kinds above. */
  kind: i32;
  /** Where its values are put; of a hosted one, by which the host knows its reader. */
  target: usize;
  /** Of each row whether it is not null; 0 for what has no nulls, or is hosted. */
  validity: usize;
  /** Whether a record may lack it. */
  optional: i32;
  /** The literal's length, and where it stands. */
  length: i32;
  literal: usize;
  /** The Run of the texts that follow, or 0, and where the addresses of their targets stand. */
  run: usize;
  targets: usize;
  // And behind these eight words: the literal's first sixteen bytes, a mask of those that count, and its
  // last sixteen where it has more.

  /** Whether its literal stands there. */
  @inline
  matches(at: usize): bool {
    const place = changetype<usize>(this);
    const first = v128.xor(v128.load(place, 32), v128.load(at));
    if (v128.any_true(v128.and(first, v128.load(place, 48)))) return false;
    const length = this.length;
    if (length <= 16) return true;
    if (v128.any_true(v128.xor(v128.load(place, 64), v128.load(at + length - 16)))) return false;
    return length <= 32 || sameBytes(this.literal, at, length);
  }

  /** Reads its value where it is null, or one of the usual. */
  @inline
  read(at: i32, row: i32): i32 {
    if (this.validity != 0) {
      if (load<u32>(at) == NULL_WORD) {
        this.clear(row);
        return at + 4;
      }
      store<u8>(this.validity + row, 1);
    }
    const target = this.target;
    switch (this.kind) {
      case TEXT:
        return changetype<TextTarget>(target).read(at, row);
      case DECIMAL:
        return changetype<DecimalTarget>(target).read(at, row);
      case INT:
        return changetype<IntTarget>(target).read(at, row);
      case TIMESTAMP:
        return changetype<TimestampTarget>(target).read(at, row);
      default:
        return MISS;
    }
  }

  /** Reads any other value that the column may have. It is rare, and kept apart from what is not. */
  readOther(at: i32, row: i32): i32 {
    const target = this.target;
    switch (this.kind) {
      case TEXT:
        return changetype<TextTarget>(target).readAny(at, row);
      case DECIMAL:
        return changetype<DecimalTarget>(target).readAny(at, row);
      case INT:
        return changetype<IntTarget>(target).readAny(at, row);
      case TIMESTAMP:
        return changetype<TimestampTarget>(target).readAny(at, row);
      case DATE:
        return readDate(changetype<IntTarget>(target), at, row);
      case SKIPPED:
        return skipValue(at);
      default:
        return readValue(<i32>target, at, row);
    }
  }

  /** Of a text, its code. */
  @inline
  codeOf(row: i32): u32 {
    return load<u32>(changetype<TextTarget>(this.target).codes + (row << 2));
  }

  /** Puts null there, and what stands in its place. */
  @inline
  clear(row: i32): void {
    const kind = this.kind;
    const target = this.target;
    store<u8>(this.validity + row, 0);
    if (kind == TEXT) clearText(changetype<TextTarget>(target), row);
    else if (kind == INT || kind == DATE) store<i32>(load<usize>(target) + (row << 2), 0);
    else store<f64>(load<usize>(target) + (row << 3), 0);
  }

  /** Notes that a record lacks it. */
  leaveOut(row: i32): void {
    if (this.kind == HOSTED) noValue(<i32>this.target, row);
    else if (this.kind != SKIPPED) this.clear(row);
  }
}

/** The members of a record in the order and with the spaces in which a producer writes them. */
@unmanaged
class Layout {
  fields: usize;
  behindFields: usize;
  /** Whether separators stand in the literals: where the first member is there in each record. */
  separated: i32;
}

/** Of each staged row where its record stands. */
@unmanaged
class Rows {
  starts: usize;
  ends: usize;
  lines: usize;
  /** How many are staged. */
  count: i32;
}

/** Of a Field with what stands behind it. */
export const FIELD_BYTES: usize = 80;

const OPEN_BRACE: i32 = 0x7b;
const CLOSE_BRACE: i32 = 0x7d;
const COMMA: i32 = 0x2c;
const NEWLINE: i32 = 0x0a;
const RETURN: i32 = 0x0d;

/** Reads the record at `start` into `row` where it has the layout. @returns the position behind it, or MISS. */
export function readRecord(layout: Layout, start: i32, row: i32): i32 {
  const behindFields = layout.behindFields;
  const separated = layout.separated;
  let at = start;
  for (let place = layout.fields; place < behindFields; place += FIELD_BYTES) {
    const field = changetype<Field>(place);
    const literal = at + i32(!separated);
    const separator = at == start ? OPEN_BRACE : COMMA;
    const isNext = separated || load<u8>(at) == separator;
    if (!isNext || !field.matches(literal)) {
      if (!field.optional) return MISS;
      field.leaveOut(row);
      continue;
    }
    at = literal + field.length;
    let behind = field.read(at, row);
    if (behind < 0) behind = field.readOther(at, row);
    if (behind < 0) return MISS;
    at = behind;
    if (field.run == 0) continue;
    const run = changetype<Run>(field.run);
    if (run.credit <= 0) continue;
    behind = run.recall(field.codeOf(row), field.targets, at, row);
    if (behind < 0) behind = readRun(run, field, at, row);
    if (behind < 0) return MISS;
    at = behind;
    place += <usize>run.fields * FIELD_BYTES;
  }
  return load<u8>(at) == CLOSE_BRACE ? at + 1 : MISS;
}

/** Reads the fields that follow one by one, and remembers them. */
function readRun(run: Run, field: Field, start: i32, row: i32): i32 {
  let at = start;
  for (let i = 1; i <= run.fields; i++) {
    const next = changetype<Field>(changetype<usize>(field) + <usize>i * FIELD_BYTES);
    if (!next.matches(at)) return MISS;
    at = changetype<TextTarget>(next.target).readAny(at + next.length, row);
    if (at < 0) return MISS;
  }
  if (changetype<TextTarget>(field.target).dictionary == 0) run.credit = 0;
  else run.learn(field.codeOf(row), field.targets, start, at, row);
  return at;
}

/** Forgets what is known of an object: the next begins. */
export function resetLayout(layout: Layout): void {
  for (let place = layout.fields; place < layout.behindFields; place += FIELD_BYTES) {
    const run = changetype<Field>(place).run;
    if (run != 0) changetype<Run>(run).reset();
  }
}

/** Passes over a string without escapes, a number, true, false or null. */
function skipValue(at: i32): i32 {
  if (load<u8>(at) == QUOTE) return skipText(at);
  const word = load<u32>(at);
  // `null`, `true` and `alse`, each as four bytes read at once.
  if (word == NULL_WORD || word == 0x65757274) return at + 4;
  if (load<u8>(at) == 0x66 && load<u32>(at, 1) == 0x65736c61) return at + 5;
  return skipNumber(at);
}

/**
 * Reads lines into the rows behind those that are staged, up to `rowsAtMost` in all, as long as they
 * have the layout. @returns the position of the first that has not, or `end`.
 */
export function readLines(
  layout: Layout,
  rows: Rows,
  start: i32,
  end: i32,
  firstLine: i32,
  rowsAtMost: i32,
): i32 {
  let at = start;
  let line = firstLine;
  let row = rows.count;
  while (at < end && row < rowsAtMost) {
    const behind = readRecord(layout, at, row);
    if (behind < 0) break;
    let newline = behind;
    if (load<u8>(newline) == RETURN) newline++;
    if (load<u8>(newline) != NEWLINE) break;
    store<i32>(rows.starts + (row << 2), at);
    store<i32>(rows.ends + (row << 2), behind);
    store<i32>(rows.lines + (row << 2), line);
    row++;
    line++;
    at = newline + 1;
  }
  rows.count = row;
  return at;
}
