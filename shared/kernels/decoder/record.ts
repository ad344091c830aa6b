import { CLOSE_BRACE, MISS } from './bytes';
import { DECIMAL, FIELD_BYTES, Field, INT, MORE, TEXT, TIMESTAMP } from './field';
import { DecimalTarget, IntTarget } from './number';
import { Run } from './run';
import { TextTarget } from './text';
import { TimestampTarget } from './timestamp';

/** The members of a record in the order and with the spaces in which a producer writes them. */
@unmanaged
export class Layout {
  fields: usize;
  behindFields: usize;
  /** How many lines are read together: few where one was missed lately. */
  together: i32;
  /** The least bytes that a line had, with its newline; 0 before the first. */
  shortest: i32;
}

/** As many records as mostly stay in the first cache of the processor. */
export const MOST_TOGETHER: i32 = 64;

// Records are read together, field by field: there is little to decide between a value and the same of the
// next record, and neither waits for the other.

/** Of a text the kind where its column has no dictionary. No field has it, as a column may lose its dictionary. */
const UNIQUE_TEXT: i32 = -1;
/** And where it has one, for texts of sixteen bytes and more. */
const LONG_TEXT: i32 = -2;

/** Records of which the same is read, one behind another. */
class Records {
  /**
   * Reads a field of the records from number `from` on, up to `count`, of which number 0 is for row `first`.
   * At `starts` stands where each begins, and at `positions` where this field of it does: that is moved behind
   * the value. `kind` is the field's.
   * @returns the number of the first that has no such value as is usual, or `count`.
   */
  @inline
  static read(
    kind: i32,
    field: Field,
    starts: usize,
    positions: usize,
    first: i32,
    from: i32,
    count: i32,
  ): i32 {
    const target = field.target;
    const validity = field.validity;
    const length = field.length;
    const head = field.head;
    const ignored = field.ignored;
    let i = from;
    // For most kinds there is no call in this loop: what stays would be in memory, and not in registers.
    for (; i < count; i++) {
      const at = load<i32>(positions + (i << 2));
      const alike = i8x16.bitmask(i8x16.eq(head, v128.load(at))) | ignored;
      if (alike != 0xffff) {
        if (alike != (0xffff | MORE)) break;
        if (!field.hasMore(at, load<i32>(starts + (i << 2)))) break;
      }
      const behind = Records.readValue(kind, target, at + length, first + i);
      if (behind < 0) break;
      if (validity != 0) store<u8>(validity + first + i, 1);
      store<i32>(positions + (i << 2), behind);
    }
    return i;
  }

  @inline
  static readValue(kind: i32, target: usize, at: i32, row: i32): i32 {
    if (kind == TEXT) return changetype<TextTarget>(target).read(at, row);
    if (kind == UNIQUE_TEXT) return changetype<TextTarget>(target).readUnique(at, row);
    if (kind == LONG_TEXT) return changetype<TextTarget>(target).readLong(at, row);
    if (kind == DECIMAL) return changetype<DecimalTarget>(target).read(at, row);
    if (kind == INT) return changetype<IntTarget>(target).read(at, row);
    if (kind == TIMESTAMP) return changetype<TimestampTarget>(target).read(at, row);
    return MISS;
  }
}

// Each kind has a function of its own, which has the registers for itself: these are exported, as the
// compiler would make one of them again otherwise.

export function readTexts(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  return Records.read(TEXT, field, starts, positions, first, from, count);
}

export function readLongTexts(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  return Records.read(LONG_TEXT, field, starts, positions, first, from, count);
}

export function readUniqueTexts(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  return Records.read(UNIQUE_TEXT, field, starts, positions, first, from, count);
}

export function readDecimals(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  return Records.read(DECIMAL, field, starts, positions, first, from, count);
}

export function readInts(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  return Records.read(INT, field, starts, positions, first, from, count);
}

export function readTimestamps(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  return Records.read(TIMESTAMP, field, starts, positions, first, from, count);
}

function readUsual(
  field: Field,
  starts: usize,
  positions: usize,
  first: i32,
  from: i32,
  count: i32,
): i32 {
  switch (field.kind) {
    case TEXT: {
      if (changetype<TextTarget>(field.target).dictionary == 0) {
        return readUniqueTexts(field, starts, positions, first, from, count);
      }
      const behind = readTexts(field, starts, positions, first, from, count);
      return behind < count
        ? readLongTexts(field, starts, positions, first, behind, count)
        : behind;
    }
    case DECIMAL:
      return readDecimals(field, starts, positions, first, from, count);
    case INT:
      return readInts(field, starts, positions, first, from, count);
    case TIMESTAMP:
      return readTimestamps(field, starts, positions, first, from, count);
    default:
      return from;
  }
}

/**
 * Reads a field of `count` records, in any way that its column may have it. @returns how many have it, up to the
 * first that has not.
 */
function readField(field: Field, starts: usize, positions: usize, first: i32, count: i32): i32 {
  let i = readUsual(field, starts, positions, first, 0, count);
  while (i < count) {
    const place = i << 2;
    const start = load<i32>(starts + place);
    const behind = field.readOther(load<i32>(positions + place), start, first + i);
    if (behind < 0) return i;
    store<i32>(positions + place, behind);
    i = readUsual(field, starts, positions, first, i + 1, count);
  }
  return count;
}

/** Reads the texts behind a field of `count` records that it mostly tells. @returns as `readField`. */
export function readRuns(field: Field, positions: usize, first: i32, count: i32): i32 {
  const run = changetype<Run>(field.run);
  const codes = changetype<TextTarget>(field.target).codes;
  for (let i = 0; i < count; i++) {
    const row = first + i;
    const place = positions + (i << 2);
    const at = load<i32>(place);
    let behind = run.recall(load<u32>(codes + (row << 2)), field.targets, at, row);
    if (behind < 0) behind = readRun(run, field, at, row);
    if (behind < 0) return i;
    store<i32>(place, behind);
  }
  return count;
}

/** Reads the fields that follow one by one, and remembers them. */
function readRun(run: Run, field: Field, start: i32, row: i32): i32 {
  let at = start;
  for (let i = 1; i <= run.fields; i++) {
    const next = changetype<Field>(changetype<usize>(field) + <usize>i * FIELD_BYTES);
    at = next.readOther(at, start, row);
    if (at < 0) return MISS;
  }
  const target = changetype<TextTarget>(field.target);
  if (target.dictionary == 0) run.credit = 0;
  else run.learn(load<u32>(target.codes + (row << 2)), field.targets, start, at, row);
  return at;
}

/**
 * Reads `count` records, of which the first is for row `first`, from where they begin, at `starts` and at
 * `positions`; at the latter stands afterwards where the last value ends.
 * @returns how many have the fields of the layout, up to the first that has not.
 */
export function readRecords(
  layout: Layout,
  starts: usize,
  positions: usize,
  first: i32,
  count: i32,
): i32 {
  const behindFields = layout.behindFields;
  let good = count;
  for (let place = layout.fields; place < behindFields && good > 0; place += FIELD_BYTES) {
    const field = changetype<Field>(place);
    good = readField(field, starts, positions, first, good);
    if (field.run == 0 || changetype<Run>(field.run).credit <= 0) continue;
    good = readRuns(field, positions, first, good);
    place += <usize>changetype<Run>(field.run).fields * FIELD_BYTES;
  }
  return good;
}

/** Where the one record stands that is read for itself. */
const START: usize = memory.data<i32>([0]);
const POSITION: usize = memory.data<i32>([0]);

/** Reads the record at `start` into `row` where it has the layout. @returns the position behind it, or MISS. */
export function readRecord(layout: Layout, start: i32, row: i32): i32 {
  store<i32>(START, start);
  store<i32>(POSITION, start);
  if (readRecords(layout, START, POSITION, row, 1) == 0) return MISS;
  const at = load<i32>(POSITION);
  return load<u8>(at) == CLOSE_BRACE ? at + 1 : MISS;
}

/** Forgets what is known of an object: the next begins. */
export function resetLayout(layout: Layout): void {
  layout.together = MOST_TOGETHER;
  layout.shortest = 0;
  for (let place = layout.fields; place < layout.behindFields; place += FIELD_BYTES) {
    const run = changetype<Field>(place).run;
    if (run != 0) changetype<Run>(run).reset();
  }
}
