import type { TableContract } from '@saleslake/shared/contract/table-contract';
import type { ColumnBatch } from '@saleslake/shared/parquet/column-batch';
import type {
  ParquetFile,
  ParquetOptions,
  ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import type { StoredBody } from './conditional-store';
import type { StagedOutput, Staging } from './staging';

/** The Parquet files of one version, each known by its key. */
export interface PartitionFiles {
  /** `isLast` as of ParquetFile. */
  append(key: string, batch: ColumnBatch, isLast: boolean): Promise<void>;
  finish(): Promise<Map<string, { rows: number; body: StoredBody }>>;
  /** Gives all files up. */
  abort(): Promise<void>;
}

/**
 * Rows wait in memory until they fill a row group. Where those of all files together exceed
 * `bufferBytes`, the file with most of them writes a smaller row group.
 */
export function createPartitionFiles(
  contract: TableContract,
  writer: ParquetWriter,
  options: ParquetOptions,
  staging: Staging,
  bufferBytes: number,
): PartitionFiles {
  const files = new Map<string, { file: ParquetFile; output: StagedOutput }>();
  let buffered = 0;

  function open(key: string): ParquetFile {
    const output = staging.open();
    const file = writer(contract, options, (bytes) => output.write(bytes));
    files.set(key, { file, output });
    return file;
  }

  async function counted(file: ParquetFile, work: () => void | Promise<void>): Promise<void> {
    const before = file.bufferedBytes;
    await work();
    buffered += file.bufferedBytes - before;
  }

  async function flushLargest(): Promise<void> {
    let largest: ParquetFile | undefined;
    for (const { file } of files.values()) {
      if (!largest || file.bufferedBytes > largest.bufferedBytes) largest = file;
    }
    if (largest) await counted(largest, () => largest.flush());
  }

  return {
    async append(key, batch, isLast) {
      const file = files.get(key)?.file ?? open(key);
      await counted(file, () => file.append(batch, isLast));
      if (buffered > bufferBytes) await flushLargest();
    },
    async finish() {
      const finished = new Map<string, { rows: number; body: StoredBody }>();
      const ended: [string, number, StagedOutput][] = [];
      for (const [key, { file, output }] of files) {
        ended.push([key, (await file.finish()).rows, output]);
      }
      // Only now: until the last file has ended, bytes may still move from memory to disk.
      for (const [key, rows, output] of ended) finished.set(key, { rows, body: output.body() });
      return finished;
    },
    async abort() {
      for (const { file } of files.values()) await file.abort();
    },
  };
}
