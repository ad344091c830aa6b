import { transformParquetStream, type RecordBatch, type WriterProperties } from 'parquet-wasm';
import { withWasmBatch } from './arrow-batch';
import { arrowWriterProperties } from './arrow-properties';
import type { ColumnBatch } from './column-batch';
import type { ParquetFile, ParquetWriter } from './parquet-writer';
import { createRowBuffer } from './row-buffer';
import { createRowGroupBuffer, sliceBatch } from './row-group-buffer';

/** Wasm memory only ever grows, so the encoder is given a row group in several record batches. */
const BATCH_ROWS = 16_384;

/**
 * Writes Parquet through Apache Arrow and parquet-wasm: the cross-check of the fast writer, and
 * the one to choose where a second, independent implementation is wanted.
 */
export const createArrowParquetFile: ParquetWriter = (contract, options, write): ParquetFile => {
  const buffer = createRowGroupBuffer(contract, options.rowGroupRows);
  const summary = { rows: 0, bytes: 0 };
  let stream: WasmStream | undefined;

  async function writeRowGroup(batch: ColumnBatch): Promise<void> {
    const opened = (stream ??= openStream(
      arrowWriterProperties(contract, batch, options),
      (bytes) => {
        summary.bytes += bytes.length;
        write(bytes);
      },
    ));
    summary.rows += batch.rowCount;
    // A file without rows, too, takes a batch: it brings the columns.
    let start = 0;
    do {
      const end = Math.min(batch.rowCount, start + BATCH_ROWS);
      await withWasmBatch(contract, sliceBatch(batch, start, end), (some) => opened.add(some));
      start = end;
    } while (start < batch.rowCount);
  }

  async function flush(): Promise<void> {
    const batch = buffer.rest();
    if (batch) await writeRowGroup(batch);
  }

  return {
    get bufferedBytes() {
      return buffer.byteSize;
    },
    async append(batch, isLast) {
      for (const rowGroup of buffer.add(batch, isLast)) await writeRowGroup(rowGroup);
    },
    flush,
    async finish() {
      await flush();
      if (!stream) await writeRowGroup(createRowBuffer(contract).take());
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
