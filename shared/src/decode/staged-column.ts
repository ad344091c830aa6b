import type { ColumnVector } from '../parquet/column-batch';
import type { Member } from './layout';
import type { HashedColumn } from './row-hash';

/** One column of the rows that are being decoded together. */
export interface StagedColumn {
  /** How a record gives it; undefined where it is computed. */
  member: Member | undefined;
  /**
   * Takes over a value, or null, of a row that was read the plain way. One of more bytes than
   * `longRecordBytes` of the stage comes alone: no other row is staged.
   */
  set(row: number, value: unknown): void;
  /** Undefined where it is computed: from other columns, so that it tells no rows apart. */
  hashed: HashedColumn | undefined;
  createBuffer(): ColumnBuffer;
  /** Called when so many staged rows are done with and none is staged. */
  settled?(rows: number): void;
  /** Forgets what it knows of an object: the next begins. */
  reset?(): void;
}

/** One column of the rows that wait for their batch. */
export interface ColumnBuffer<K extends ColumnVector['kind'] = ColumnVector['kind']> {
  /**
   * Appends the values of the staged rows `rows[0]` … `rows[count - 1]` behind the first `size`; with
   * a size of 0 a new batch begins, in the arrays of the one before.
   */
  append(rows: Int32Array, count: number, size: number): void;
  /** Begins a batch with the first `size` values of another buffer of the column, which end there. */
  takeOver(other: ColumnBuffer<K>, size: number): void;
  /** The first `size` values as a vector, that is good until the next batch begins. */
  take(size: number): ColumnVector & { kind: K };
}
