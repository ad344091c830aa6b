import type { TableContract } from '../contract/table-contract';
import type { ColumnBatch } from '../parquet/column-batch';
import type { RecordSink } from './json-records';
import type { Rejection } from './rejection';

export interface DecodeCounts {
  /** good + duplicates + rejected */
  records: number;
  good: number;
  /** Left out, because an identical row came before. */
  duplicates: number;
  rejected: number;
}

/** What a decoder has ready to be handed on. */
export interface DecodedOutput {
  counts: DecodeCounts;
  /** The number of the first record, from 1, that is a JSON value; 0 as long as there is none. */
  firstJson: number;
  /** To be handed on in order. Each batch is good until the next of its iterable is asked for. */
  batches: Iterable<DayBatch>[];
  rejections: Rejection[];
}

export interface DayBatch {
  /** Counted from the epoch; ONLY_DAY where the table is not partitioned. */
  day: number;
  batch: ColumnBatch;
  /** Whether the object has no more rows of that day. */
  isLast: boolean;
}

/** Makes column batches of the records that it is given as a sink. */
export interface Decoder extends RecordSink {
  readonly output: DecodedOutput;
  /** After the last record: hands on what still waits. */
  finish(): void;
  /** What was handed on so far is done with: its arrays may be overwritten. */
  recycle(): void;
  /** Nothing of the output is needed any more; the decoder is not used again. */
  close(): void;
}

export type CreateDecoder = (contract: TableContract, limits: BatchLimits) => Decoder;

export interface BatchLimits {
  batchRows: number;
  memoryBudgetBytes: number;
}

/** Whether so many rows, which weigh so much and are all of one day or not, are to be handed on. */
export function isBatch(
  areOneDay: boolean,
  rows: number,
  bytes: number,
  { batchRows, memoryBudgetBytes }: BatchLimits,
): boolean {
  // Of several days, few may be of each: the more there are, the less is left for who writes them.
  return (areOneDay && rows >= batchRows) || bytes > memoryBudgetBytes;
}

export function emptyOutput(): DecodedOutput {
  const counts = { records: 0, good: 0, duplicates: 0, rejected: 0 };
  return { counts, firstJson: 0, batches: [], rejections: [] };
}
