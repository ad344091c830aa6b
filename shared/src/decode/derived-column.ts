import type { TimestampPart } from '../contract/column';
import { timestampPart } from '../contract/timestamp';
import type { Arena } from './arena';
import { isNullAt } from './hosted-member';
import { hostReader, kernel, type HostedReader } from './kernel';
import { STAGE_ROWS } from './kernel-source';
import type { Member } from './layout';
import type { ComputedColumn, TimestampColumn } from './number-column';

const DAY_MS = 86_400_000;

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

/** `into` is undefined for a partition column, which no file has. */
export function createDerivation(
  { days, millis, validity }: TimestampColumn,
  part: TimestampPart,
  into: ComputedColumn | undefined,
  arena: Arena,
): Derivation {
  const given = arena.int32s(STAGE_ROWS).fill(NOT_GIVEN);
  const computed = arena.int32s(STAGE_ROWS);
  // As the kernel's IntTarget.
  const target = arena.struct([given.byteOffset, NOT_GIVEN + 1, 2 ** 31 - 1]);
  let hasGiven = false;

  function forgetGiven(row: number): void {
    given[row] = NOT_GIVEN;
  }

  const reader: HostedReader = (at, row) => {
    // It is noted as not given already.
    if (isNullAt(at)) return at + 4;
    hasGiven = true;
    return kernel.readInt(target, at, row);
  };

  return {
    member: {
      kind: 'hosted',
      target: hostReader(reader, arena),
      validity: undefined,
      optional: true,
      rare: true,
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
      if (hasGiven) compareGiven(rows, bad);
    },
  };

  function compareGiven(rows: number, bad: Uint8Array): void {
    computePart(part, days, millis, computed, rows);
    for (let row = 0; row < rows; row++) {
      const value = given[row]!;
      // Nothing is given; or there is no part of null to agree with.
      if (value === NOT_GIVEN || validity?.[row] === 0) continue;
      if (value !== computed[row]) bad[row] = 1;
    }
    given.fill(NOT_GIVEN);
    hasGiven = false;
  }
}

function computePart(
  part: TimestampPart,
  days: Int32Array,
  millis: Int32Array,
  into: Int32Array,
  rows: number,
): void {
  if (part === 'hour') kernel.hoursOf(millis.byteOffset, rows, into.byteOffset);
  else if (part === 'dayOfWeek') kernel.weekdaysOf(days.byteOffset, rows, into.byteOffset);
  else computeDayPart(part, days, into, rows);
}

/** A part that all times of a day have in common. */
function computeDayPart(
  part: TimestampPart,
  days: Int32Array,
  into: Int32Array,
  rows: number,
): void {
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
