import type { Column } from '../contract/column';
import { STAGE_ROWS } from './byte-source';
import { createInt32Buffer, createInt64Buffer } from './number-buffer';
import { readDecimal, readInt, type DecimalTarget, type IntTarget } from './read-number';
import { readDate, readTimestamp, type TimestampTarget } from './read-timestamp';
import type { StagedColumn } from './staged-column';
import { MISS } from './value-reader';
import { createValidity, memberOf, type StagedValidity } from './validity';

const DAY_MS = 86_400_000;
const INT32_MINIMUM = -(2 ** 31);
const INT32_MAXIMUM = 2 ** 31 - 1;

/** A column whose values are whole numbers that a double holds exactly. */
export interface NumberColumn extends StagedColumn {
  values: Int32Array | Float64Array;
  validity: StagedValidity;
}

/** A column of timestamps, which are staged as days and milliseconds of the day too. */
export interface TimestampColumn extends NumberColumn {
  days: Int32Array;
  millis: Int32Array;
}

/** A column that is computed and not read. */
export interface ComputedColumn extends StagedColumn {
  values: Int32Array;
  validity: StagedValidity;
}

export function createInt32Column(column: Column<number>): NumberColumn {
  const target: IntTarget = {
    values: new Int32Array(STAGE_ROWS),
    ...bounds(column, INT32_MINIMUM, INT32_MAXIMUM),
  };
  return int32Column(column, target, {
    kind: 'int',
    target,
    read: (at, row) => readInt(target, at, row),
  });
}

export function createDateColumn(column: Column<number>): NumberColumn {
  const target: IntTarget = {
    values: new Int32Array(STAGE_ROWS),
    ...bounds(column, INT32_MINIMUM, INT32_MAXIMUM),
  };
  const { values, minimum, maximum, allowed } = target;
  return int32Column(column, target, {
    read: (at, row) =>
      readDate(at, (day) => {
        values[row] = day;
        return day >= minimum && day <= maximum && allowed?.has(day) !== false;
      }),
  });
}

export function createComputedColumn({ nullable }: Column): ComputedColumn {
  const values = new Int32Array(STAGE_ROWS);
  const validity = createValidity(nullable);
  return {
    values,
    validity,
    member: undefined,
    ...settersOf(values, validity),
    hashed: undefined,
    createBuffer: () => createInt32Buffer(values, validity),
  };
}

/** A decimal of at most 15 digits. */
export function createDecimalColumn(
  column: Column<bigint>,
  precision: number,
  scale: number,
): NumberColumn {
  const limit = 10 ** precision;
  const values = new Float64Array(STAGE_ROWS);
  const target: DecimalTarget = { values, ...bounds(column, 1 - limit, limit - 1), scale };
  const validity = createValidity(column.nullable);
  return {
    ...doubles(values, validity),
    member: memberOf(validity, (row) => (values[row] = 0), {
      kind: 'decimal',
      target,
      read: (at, row) => readDecimal(target, at, row),
    }),
  };
}

/** A column of timestamps of which those outside of the bounds are left to the plain way. */
export function createTimestampColumn(
  column: Column<number>,
  least: number,
  most: number,
): TimestampColumn {
  const { minimum, maximum, allowed } = bounds(column, least, most);
  const target: TimestampTarget = {
    values: new Float64Array(STAGE_ROWS),
    days: new Int32Array(STAGE_ROWS),
    millis: new Int32Array(STAGE_ROWS),
    minimum,
    maximum,
  };
  const { values, days, millis } = target;
  const validity = createValidity(column.nullable);
  const staged = doubles(values, validity);
  const read = (at: number, row: number): number => {
    const behind = readTimestamp(target, at, row);
    return behind < 0 || allowed?.has(values[row]!) === false ? MISS : behind;
  };
  return {
    ...staged,
    days,
    millis,
    set(row, value) {
      staged.set(row, value);
      const time = values[row]!;
      const day = Math.floor(time / DAY_MS);
      days[row] = day;
      millis[row] = time - day * DAY_MS;
    },
    member: memberOf(
      validity,
      (row) => (values[row] = 0),
      allowed ? { read } : { kind: 'timestamp', target, read },
    ),
  };
}

function bounds({ rules }: Column<number> | Column<bigint>, least: number, most: number) {
  return {
    minimum: rules.minimum === undefined ? least : Math.max(least, Number(rules.minimum)),
    maximum: rules.maximum === undefined ? most : Math.min(most, Number(rules.maximum)),
    allowed: rules.allowed && new Set(Array.from(rules.allowed, Number)),
  };
}

function settersOf(values: Int32Array | Float64Array, validity: StagedValidity) {
  return {
    set(row: number, value: unknown): void {
      values[row] = Number(value);
      if (validity) validity[row] = value === null ? 0 : 1;
    },
  };
}

function int32Column(
  { nullable }: Column,
  { values }: IntTarget,
  member: NonNullable<StagedColumn['member']>,
): NumberColumn {
  const validity = createValidity(nullable);

  return {
    values,
    validity,
    member: memberOf(validity, (row) => (values[row] = 0), member),
    ...settersOf(values, validity),
    hashed: { kind: 'int32', values, validity },
    createBuffer: () => createInt32Buffer(values, validity),
  };
}

function doubles(values: Float64Array, validity: StagedValidity) {
  return {
    values,
    validity,
    ...settersOf(values, validity),
    hashed: { kind: 'words' as const, values: new Int32Array(values.buffer), validity },
    createBuffer: () => createInt64Buffer(values, validity),
  };
}
