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
  type DataType,
} from 'apache-arrow';
import {
  Compression,
  Encoding,
  Table as WasmTable,
  WriterPropertiesBuilder,
  transformParquetStream,
  type RecordBatch as WasmRecordBatch,
  type WriterProperties,
} from 'parquet-wasm';
import type { Column, ColumnType } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector } from './column-batch';
import {
  footerMetadata,
  type ParquetFile,
  type ParquetOptions,
  type ParquetWriter,
} from './parquet-writer';
import { createRowBuffer } from './row-buffer';
import { createRowGroupBuffer } from './row-group-buffer';
import { utf8Values } from './utf8-values';

const CODECS = {
  snappy: Compression.SNAPPY,
  zstd: Compression.ZSTD,
  uncompressed: Compression.UNCOMPRESSED,
};

/**
 * Writes Parquet through Apache Arrow and parquet-wasm: the cross-check of the fast writer, and
 * the one to choose where a second, independent implementation is wanted.
 */
export const createArrowParquetFile: ParquetWriter = (contract, options, write): ParquetFile => {
  const buffer = createRowGroupBuffer(contract, options.rowGroupRows);
  const summary = { rows: 0, bytes: 0 };
  let stream: WasmStream | undefined;

  async function writeRowGroup(batch: ColumnBatch): Promise<void> {
    stream ??= openStream(writerProperties(contract, batch, options), (bytes) => {
      summary.bytes += bytes.length;
      write(bytes);
    });
    summary.rows += batch.rowCount;
    await stream.add(toWasm(contract, batch));
  }

  async function flush(): Promise<void> {
    const batch = buffer.rest();
    if (batch) await writeRowGroup(batch);
  }

  return {
    get bufferedBytes() {
      return buffer.byteSize;
    },
    async append(batch) {
      for (const rowGroup of buffer.add(batch)) await writeRowGroup(rowGroup);
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
  add(batch: WasmRecordBatch): Promise<void>;
  end(): Promise<void>;
  /** Ends the encoder, which frees its memory, and drops what it still gives. */
  abort(): Promise<void>;
}

function openStream(properties: WriterProperties, write: (bytes: Uint8Array) => void): WasmStream {
  let failed: unknown;
  let controller!: ReadableStreamDefaultController<WasmRecordBatch>;
  let wanted: () => void = () => {};
  let isOpen = true;
  let isAborted = false;
  const batches = new ReadableStream<WasmRecordBatch>(
    {
      start: (given) => {
        controller = given;
      },
      pull: () => wanted(),
    },
    { highWaterMark: 0 },
  );
  const written = (async () => {
    const output = (await transformParquetStream(
      batches,
      properties,
    )) as ReadableStream<Uint8Array>;
    for await (const bytes of output) if (!isAborted) write(bytes);
  })().catch((error: unknown) => {
    failed = error;
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
      isOpen = false;
      controller.close();
      await written;
      throwIfFailed();
    },
    async abort() {
      isAborted = true;
      if (isOpen && !failed) controller.close();
      isOpen = false;
      await written;
    },
  };
}

/**
 * Chosen by the first row group: a string column that came with a dictionary is written with one,
 * any other string plain and uncompressed, as ids do not shrink, and numbers as deltas: half the
 * time and the size of the defaults. A `WriterProperties` serves for one file only.
 */
function writerProperties(
  contract: TableContract,
  first: ColumnBatch,
  options: ParquetOptions,
): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setCompression(CODECS[options.compression])
    .setMaxRowGroupSize(options.rowGroupRows)
    .setCreatedBy('saleslake (apache-arrow, parquet-wasm)')
    .setKeyValueMetadata(footerMetadata(contract, options));
  for (const [i, [name, { type }]] of columnEntries(contract).entries()) {
    const vector = first.columns[i]!;
    if (vector.kind === 'dictionary') continue;
    builder = builder.setColumnDictionaryEnabled(name, false);
    if (vector.kind === 'utf8') {
      builder = builder.setColumnCompression(name, Compression.UNCOMPRESSED);
    } else if (type.kind !== 'decimal' || type.precision <= INT64_DIGITS) {
      builder = builder.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    }
  }
  return builder.build();
}

/** Decimals of more digits are byte arrays in Parquet. */
const INT64_DIGITS = 18;

function arrowType(type: ColumnType): DataType {
  switch (type.kind) {
    case 'string':
      return new Utf8();
    case 'int32':
      return new Int32();
    case 'date':
      return new DateDay();
    case 'timestamp':
      return new TimestampMillisecond('UTC');
    case 'decimal':
      return new Decimal(type.scale, type.precision);
  }
}

function toWasm(contract: TableContract, batch: ColumnBatch): WasmRecordBatch {
  const children = columnEntries(contract).map(([, column], i) =>
    toArrow(column, batch.columns[i]!, batch.rowCount),
  );
  const fields = columnEntries(contract).map(
    ([name, { nullable }], i) => new Field(name, children[i]!.type, nullable),
  );
  const schema = new Schema(fields);
  const data = makeData({
    type: new Struct(fields),
    length: batch.rowCount,
    nullCount: 0,
    children,
  });
  const table = new Table([new RecordBatch(schema, data)]);
  const wasmTable = WasmTable.fromIPCStream(tableToIPC(table, 'stream'));
  const wasmBatch = wasmTable.recordBatch(0);
  wasmTable.free();
  if (!wasmBatch) throw new Error('parquet-wasm read no record batch');
  return wasmBatch;
}

function toArrow({ type }: Column, vector: ColumnVector, length: number): Data {
  const nulls = nullsOf(vector.validity, length);
  switch (vector.kind) {
    // Arrow has dictionaries too, but a file of dictionaries alone and one of text alone would
    // then have different Arrow schemas.
    case 'dictionary':
    case 'utf8': {
      const { bytes, offsets } = utf8Values(vector, length);
      return makeData({
        type: new Utf8(),
        length,
        valueOffsets: signed(offsets),
        data: bytes,
        ...nulls,
      });
    }
    case 'int32':
      return makeData({ type: arrowType(type) as Int32, length, data: vector.values, ...nulls });
    case 'int64':
      if (type.kind === 'decimal') {
        const data = decimalsFromDoubles(vector.values, length);
        return makeData({ type: arrowType(type) as Decimal, length, data, ...nulls });
      }
      return makeData({
        type: arrowType(type) as TimestampMillisecond,
        length,
        data: BigInt64Array.from(vector.values.subarray(0, length), BigInt),
        ...nulls,
      });
    case 'bigint':
      return makeData({
        type: arrowType(type) as Decimal,
        length,
        data: decimalsFromBigints(vector.values, length),
        ...nulls,
      });
  }
}

/** Arrow's offsets are signed; below 2^31 the bits are the same. */
function signed(values: Uint32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** Arrow's validity: a bit a row, the first row in the lowest bit. */
function nullsOf(
  validity: Uint8Array | undefined,
  length: number,
): { nullCount: number; nullBitmap?: Uint8Array } {
  if (!validity) return { nullCount: 0 };
  const nullBitmap = new Uint8Array((length + 7) >> 3);
  let valid = 0;
  for (let i = 0; i < length; i++) {
    if (validity[i] === 0) continue;
    nullBitmap[i >> 3]! |= 1 << (i & 7);
    valid++;
  }
  return { nullCount: length - valid, nullBitmap };
}

const TWO_32 = 2 ** 32;

/** Arrow's decimals: 128 bits in two's complement, as four little-endian words. */
function decimalsFromDoubles(values: Float64Array, length: number): Uint32Array {
  const words = new Uint32Array(length * 4);
  for (let i = 0; i < length; i++) {
    const value = values[i]!;
    const high = Math.floor(value / TWO_32);
    words[i * 4] = value - high * TWO_32;
    words[i * 4 + 1] = high;
    if (value < 0) words[i * 4 + 2] = words[i * 4 + 3] = 0xffffffff;
  }
  return words;
}

function decimalsFromBigints(values: readonly bigint[], length: number): Uint32Array {
  const words = new BigInt64Array(length * 2);
  for (let i = 0; i < length; i++) {
    words[i * 2] = BigInt.asIntN(64, values[i]!);
    words[i * 2 + 1] = values[i]! >> 64n;
  }
  return new Uint32Array(words.buffer);
}
