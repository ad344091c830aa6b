import type { TimestampPart } from '../contract/column';
import { timestampPart } from '../contract/timestamp';
import { STAGE_ROWS, type ByteSource } from './byte-source';
import type { Member } from './layout';
import type { NumberColumn, TimestampColumn } from './number-column';
import { readInt } from './read-number';

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

// `null`, as four bytes read at once.
const NULL_WORD = 0x6c6c756e;

/** `into` is undefined for a partition column, which no file has. */
export function createDerivation(
  source: ByteSource,
  { days, millis, validity }: TimestampColumn,
  part: TimestampPart,
  into: NumberColumn | undefined,
): Derivation {
  const given = new Float64Array(STAGE_ROWS).fill(NaN);
  const target = {
    values: given,
    minimum: -Infinity,
    maximum: Infinity,
    allowed: undefined,
    scale: 0,
  };
  let hasGiven = false;
  const partOf = partReader(part);

  function forgetGiven(row: number): void {
    given[row] = NaN;
  }

  return {
    member: {
      // What is not given is NaN already.
      absent: () => undefined,
      rare: true,
      read(at, row) {
        if (source.view.getInt32(at, true) === NULL_WORD) {
          return at + 4;
        }
        hasGiven = true;
        return readInt(target, source.bytes, at, row);
      },
    },
    compute(rows) {
      if (!into) return;
      const { values } = into;
      for (let row = 0; row < rows; row++) {
        const valid = validity ? validity[row]! : 1;
        values[row] = valid === 1 ? partOf(days[row]!, millis[row]!) : 0;
        if (into.validity) into.validity[row] = valid;
      }
    },
    forgetGiven,
    checkGiven(rows, bad) {
      if (!hasGiven) return;
      for (let row = 0; row < rows; row++) {
        const value = given[row]!;
        // Nothing is given; or there is no part of null to agree with.
        if (Number.isNaN(value) || validity?.[row] === 0) continue;
        if (value !== partOf(days[row]!, millis[row]!)) bad[row] = 1;
      }
      given.fill(NaN);
      hasGiven = false;
    },
  };
}

function partReader(part: TimestampPart): (day: number, millis: number) => number {
  switch (part) {
    case 'hour':
      return (_day, millis) => (millis / HOUR_MS) | 0;
    case 'dayOfWeek':
      // The epoch was a Thursday, 3 counted from Monday; so many whole weeks make it positive.
      return (day) => (day + 3 + 7_000_000) % 7;
    default: {
      let lastDay = NaN;
      let last = 0;
      return (day) => {
        if (day !== lastDay) {
          lastDay = day;
          last = timestampPart(day * DAY_MS, part);
        }
        return last;
      };
    }
  }
}
