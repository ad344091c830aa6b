import type { Column } from '../contract/column';
import { STAGE_ROWS, mixA, mixB, type ByteSource, type Hashes } from './byte-source';
import type { Member } from './layout';
import { readDecimal, readInt, type NumberTarget } from './read-number';
import { readDate, readTimestamp, type TimestampTarget } from './read-timestamp';
import { capacityFor, type ColumnBuffer, type StagedColumn } from './staged-column';
import { createValidity, createValidityBuffer, memberOf, type StagedValidity } from './validity';

const DAY_MS = 86_400_000;
const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;

/** A column whose values are whole numbers that a double holds exactly. */
export interface NumberColumn extends StagedColumn {
  values: Float64Array;
  validity: StagedValidity;
}

/** A column of timestamps, which are staged as days and milliseconds of the day too. */
export interface TimestampColumn extends NumberColumn {
  days: Int32Array;
  millis: Int32Array;
}

/** A staged column of int32, date, or decimal of at most 15 digits. */
export function createNumberColumn(source: ByteSource, column: Column): NumberColumn {
  const { type, nullable } = column;
  const target = numberTarget(column);
  const validity = createValidity(nullable);
  return {
    ...stagedNumbers(target.values, validity, type.kind === 'decimal'),
    member: memberOf(
      source,
      validity,
      (row) => (target.values[row] = 0),
      numberMember(source, column, target),
    ),
  };
}

function numberTarget({ type, rules }: Column): NumberTarget {
  const [least, most] = bounds(type);
  return {
    values: new Float64Array(STAGE_ROWS),
    minimum: rules.minimum === undefined ? least : Math.max(least, Number(rules.minimum)),
    maximum: rules.maximum === undefined ? most : Math.min(most, Number(rules.maximum)),
    allowed: rules.allowed && new Set(rules.allowed.map(Number)),
    scale: type.kind === 'decimal' ? type.scale : 0,
  };
}

function bounds(type: Column['type']): [number, number] {
  if (type.kind !== 'decimal') return [INT32_MINIMUM, INT32_MAXIMUM];
  const limit = 10 ** type.precision;
  return [1 - limit, limit - 1];
}

function numberMember(source: ByteSource, { type }: Column, target: NumberTarget): Member {
  switch (type.kind) {
    case 'int32':
      return {
        kind: 'int',
        number: target,
        read: (at, row) => readInt(target, source.bytes, at, row),
      };
    case 'decimal':
      return {
        kind: 'decimal',
        number: target,
        read: (at, row) => readDecimal(target, source.bytes, at, row),
      };
    default:
      return {
        read: (at, row) =>
          readDate(source.bytes, source.view, at, (day) => {
            target.values[row] = day;
            const { minimum, maximum, allowed } = target;
            return day >= minimum && day <= maximum && allowed?.has(day) !== false;
          }),
      };
  }
}

/** A staged column of timestamps of which those outside of the bounds are left to the plain way. */
export function createTimestampColumn(
  source: ByteSource,
  { nullable, rules }: Column<number>,
  least: number,
  most: number,
): TimestampColumn {
  const { minimum = least, maximum = most, allowed } = rules;
  const target: TimestampTarget = {
    values: new Float64Array(STAGE_ROWS),
    days: new Int32Array(STAGE_ROWS),
    millis: new Int32Array(STAGE_ROWS),
    minimum: Math.max(least, minimum),
    maximum: Math.min(most, maximum),
  };
  const { values, days, millis } = target;
  const validity = createValidity(nullable);
  const staged = stagedNumbers(values, validity, true);
  const read = (at: number, row: number): number => {
    const behind = readTimestamp(target, source.bytes, source.view, at, row);
    return behind < 0 || !allowed || allowed.includes(values[row]!) ? behind : -1;
  };
  return {
    ...staged,
    days,
    millis,
    set(row, value) {
      staged.set(row, value);
      days[row] = Math.floor(values[row]! / DAY_MS);
      millis[row] = values[row]! - days[row] * DAY_MS;
    },
    member: memberOf(source, validity, (row) => (values[row] = 0), {
      read,
      ...(!allowed && { kind: 'timestamp', timestamp: target }),
    }),
  };
}

/** A column that is computed and never read. */
export function createComputedColumn({ nullable }: Column): NumberColumn {
  const values = new Float64Array(STAGE_ROWS);
  return { ...stagedNumbers(values, createValidity(nullable), false), member: undefined };
}

function stagedNumbers(
  values: Float64Array,
  validity: StagedValidity,
  wide: boolean,
): Omit<NumberColumn, 'member'> {
  const words = new Int32Array(values.buffer);

  function mixInto({ a, b }: Hashes, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const low = words[2 * row]!;
      const high = words[2 * row + 1]!;
      a[row] = mixA(a[row]!, low ^ Math.imul(high, 0x2c1b3c6d));
      b[row] = mixB(b[row]!, high ^ Math.imul(low, 0x297a2d39));
    }
    if (!validity) return;
    for (let row = 0; row < rows; row++) {
      a[row] = mixA(a[row]!, validity[row]!);
      b[row] = mixB(b[row]!, validity[row]!);
    }
  }

  return {
    values,
    validity,
    set(row, value) {
      values[row] = Number(value);
      if (validity) validity[row] = value === null ? 0 : 1;
    },
    mixKeyInto(key, row, rows) {
      mixInto(key, rows);
      mixInto(row, rows);
    },
    mixInto,
    createBuffer: () => createNumberBuffer(values, validity, wide),
  };
}

function createNumberBuffer(
  staged: Float64Array,
  stagedValidity: StagedValidity,
  wide: boolean,
): ColumnBuffer {
  const validity = createValidityBuffer(stagedValidity);
  if (wide) {
    let values = new Float64Array(0);
    return {
      append(rows, count, size) {
        if (size + count > values.length) values = largerDoubles(values, size + count);
        const target = values;
        for (let i = 0; i < count; i++) target[size + i] = staged[rows[i]!]!;
        validity.append(rows, count, size);
      },
      take: () => ({ kind: 'int64', values, ...validity.take() }),
    };
  }
  let values = new Int32Array(0);
  return {
    append(rows, count, size) {
      if (size + count > values.length) values = largerInts(values, size + count);
      const target = values;
      for (let i = 0; i < count; i++) target[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'int32', values, ...validity.take() }),
  };
}

function largerDoubles(values: Float64Array, needed: number) {
  const larger = new Float64Array(capacityFor(needed));
  larger.set(values);
  return larger;
}

function largerInts(values: Int32Array, needed: number) {
  const larger = new Int32Array(capacityFor(needed));
  larger.set(values);
  return larger;
}
