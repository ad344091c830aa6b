import type { Column } from '../contract/column';
import { STAGE_ROWS, mixA, mixB, type ByteSource, type Hashes } from './byte-source';
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

export function createInt32Column(source: ByteSource, column: Column<number>): NumberColumn {
  const target: IntTarget = {
    values: new Int32Array(STAGE_ROWS),
    ...bounds(column, INT32_MINIMUM, INT32_MAXIMUM),
  };
  return int32Column(source, column, target, {
    kind: 'int',
    target,
    read: (at, row) => readInt(target, source.bytes, at, row),
  });
}

export function createDateColumn(source: ByteSource, column: Column<number>): NumberColumn {
  const target: IntTarget = {
    values: new Int32Array(STAGE_ROWS),
    ...bounds(column, INT32_MINIMUM, INT32_MAXIMUM),
  };
  const { values, minimum, maximum, allowed } = target;
  return int32Column(source, column, target, {
    read: (at, row) =>
      readDate(source.bytes, source.view, at, (day) => {
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
    // What is computed from other columns tells no rows apart.
    mixInto: () => undefined,
    mixKeyInto: () => undefined,
    createBuffer: () => createInt32Buffer(values, validity),
  };
}

/** A decimal of at most 15 digits. */
export function createDecimalColumn(
  source: ByteSource,
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
    member: memberOf(source, validity, (row) => (values[row] = 0), {
      kind: 'decimal',
      target,
      read: (at, row) => readDecimal(target, source.bytes, at, row),
    }),
  };
}

/** A column of timestamps of which those outside of the bounds are left to the plain way. */
export function createTimestampColumn(
  source: ByteSource,
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
    const behind = readTimestamp(target, source.bytes, source.view, at, row);
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
      source,
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
  source: ByteSource,
  { nullable }: Column,
  { values }: IntTarget,
  member: NonNullable<StagedColumn['member']>,
): NumberColumn {
  const validity = createValidity(nullable);

  function mixInto({ a, b }: Hashes, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const word = values[row]!;
      a[row] = mixA(a[row]!, word);
      b[row] = mixB(b[row]!, word);
    }
    mixValidity(validity, { a, b }, rows);
  }

  return {
    values,
    validity,
    member: memberOf(source, validity, (row) => (values[row] = 0), member),
    ...settersOf(values, validity),
    mixInto,
    mixKeyInto(key, row, rows) {
      mixInto(key, rows);
      mixInto(row, rows);
    },
    createBuffer: () => createInt32Buffer(values, validity),
  };
}

function doubles(values: Float64Array, validity: StagedValidity) {
  const words = new Int32Array(values.buffer);

  function mixInto({ a, b }: Hashes, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const low = words[2 * row]!;
      const high = words[2 * row + 1]!;
      a[row] = mixA(a[row]!, low ^ Math.imul(high, 0x2c1b3c6d));
      b[row] = mixB(b[row]!, high ^ Math.imul(low, 0x297a2d39));
    }
    mixValidity(validity, { a, b }, rows);
  }

  return {
    values,
    validity,
    ...settersOf(values, validity),
    mixInto,
    mixKeyInto(key: Hashes, row: Hashes, rows: number): void {
      mixInto(key, rows);
      mixInto(row, rows);
    },
    createBuffer: () => createInt64Buffer(values, validity),
  };
}

/** Tells null from the zero in its place. */
function mixValidity(validity: StagedValidity, { a }: Hashes, rows: number): void {
  if (!validity) return;
  for (let row = 0; row < rows; row++) a[row] = mixA(a[row]!, validity[row]!);
}
