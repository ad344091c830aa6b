import type { ByteBuffer } from './byte-buffer';

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

/** The bytes of a page, without its header. */
export interface PageContent {
  /** A view that the next content overwrites. */
  bytes: Uint8Array;
  /** Its size before compression. */
  uncompressed: number;
}

/** How the values of a column chunk, without its nulls, are written. */
export interface ValueEncoding<V> {
  /** Of the data pages. */
  encoding: number;
  /** The page of distinct values, plain, that the data pages then refer to. */
  dictionary?: { size: number; put(out: ByteBuffer): void };
  /** Writes values start … end of a data page. */
  put(out: ByteBuffer, start: number, end: number): void;
  /** Writes `head` and the same as `put` in the raw Snappy format, where the values are ids. */
  snappyIds?: (head: Uint8Array, start: number, end: number) => PageContent;
  /**
   * A range for each page; none for a page of nulls alone. Those of PLAIN strings come as the pages are
   * written, one after another: texts are then looked at but once.
   */
  ranges: (ValueRange<V> | undefined)[];
}
