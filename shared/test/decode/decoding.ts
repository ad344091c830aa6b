import { setImmediate } from 'node:timers/promises';
import type { TableContract } from '@saleslake/shared/contract/table-contract';
import {
  decodeRecords,
  type DecodeOptions,
  type DecodeResult,
} from '@saleslake/shared/decode/decode-records';
import { createFastDecoder } from '@saleslake/shared/decode/fast-decoder';
import { createPlainDecoder } from '@saleslake/shared/decode/plain-decoder';
import type { Rejection } from '@saleslake/shared/decode/rejection';
import type { ColumnBatch, ColumnVector, Utf8Values } from '@saleslake/shared/parquet/column-batch';

/** What decodeRecords handed on, in a form that tests can compare. */
export interface Decoded extends DecodeResult {
  /** A partition as year-month-day, or an empty text. */
  batches: { partition: string; rows: unknown[][] }[];
  rejections: Rejection[];
}

const decoders = { fast: createFastDecoder, plain: createPlainDecoder, chosen: undefined };

type Options = Partial<Omit<DecodeOptions, 'createDecoder'>> & { decoder?: keyof typeof decoders };

type Input = string | Uint8Array | Uint8Array[] | AsyncIterable<Uint8Array>;

export async function decode(
  input: Input,
  contract: TableContract,
  { decoder = 'fast', ...options }: Options = {},
): Promise<Decoded> {
  const batches: Decoded['batches'] = [];
  const rejections: Rejection[] = [];
  const result = await decodeRecords(chunksOf(input), contract, {
    onRows(partition, batch) {
      batches.push({ partition: Object.values(partition ?? {}).join('-'), rows: rowsOf(batch) });
    },
    onReject(rejection) {
      rejections.push(rejection);
    },
    createDecoder: decoders[decoder],
    ...options,
  });
  return { ...result, batches, rejections };
}

function chunksOf(input: Input): AsyncIterable<Uint8Array> {
  if (typeof input === 'string') return chunksOf(Buffer.from(input));
  if (input instanceof Uint8Array) return chunksOf([input]);
  if (!Array.isArray(input)) return input;
  // eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source of what is there
  return (async function* () {
    yield* input;
  })();
}

/** The text cut into chunks of so many bytes each. */
export function cut(text: string | Uint8Array, size: number): Uint8Array[] {
  const bytes = Buffer.from(text);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

/** The text of a source, each of whose chunks is good until the next is asked for. */
export async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

/** The text in pieces of so many bytes, with everything else that waits going on between two of them. */
export async function* slowly(text: string, size: number): AsyncGenerator<Uint8Array> {
  for (const piece of cut(text, size)) {
    await setImmediate();
    yield piece;
  }
}

export function rowsOf({ rowCount, columns }: ColumnBatch): unknown[][] {
  return Array.from({ length: rowCount }, (_, row) => columns.map((c) => valueAt(c, row)));
}

function valueAt(column: ColumnVector, row: number): unknown {
  if (column.validity?.[row] === 0) return null;
  switch (column.kind) {
    case 'dictionary':
      return textAt(column.dictionary, column.codes[row]!);
    case 'utf8':
      return textAt(column.values, row);
    default:
      return column.values[row];
  }
}

function textAt({ bytes, offsets }: Utf8Values, index: number): string {
  return Buffer.from(bytes).toString('utf8', offsets[index], offsets[index + 1]);
}

/** A line of the transactions table; `change` replaces members. */
export function sale(id: string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    transaction_id: id,
    timestamp: '2026-03-01T22:15:30.250Z',
    customer_id: 'C1',
    product_id: 'P1',
    product_name: 'Desk lamp',
    category: 'Home',
    quantity: 3,
    price: 19.99,
    total_amount: 59.97,
    ...change,
  });
}

/** The ids of the rows, batch by batch. */
export function idsOf({ batches }: Decoded): unknown[] {
  return batches.flatMap(({ rows }) => rows.map(([id]) => id));
}
