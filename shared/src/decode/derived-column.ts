import type { TimestampPart } from '../contract/column';
import { timestampPart } from '../contract/timestamp';
import { STAGE_ROWS, type ByteSource } from './byte-source';
import type { NumberColumn } from './number-column';
import { int32Reader } from './read-number';
import type { ValueReader } from './staged-column';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** A part of a timestamp column, for all staged rows at once. */
export interface Derivation {
  /** Computes the part for the first `rows` rows. */
  compute(rows: number): void;
  /** Reads what a record itself says about it. */
  readGiven: ValueReader;
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
  from: NumberColumn,
  part: TimestampPart,
  into: NumberColumn | undefined,
): Derivation {
  const given = new Float64Array(STAGE_ROWS).fill(NaN);
  const readInt = int32Reader(source, given);
  let hasGiven = false;
  const partAt = partReader(part);

  return {
    compute(rows) {
      if (!into) return;
      for (let row = 0; row < rows; row++) {
        const valid = from.validity ? from.validity[row]! : 1;
        into.values[row] = valid === 1 ? partAt(from.values[row]!) : 0;
        if (into.validity) into.validity[row] = valid;
      }
    },
    readGiven(at, row) {
      if (source.view.getInt32(at, true) === NULL_WORD) return at + 4;
      hasGiven = true;
      return readInt(at, row);
    },
    forgetGiven(row) {
      given[row] = NaN;
    },
    checkGiven(rows, bad) {
      if (!hasGiven) return;
      for (let row = 0; row < rows; row++) {
        const value = given[row]!;
        // NaN is no value. Of a null timestamp there is no part to agree with.
        if (value !== value || from.validity?.[row] === 0) continue;
        if (value !== partAt(from.values[row]!)) bad[row] = 1;
      }
      given.fill(NaN);
      hasGiven = false;
    },
  };
}

function partReader(part: TimestampPart): (time: number) => number {
  switch (part) {
    case 'hour':
      return (time) => Math.floor((time - Math.floor(time / DAY_MS) * DAY_MS) / HOUR_MS);
    case 'dayOfWeek':
      // The epoch was a Thursday, 3 counted from Monday; 7 · 10^7 days more than make it positive.
      return (time) => (Math.floor(time / DAY_MS) + 3 + 70_000_000) % 7;
    default: {
      let lastDay = NaN;
      let last = 0;
      return (time) => {
        const day = Math.floor(time / DAY_MS);
        if (day !== lastDay) {
          lastDay = day;
          last = timestampPart(time, part);
        }
        return last;
      };
    }
  }
}
