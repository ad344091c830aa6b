import {
  transformParquetStream,
  writeParquet,
  type RecordBatch,
  type WriterProperties,
} from 'parquet-wasm';
import { toWasmTable, withWasmBatch } from './arrow-batch';
import { arrowWriterProperties } from './arrow-properties';
import type { ColumnBatch } from './column-batch';
import type { ParquetFile, ParquetWriter } from './parquet-writer';
import { createRowBuffer } from './row-buffer';
import { createRowGroupBuffer, sliceBatch } from './row-group-buffer';

/** Wasm memory only ever grows, so the encoder is given a row group in several record batches. */
const BATCH_ROWS = 16_384;

/** A file of at most so many rows is written at once: a stream takes longer to open. */
const FEW_ROWS = 1024;

/**
 * Writes Parquet through Apache Arrow and parquet-wasm: the cross-check of the fast writer, and
 * the one to choose where a second, independent implementation is wanted.
 */
export const createArrowParquetFile: ParquetWriter = (contract, options, write): ParquetFile => {
  let buffer = createRowGroupBuffer(contract, options.rowGroupRows);
  const summary = { rows: 0, bytes: 0 };
  let stream: WasmStream | undefined;
  let isOfSmallGroups = false;

  const put = (bytes: Uint8Array): void => {
    summary.bytes += bytes.length;
    write(bytes);
  };

  /**
   * The encoder cannot be told to end a row group, and one that it has begun takes some MiB, however
   * few its rows. So where the first is a small one, as the file is one of many, all are of as many
   * rows, and what is left of them waits outside.
   */
  function open(first: ColumnBatch): WasmStream {
    isOfSmallGroups = first.rowCount < options.rowGroupRows / 2;
    const rowGroupRows = isOfSmallGroups ? first.rowCount : options.rowGroupRows;
    if (isOfSmallGroups) buffer = createRowGroupBuffer(contract, rowGroupRows, rowGroupRows);
    return openStream(arrowWriterProperties(contract, first, { ...options, rowGroupRows }), put);
  }

  async function writeRowGroup(batch: ColumnBatch): Promise<void> {
    const opened = (stream ??= open(batch));
    summary.rows += batch.rowCount;
    for (let start = 0; start < batch.rowCount; start += BATCH_ROWS) {
      const some = sliceBatch(batch, start, Math.min(batch.rowCount, start + BATCH_ROWS));
      await withWasmBatch(contract, some, (wasmBatch) => opened.add(wasmBatch));
    }
  }

  async function writeRest(): Promise<void> {
    const batch = buffer.rest();
    if (batch) await writeRowGroup(batch);
  }

  /** A few rows are kept in any case, for the file to need no stream. */
  const canGo = (rows: number): boolean => !isOfSmallGroups && rows > FEW_ROWS;

  return {
    get bufferedBytes() {
      return canGo(buffer.rowCount) ? buffer.byteSize : 0;
    },
    async append(batch, atOnce = false) {
      const isWhole = atOnce && canGo(batch.rowCount);
      for (const rowGroup of buffer.add(batch, isWhole)) await writeRowGroup(rowGroup);
    },
    async flush() {
      if (canGo(buffer.rowCount)) await writeRest();
    },
    async finish() {
      if (!stream && buffer.rowCount <= FEW_ROWS) {
        const batch = buffer.rest() ?? createRowBuffer(contract).take();
        summary.rows = batch.rowCount;
        put(
          writeParquet(
            toWasmTable(contract, batch),
            arrowWriterProperties(contract, batch, options),
          ),
        );
        return summary;
      }
      await writeRest();
      await stream!.end();
      return summary;
    },
    abort: () => stream?.abort(),
  };
};

interface WasmStream {
  /** Resolves once the encoder asks for more. */
  add(batch: RecordBatch): Promise<void>;
  end(): Promise<void>;
  /** Ends the encoder, which frees its memory, and drops what it still gives. */
  abort(): Promise<void>;
}

function openStream(properties: WriterProperties, write: (bytes: Uint8Array) => void): WasmStream {
  let failed: unknown;
  let controller!: ReadableStreamDefaultController<RecordBatch>;
  let wanted: () => void = () => {};
  let isOpen = true;
  let isAborted = false;
  const batches = new ReadableStream<RecordBatch>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => wanted(),
    },
    { highWaterMark: 0 },
  );
  /** Without an end, the encoder waits for more, and keeps its memory, for as long as we live. */
  const close = (): void => {
    if (isOpen) controller.close();
    isOpen = false;
  };
  const written = (async () => {
    const output = (await transformParquetStream(
      batches,
      properties,
    )) as ReadableStream<Uint8Array>;
    for await (const bytes of output) if (!isAborted) write(bytes);
  })().catch((error: unknown) => {
    failed = error;
    close();
    wanted();
  });
  const throwIfFailed = (): void => {
    if (failed) throw new Error('parquet-wasm could not write the file', { cause: failed });
  };
  return {
    async add(batch) {
      throwIfFailed();
      const next = new Promise<void>((resolve) => {
        wanted = resolve;
      });
      controller.enqueue(batch);
      await next;
      throwIfFailed();
    },
    async end() {
      close();
      await written;
      throwIfFailed();
    },
    async abort() {
      isAborted = true;
      close();
      await written;
    },
  };
}
