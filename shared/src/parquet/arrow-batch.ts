// Not 'apache-arrow' itself, which adds adapters for streams: 50 KB more to load.
import {
  DateDay,
  Decimal,
  Field,
  Int32,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimestampMillisecond,
  Utf8,
  makeData,
  tableToIPC,
  type Data,
} from 'apache-arrow/Arrow';
import { Table as WasmTable, type RecordBatch as WasmRecordBatch } from 'parquet-wasm';
import type { Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import { fillColumn, textBytes } from './arrow-fill';
import { arrowMemory, columnBuffers, type ColumnBuffers } from './arrow-memory';
import type { ColumnBatch } from './column-batch';

/** A record batch in wasm memory, as large as any that came, that is filled again and again. */
interface Room {
  contract: TableContract;
  rows: number;
  /** Bytes of text that each column has room for; 0 for numbers. */
  text: number[];
  batch: WasmRecordBatch;
  buffers: ColumnBuffers[];
}

let room: Room | undefined;
let turn: Promise<unknown> = Promise.resolve();

/**
 * Passes the rows to `use` as a record batch in wasm memory, which is good until the promise that
 * `use` returns has settled. All files share one room: those that come meanwhile wait their turn.
 */
export function withWasmBatch<T>(
  contract: TableContract,
  batch: ColumnBatch,
  use: (batch: WasmRecordBatch) => Promise<T>,
): Promise<T> {
  const used = turn.then(() => use(fill(contract, batch)));
  turn = used.catch(() => {});
  return used;
}

/**
 * Fills the room in place. Arrow's IPC is for making room alone: it would copy all rows three times
 * and check their UTF-8 once more, a fifth of all the time that writing takes.
 */
function fill(contract: TableContract, batch: ColumnBatch): WasmRecordBatch {
  const text = batch.columns.map((vector) => textBytes(vector, batch.rowCount));
  const isLarge =
    room?.contract === contract &&
    batch.rowCount <= room.rows &&
    text.every((bytes, i) => bytes <= room!.text[i]!);
  if (!isLarge) room = makeRoom(contract, batch.rowCount, text);
  const { batch: whole, buffers } = room!;
  const memory = arrowMemory();
  for (const [i, [, { type }]] of columnEntries(contract).entries()) {
    fillColumn(memory, buffers[i]!, type, batch.columns[i]!, batch.rowCount);
  }
  return whole.slice(0, batch.rowCount);
}

/** Text of as many rows is seldom of the same length, and making room is dear. */
const SLACK = 1.25;

/** Room for at least so many rows and so much text, with what there is already. */
function makeRoom(contract: TableContract, leastRows: number, leastText: number[]): Room {
  const former = room?.contract === contract ? room : undefined;
  const rows = Math.max(leastRows, former?.rows ?? 1);
  const text = leastText.map((bytes, i) =>
    Math.max(Math.ceil(bytes * SLACK), former?.text[i] ?? 0),
  );
  room?.batch.free();
  room = undefined;
  const columns = columnEntries(contract);
  const children = columns.map(([, column], i) => empty(column, rows, text[i]!));
  const fields = columns.map(
    ([name, { nullable }], i) => new Field(name, children[i]!.type, nullable),
  );
  const data = makeData({ type: new Struct(fields), length: rows, nullCount: 0, children });
  const table = new Table([new RecordBatch(new Schema(fields), data)]);
  const wasmTable = WasmTable.fromIPCStream(tableToIPC(table, 'stream'));
  const batch = wasmTable.recordBatch(0);
  wasmTable.free();
  if (!batch) throw new Error('parquet-wasm read no record batch');
  return { contract, rows, text, batch, buffers: columnBuffers(batch) };
}

/** Zeros of a column's type. Without a null there would be no room for nulls. */
function empty({ type, nullable }: Column, length: number, text: number): Data {
  const nulls = nullable
    ? { nullCount: length, nullBitmap: new Uint8Array((length + 7) >> 3) }
    : { nullCount: 0 };
  switch (type.kind) {
    case 'string': {
      const valueOffsets = new Int32Array(length + 1);
      valueOffsets[length] = text;
      const data = new Uint8Array(text);
      return makeData({ type: new Utf8(), length, valueOffsets, data, ...nulls });
    }
    case 'int32':
      return makeData({ type: new Int32(), length, data: new Int32Array(length), ...nulls });
    case 'date':
      return makeData({ type: new DateDay(), length, data: new Int32Array(length), ...nulls });
    case 'timestamp': {
      const data = new BigInt64Array(length);
      return makeData({ type: new TimestampMillisecond('UTC'), length, data, ...nulls });
    }
    case 'decimal': {
      const data = new Uint32Array(length * 4);
      return makeData({ type: new Decimal(type.scale, type.precision), length, data, ...nulls });
    }
  }
}
