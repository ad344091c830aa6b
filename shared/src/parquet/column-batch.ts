/** Strings as UTF-8, one after another: value i is bytes[offsets[i]] … bytes[offsets[i + 1]]. */
export interface Utf8Values {
  bytes: Uint8Array;
  /** One more than there are values. */
  offsets: Uint32Array;
}

/**
 * The values of one column, in row order and without an object a row. A row that is null has a
 * zero, an empty string or the code 0 in its place.
 *
 * | column | vector |
 * | --- | --- |
 * | string that repeats | codes into a dictionary of distinct values |
 * | string that does not | utf8 |
 * | int32, date | int32 |
 * | timestamp, decimal of at most 15 digits | int64: whole numbers that a double holds exactly |
 * | decimal of more digits | bigint: the unscaled integers |
 *
 * Batches may share a dictionary, of which each may use a part only. So it is never overwritten, even
 * where the other arrays are lent for a time.
 */
export type ColumnVector = (
  | { kind: 'dictionary'; codes: Uint32Array; dictionary: Utf8Values }
  | { kind: 'utf8'; values: Utf8Values }
  | { kind: 'int32'; values: Int32Array }
  | { kind: 'int64'; values: Float64Array }
  | { kind: 'bigint'; values: bigint[] }
) & {
  /** A byte a row, 1 where there is a value; absent where no row is null. */
  validity?: Uint8Array;
};

/** Rows of one table in columns, in the contract's order. Arrays may be longer than `rowCount`. */
export interface ColumnBatch {
  rowCount: number;
  columns: ColumnVector[];
}
