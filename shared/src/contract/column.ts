/** How a column's values are stored; the same word stands in Parquet, Glue and SQL. */
export type ColumnType =
  | { kind: 'string' }
  | { kind: 'int32' }
  | { kind: 'decimal'; precision: number; scale: number }
  | { kind: 'timestamp' }
  | { kind: 'date' };

/** A part of a timestamp, in UTC. `dayOfWeek` counts from 0 = Monday. */
export type TimestampPart = 'year' | 'month' | 'day' | 'hour' | 'dayOfWeek';

/** What a value must satisfy beyond its type. Bounds are inclusive, in the column's own values. */
export interface ColumnRules<V> {
  minimum?: V;
  maximum?: V;
  /** In UTF-16 code units, as JavaScript counts. */
  minLength?: number;
  maxLength?: number;
  allowed?: readonly V[];
  /** Tested as it stands: anchor it. */
  pattern?: RegExp;
}

/**
 * A column of a contract. `V` is its value in a TypeScript row: a string; a number for int32, for
 * a timestamp (milliseconds since the epoch, UTC) and for a date (days since the epoch); a bigint
 * for a decimal: the unscaled integer, so 19.99 at scale 2 is 1999n.
 */
export interface Column<V = unknown> {
  type: ColumnType;
  nullable: boolean;
  rules: ColumnRules<V>;
  comment: string;
  /** Computed from a timestamp column. Input may repeat it, and must then agree. */
  derivedFrom?: { column: string; part: TimestampPart };
}

interface ColumnOptions<V> extends ColumnRules<V> {
  comment: string;
}

function column<V>(
  type: ColumnType,
  { comment, ...rules }: ColumnOptions<V>,
  derivedFrom?: Column['derivedFrom'],
): Column<V> {
  return { type, nullable: false, rules, comment, ...(derivedFrom && { derivedFrom }) };
}

/** UTF-8 text. */
export function string(options: ColumnOptions<string>): Column<string> {
  return column({ kind: 'string' }, options);
}

/** A whole number in -2^31 … 2^31 - 1. */
export function int32(options: ColumnOptions<number>): Column<number> {
  return column({ kind: 'int32' }, options);
}

/**
 * An exact number with `scale` digits after the point and `precision` in all.
 * @throws RangeError where precision is not in 1 … 38 or scale not in 0 … precision, the bounds of
 * Athena: https://docs.aws.amazon.com/athena/latest/ug/data-types.html
 */
export function decimal(
  precision: number,
  scale: number,
  options: ColumnOptions<bigint>,
): Column<bigint> {
  if (!(precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision)) {
    throw new RangeError(`decimal(${precision},${scale}) is no decimal type`);
  }
  return column({ kind: 'decimal', precision, scale }, options);
}

/** A moment, to the millisecond, in UTC. */
export function timestamp(options: ColumnOptions<number>): Column<number> {
  return column({ kind: 'timestamp' }, options);
}

/** A day of the calendar. */
export function date(options: ColumnOptions<number>): Column<number> {
  return column({ kind: 'date' }, options);
}

/** An int32 column computed from the timestamp column `from`. */
export function partOf(
  from: string,
  part: TimestampPart,
  options: ColumnOptions<number>,
): Column<number> {
  return column({ kind: 'int32' }, options, { column: from, part });
}

/** The same column where null, or no value at all, is allowed. */
export function nullable<V>(of: Column<V>): Column<V | null> {
  return { ...of, nullable: true };
}

/** The type's name in Glue, Athena and Hive DDL. */
export function sqlType(type: ColumnType): string {
  switch (type.kind) {
    case 'int32':
      return 'int';
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    default:
      return type.kind;
  }
}
