import type { ColumnBatch } from './column-batch';
import type { ParquetFile, ParquetSummary } from './parquet-writer';

/** Parquet files that are written at the same time, such as one for each partition. */
export interface ParquetFiles<K> {
  /** Adds rows to the file of that key, which is opened where it is not; `isLast` as of onRows. */
  append(key: K, batch: ColumnBatch, isLast: boolean): Promise<void>;
  /** Ends all files, in the order in which they were opened. */
  finish(): Promise<Map<K, ParquetSummary>>;
  /** Gives all files up. */
  abort(): Promise<void>;
}

const BUFFER_BYTES = 8 << 20;

/** So many make a row group that is read well enough. */
const ENOUGH_ROWS = 2048;

/**
 * Rows wait in memory until they fill a row group, but not where there are enough of them: with many
 * files there is not the memory for the row groups of all. Where those that wait take more than
 * `bufferBytes` together, 8 MiB unless told otherwise, the file with most of them writes a smaller row group.
 */
export function createParquetFiles<K>(
  open: (key: K) => ParquetFile,
  bufferBytes = BUFFER_BYTES,
): ParquetFiles<K> {
  const files = new Map<K, ParquetFile>();
  let buffered = 0;

  async function counted(file: ParquetFile, work: () => void | Promise<void>): Promise<void> {
    const before = file.bufferedBytes;
    await work();
    buffered += file.bufferedBytes - before;
  }

  async function flushLargest(): Promise<void> {
    let largest: ParquetFile | undefined;
    for (const file of files.values()) {
      if (!largest || file.bufferedBytes > largest.bufferedBytes) largest = file;
    }
    if (largest) await counted(largest, () => largest.flush());
  }

  return {
    async append(key, batch, isLast) {
      let file = files.get(key);
      if (!file) files.set(key, (file = open(key)));
      const atOnce = isLast || batch.rowCount >= ENOUGH_ROWS;
      await counted(file, () => file.append(batch, atOnce));
      if (buffered > bufferBytes) await flushLargest();
    },
    async finish() {
      const summaries = new Map<K, ParquetSummary>();
      for (const [key, file] of files) summaries.set(key, await file.finish());
      return summaries;
    },
    async abort() {
      for (const file of files.values()) await file.abort();
    },
  };
}
