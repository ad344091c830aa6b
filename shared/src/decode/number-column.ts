import type { Column } from '../contract/column';
import type { Arena } from './arena';
import { hostedMember } from './hosted-member';
import { kernel, MISS } from './kernel';
import { STAGE_ROWS } from './kernel-source';
import type { Member } from './layout';
import { createInt32Buffer, createInt64Buffer } from './number-buffer';
import type { StagedColumn } from './staged-column';
import { createValidity, type StagedValidity } from './validity';

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

export function createInt32Column(column: Column<number>, arena: Arena): NumberColumn {
  return int32Column(column, 'int', arena);
}

export function createDateColumn(column: Column<number>, arena: Arena): NumberColumn {
  return int32Column(column, 'date', arena);
}

function int32Column(column: Column<number>, kind: 'int' | 'date', arena: Arena): NumberColumn {
  const values = arena.int32s(STAGE_ROWS);
  const validity = createValidity(column.nullable, arena);
  const { minimum, maximum, allowed } = bounds(column, INT32_MINIMUM, INT32_MAXIMUM);
  // As the kernel's IntTarget.
  const target = arena.struct([values.byteOffset, minimum, maximum]);
  return {
    values,
    validity,
    member: memberOf({ values, validity, allowed, kind, target }, arena),
    set: setterOf(values, validity),
    hashed: { kind: 'int32', values: values.byteOffset, validity },
    createBuffer: () => createInt32Buffer(values, validity),
  };
}

export function createComputedColumn({ nullable }: Column, arena: Arena): ComputedColumn {
  const values = arena.int32s(STAGE_ROWS);
  const validity = createValidity(nullable, arena);
  return {
    values,
    validity,
    member: undefined,
    set: setterOf(values, validity),
    hashed: undefined,
    createBuffer: () => createInt32Buffer(values, validity),
  };
}

/** A decimal of at most 15 digits. */
export function createDecimalColumn(
  column: Column<bigint>,
  precision: number,
  scale: number,
  arena: Arena,
): NumberColumn {
  const limit = 10 ** precision;
  const { minimum, maximum, allowed } = bounds(column, 1 - limit, limit - 1);
  const values = arena.doubles(STAGE_ROWS);
  const validity = createValidity(column.nullable, arena);
  // As the kernel's DecimalTarget.
  const target = arena.struct([values.byteOffset, scale], [minimum, maximum]);
  return {
    ...doubles(values, validity),
    member: memberOf({ values, validity, allowed, kind: 'decimal', target }, arena),
  };
}

/** A column of timestamps of which those outside of the bounds are left to the plain way. */
export function createTimestampColumn(
  column: Column<number>,
  least: number,
  most: number,
  arena: Arena,
): TimestampColumn {
  const { minimum, maximum, allowed } = bounds(column, least, most);
  const values = arena.doubles(STAGE_ROWS);
  const days = arena.int32s(STAGE_ROWS);
  const millis = arena.int32s(STAGE_ROWS);
  const validity = createValidity(column.nullable, arena);
  // As the kernel's TimestampTarget; the month that was read last is its own.
  const arrays = [values.byteOffset, days.byteOffset, millis.byteOffset];
  const target = arena.struct([...arrays, 0, 0, 0, 0, 0], [minimum, maximum]);
  const staged = doubles(values, validity);
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
    member: memberOf({ values, validity, allowed, kind: 'timestamp', target }, arena),
  };
}

interface NumberMember {
  values: Int32Array | Float64Array;
  validity: StagedValidity;
  allowed: ReadonlySet<number> | undefined;
  kind: keyof typeof KERNEL_READERS;
  target: number;
}

const KERNEL_READERS = {
  int: kernel.readInt,
  date: kernel.readDate,
  decimal: kernel.readDecimal,
  timestamp: kernel.readTimestamp,
};

/** Which values are allowed is more than the kernel knows. */
function memberOf({ values, validity, allowed, kind, target }: NumberMember, arena: Arena): Member {
  if (!allowed) return { kind, target, validity, optional: validity !== undefined };
  const readAny = KERNEL_READERS[kind];
  const clear = (row: number): void => {
    values[row] = 0;
  };
  const read = (at: number, row: number): number => {
    const behind = readAny(target, at, row);
    return behind >= 0 && allowed.has(values[row]!) ? behind : MISS;
  };
  return hostedMember(validity, clear, read, arena);
}

function bounds({ rules }: Column<number> | Column<bigint>, least: number, most: number) {
  return {
    minimum: rules.minimum === undefined ? least : Math.max(least, Number(rules.minimum)),
    maximum: rules.maximum === undefined ? most : Math.min(most, Number(rules.maximum)),
    allowed: rules.allowed && new Set(Array.from(rules.allowed, Number)),
  };
}

function setterOf(values: Int32Array | Float64Array, validity: StagedValidity) {
  return (row: number, value: unknown): void => {
    values[row] = Number(value);
    if (validity) validity[row] = value === null ? 0 : 1;
  };
}

function doubles(values: Float64Array, validity: StagedValidity) {
  return {
    values,
    validity,
    set: setterOf(values, validity),
    hashed: { kind: 'int64' as const, values: values.byteOffset, validity },
    createBuffer: () => createInt64Buffer(values, validity),
  };
}
