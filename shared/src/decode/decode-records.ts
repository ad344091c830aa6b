import type { TableContract } from '../contract/table-contract';
import type { ColumnBatch } from '../parquet/column-batch';
import { PIECE_BYTES } from './byte-source';
import type { CreateDecoder, DecodeCounts } from './decoder';
import { SMALL_OBJECT_BYTES, chooseDecoder } from './decoder-choice';
import { GzipError } from './gunzip';
import { createRecordReader } from './json-records';
import { partitionOf, type Partition } from './partition';
import { readAhead } from './read-ahead';
import { describeRejection, type Rejection } from './rejection';

export type { DecodeCounts, Partition };

export interface DecodeOptions {
  /** By the size of the object, unless told otherwise. */
  createDecoder?: CreateDecoder;
  /** So many rows are handed on, where all are of one partition: 65,536 unless told otherwise. */
  batchRows?: number;
  /**
   * Any rows are, in a batch of each partition, as soon as they weigh more bytes than that: 36 MiB
   * unless told otherwise.
   */
  memoryBudgetBytes?: number;
  /**
   * Takes the rows of a partition, in the order in which they stand in the object. The batch is
   * good until what onRows returned has resolved; its arrays are then used again. `isLast` says that
   * the object has no more rows of the partition. Where that is not known in time, no batch of a
   * partition is said to be the last.
   */
  onRows(partition: Partition, batch: ColumnBatch, isLast: boolean): void | Promise<void>;
  /** Takes what cannot be used, in the order in which it stands in the object. */
  onReject(rejection: Rejection): void | Promise<void>;
}

export interface DecodeResult extends DecodeCounts {
  /**
   * Why the object is of no use as a whole: it is not JSON, or its gzip is broken. What onRows and
   * onReject were given of it must be thrown away; the counts are all 0.
   */
  unusable?: string;
}

/** An object of which that many records, or all, are not even JSON values is no JSON. */
const RECORDS_TO_JUDGE = 1000;

/**
 * Decodes the JSON of one object, in any of the layouts of `createRecordReader`, to rows of a
 * table, in columns and by partition. `source` is what `gunzip` gives.
 *
 * A row whose key stands earlier in the object is dropped as a duplicate where all of its values
 * are the same, and rejected where they are not. The next bytes are read when onRows and onReject
 * are done, so memory stays the same whatever the size of the object.
 *
 * @returns records = good + duplicates + rejected, unless the object as a whole is unusable.
 * @throws what the source, onRows or onReject throw.
 */
export async function decodeRecords(
  source: AsyncIterable<Uint8Array>,
  contract: TableContract,
  options: DecodeOptions,
): Promise<DecodeResult> {
  try {
    const { head, chunks } = await readAhead(source, SMALL_OBJECT_BYTES + 1);
    const createDecoder = options.createDecoder ?? (await chooseDecoder(head.length));
    return await decodeChunks(chunks, contract, createDecoder, options);
  } catch (error) {
    if (error instanceof GzipError) return unusable(error.message);
    throw error;
  }
}

async function decodeChunks(
  chunks: AsyncIterable<Uint8Array>,
  contract: TableContract,
  createDecoder: CreateDecoder,
  options: DecodeOptions,
): Promise<DecodeResult> {
  const { batchRows = 65_536, memoryBudgetBytes = 36 << 20 } = options;
  const decoder = createDecoder(contract, { batchRows, memoryBudgetBytes });
  const reader = createRecordReader(decoder);
  const { output } = decoder;

  const hasOutput = (): boolean => output.rejections.length > 0 || output.batches.length > 0;

  async function handOn(): Promise<void> {
    const { rejections, batches } = output;
    output.rejections = [];
    output.batches = [];
    for (const rejection of rejections) await options.onReject(rejection);
    for (const days of batches) {
      for (const { day, batch, isLast } of days) {
        await options.onRows(partitionOf(contract, day), batch, isLast);
      }
    }
    decoder.recycle();
  }

  const isJson = (): boolean => output.firstJson > 0 && output.firstJson <= RECORDS_TO_JUDGE;
  const isNotJson = (): boolean => !isJson() && output.counts.records >= RECORDS_TO_JUDGE;

  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        reader.push(chunk.subarray(at, at + PIECE_BYTES));
        if (isNotJson()) return unusable(describeNotJson(output.rejections));
        if (isJson() && hasOutput()) await handOn();
      }
    }
    reader.end();
    decoder.finish();
    if (output.counts.records > 0 && !isJson()) return unusable(describeNotJson(output.rejections));
    await handOn();
    return { ...output.counts };
  } finally {
    decoder.close();
  }
}

function describeNotJson([first]: Rejection[]): string {
  return `not JSON: no record is a JSON value; ${first ? describeRejection(first) : ''}`;
}

function unusable(reason: string): DecodeResult {
  return { records: 0, good: 0, duplicates: 0, rejected: 0, unusable: reason };
}
