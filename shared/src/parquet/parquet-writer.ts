import type { TableContract } from '../contract/table-contract';
import type { ColumnBatch } from './column-batch';

export type ParquetCompression = 'snappy' | 'zstd' | 'uncompressed';

export interface ParquetOptions {
  compression: ParquetCompression;
  /** Most rows in a row group, the unit that is held in memory and that readers read in parallel. */
  rowGroupRows: number;
  /** Written into the footer beside the contract's name and version. */
  metadata?: Readonly<Record<string, string>>;
}

export const defaultParquetOptions: ParquetOptions = {
  compression: 'snappy',
  rowGroupRows: 65_536,
};

export interface ParquetSummary {
  rows: number;
  bytes: number;
}

/** A Parquet file that is being written. One call at a time: await what append returns. */
export interface ParquetFile {
  /**
   * Adds rows. Once it has returned, or its promise resolved, the batch's arrays are the caller's
   * again and may be overwritten. `atOnce` has them written, with those that are buffered, and none
   * kept but where the writer has to: that saves a copy, and makes a smaller row group where they
   * are not the file's last.
   */
  append(batch: ColumnBatch, atOnce?: boolean): void | Promise<void>;
  /** About how many bytes of memory hold rows that flush would write. */
  readonly bufferedBytes: number;
  /** Has buffered rows encoded before they fill a row group, where that frees memory. */
  flush(): void | Promise<void>;
  /** Writes what is left and the footer. A file without rows is valid. */
  finish(): ParquetSummary | Promise<ParquetSummary>;
  /**
   * Gives up: nothing more is written, and memory beyond the garbage collector's reach is freed.
   * The file is of no use then.
   */
  abort(): void | Promise<void>;
}

/**
 * Opens a file of a table. Its bytes are passed to `write` in order, as they come to be; an array is
 * good until `write` returns.
 * @throws Error where the runtime lacks the compression.
 */
export type ParquetWriter = (
  contract: TableContract,
  options: ParquetOptions,
  write: (bytes: Uint8Array) => void,
) => ParquetFile;

/** The key-value pairs of the footer. */
export function footerMetadata(
  contract: TableContract,
  options: ParquetOptions,
): Map<string, string> {
  return new Map([
    ...Object.entries(options.metadata ?? {}),
    ['saleslake.table', contract.name],
    ['saleslake.version', String(contract.version)],
  ]);
}
