import { Table as WasmTable, type RecordBatch as WasmRecordBatch } from 'parquet-wasm';
import { columnEntries, type TableContract } from '../contract/table-contract';
import { fillColumns, nullCount, textBytes, type ColumnBuffers } from './arrow-fill';
import { createIpcStream } from './arrow-ipc';
import { arrowMemory, columnBuffers } from './arrow-memory';
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
 * Fills the room in place. Arrow's IPC is for making room alone: it would copy all rows twice and
 * check their UTF-8 once more, a tenth of all the time that writing takes.
 */
function fill(contract: TableContract, batch: ColumnBatch): WasmRecordBatch {
  const text = batch.columns.map((vector) => textBytes(vector, batch.rowCount));
  const isLarge =
    room?.contract === contract &&
    batch.rowCount <= room.rows &&
    text.every((bytes, i) => bytes <= room!.text[i]!);
  if (!isLarge) room = makeRoom(contract, batch.rowCount, text);
  const { batch: whole, buffers } = room!;
  fillColumns(arrowMemory(), buffers, contract, batch);
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
  const rooms = columnEntries(contract).map(([, { nullable }], i) => ({
    nulls: nullable ? rows : 0,
    text: text[i]!,
  }));
  const wasmTable = WasmTable.fromIPCStream(createIpcStream(contract, rows, rooms).bytes);
  const batch = wasmTable.recordBatch(0);
  wasmTable.free();
  if (!batch) throw new Error('parquet-wasm read no record batch');
  return { contract, rows, text, batch, buffers: columnBuffers(batch) };
}

/**
 * The rows as a table in wasm memory, which is there until it is freed: of few rows sooner made than
 * room for them.
 */
export function toWasmTable(contract: TableContract, batch: ColumnBatch): WasmTable {
  const { columns, rowCount } = batch;
  const rooms = columns.map((vector) => ({
    nulls: nullCount(vector, rowCount),
    text: textBytes(vector, rowCount),
  }));
  const { bytes, buffers } = createIpcStream(contract, rowCount, rooms);
  fillColumns(bytes.buffer, buffers, contract, batch);
  return WasmTable.fromIPCStream(bytes);
}
