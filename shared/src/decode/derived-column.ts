import type { TimestampPart } from '../contract/column';
import { timestampPart } from '../contract/timestamp';
import { STAGE_ROWS, source } from './byte-source';
import type { Member } from './layout';
import type { ComputedColumn, TimestampColumn } from './number-column';
import { readInt, type IntTarget } from './read-number';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A part of a timestamp column, for all staged rows at once. */
export interface Derivation {
  /** Computes the part for the first `rows` rows. */
  compute(rows: number): void;
  /** What a record itself may say about it. */
  member: Member;
  /** Forgets what was read for a row. */
  forgetGiven(row: number): void;
  /** Marks with a 1 in `bad` the rows of which the record says something else. */
  checkGiven(rows: number, bad: Uint8Array): void;
}

// Of no timestamp any part is that.
const NOT_GIVEN = -(2 ** 31);
// `null`, as four bytes read at once.
const NULL_WORD = 0x6c6c756e;

/** `into` is undefined for a partition column, which no file has. */
export function createDerivation(
  { days, millis, validity }: TimestampColumn,
  part: TimestampPart,
  into: ComputedColumn | undefined,
): Derivation {
  const given = new Int32Array(STAGE_ROWS).fill(NOT_GIVEN);
  const target: IntTarget = {
    values: given,
    minimum: NOT_GIVEN + 1,
    maximum: 2 ** 31 - 1,
    allowed: undefined,
  };
  let hasGiven = false;

  function forgetGiven(row: number): void {
    given[row] = NOT_GIVEN;
  }

  return {
    member: {
      // It is noted as not given already.
      absent: () => undefined,
      rare: true,
      read(at, row) {
        if (source.view.getInt32(at, true) === NULL_WORD) {
          return at + 4;
        }
        hasGiven = true;
        return readInt(target, at, row);
      },
    },
    compute(rows) {
      if (!into) return;
      computePart(part, days, millis, into.values, rows);
      if (!validity) return;
      for (let row = 0; row < rows; row++) {
        const valid = validity[row]!;
        if (valid === 0) into.values[row] = 0;
        if (into.validity) into.validity[row] = valid;
      }
    },
    forgetGiven,
    checkGiven(rows, bad) {
      if (!hasGiven) return;
      computePart(part, days, millis, computed, rows);
      for (let row = 0; row < rows; row++) {
        const value = given[row]!;
        // Nothing is given; or there is no part of null to agree with.
        if (value === NOT_GIVEN || validity?.[row] === 0) continue;
        if (value !== computed[row]) bad[row] = 1;
      }
      given.fill(NOT_GIVEN);
      hasGiven = false;
    },
  };
}

const computed = new Int32Array(STAGE_ROWS);

function computePart(
  part: TimestampPart,
  days: Int32Array,
  millis: Int32Array,
  into: Int32Array,
  rows: number,
): void {
  if (part === 'hour') {
    for (let row = 0; row < rows; row++) into[row] = (millis[row]! / HOUR_MS) | 0;
    return;
  }
  if (part === 'dayOfWeek') {
    // The epoch was a Thursday, 3 counted from Monday; so many whole weeks make it positive.
    for (let row = 0; row < rows; row++) into[row] = (days[row]! + 3 + 7_000_000) % 7;
    return;
  }
  let lastDay = NaN;
  let last = 0;
  for (let row = 0; row < rows; row++) {
    const day = days[row]!;
    if (day !== lastDay) {
      lastDay = day;
      last = timestampPart(day * DAY_MS, part);
    }
    into[row] = last;
  }
}
