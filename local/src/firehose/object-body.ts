import { gzipSync } from 'node:zlib';
import type { TableContract } from '@saleslake/shared/contract/table-contract';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import {
  defaultParquetOptions,
  type ParquetCompression,
} from '@saleslake/shared/parquet/parquet-writer';
import { createRowBuffer } from '@saleslake/shared/parquet/row-buffer';
import type { Deserialized } from './conversion/json-deserializer';

const NEWLINE = Buffer.from('\n');
// The rows of one row group are held as values before they are columns.
const ROWS_AT_ONCE = 8192;

/** Records one after another: nothing between them unless a newline after each is asked for. */
export function concatenated(records: Buffer[], appendDelimiter: boolean): Buffer {
  return Buffer.concat(appendDelimiter ? records.flatMap((data) => [data, NEWLINE]) : records);
}

export function compressed(body: Buffer, compression: 'UNCOMPRESSED' | 'GZIP'): Buffer {
  return compression === 'GZIP' ? gzipSync(body) : body;
}

/** The rows of the records as one Parquet file. Throws where a record has none any more. */
export function parquet(
  records: Buffer[],
  contract: TableContract,
  deserialize: (data: Buffer) => Deserialized,
  compression: ParquetCompression,
): Buffer {
  const chunks: Uint8Array[] = [];
  const file = createFastParquetFile(contract, { ...defaultParquetOptions, compression }, (bytes) =>
    chunks.push(new Uint8Array(bytes)),
  );
  const buffer = createRowBuffer(contract);
  for (const record of records) {
    const deserialized = deserialize(record);
    if (!('rows' in deserialized)) {
      // It was convertible when it was buffered: the table has been changed since.
      throw new Error(`${deserialized.errorCode}: ${deserialized.errorMessage}`);
    }
    for (const row of deserialized.rows) buffer.append(row);
    if (buffer.rowCount >= ROWS_AT_ONCE) void file.append(buffer.take());
  }
  if (buffer.rowCount > 0) void file.append(buffer.take());
  void file.finish();
  return Buffer.concat(chunks);
}
