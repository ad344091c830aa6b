import type { ByteBuffer } from './byte-buffer';
import type { Utf8Values } from './column-batch';

/** The rows of a data page, and where their values that are not null are. */
export interface PageRows {
  firstRow: number;
  rowCount: number;
  /** Among the column's values without its nulls. */
  start: number;
  end: number;
}

export interface ValueRange<V> {
  minimum: V;
  maximum: V;
}

/** How the values of a column chunk, without its nulls, are written. */
export interface ValueEncoding<V> {
  /** Of the data pages. */
  encoding: number;
  /** The page of distinct values, plain, that the data pages then refer to. */
  dictionary?: { size: number; put(out: ByteBuffer): void };
  /** Writes values start … end of a data page. */
  put(out: ByteBuffer, start: number, end: number): void;
  /** What `put` writes, where that is PLAIN strings. */
  strings?: Utf8Values;
  /** A range for each page; none for a page of nulls alone. */
  ranges: (ValueRange<V> | undefined)[];
}
