import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecords } from '@saleslake/shared/decode/decode-records';
import { gunzip } from '@saleslake/shared/decode/gunzip';
import { createParquetFiles } from '@saleslake/shared/parquet/parquet-files';
import {
  defaultParquetOptions,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import { transactions } from '@saleslake/shared/tables/transactions';
import type { Conversion } from './candidate';

const READ_BYTES = 256 * 1024;

/**
 * The bytes of a file, in pieces. Read by the thread that decodes them, as DuckDB does. Each overwrites
 * the one before; but those of gzip, which is inflated in the background.
 */
// eslint-disable-next-line @typescript-eslint/require-await -- as a stream from S3 is one
export async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = openSync(path, 'r');
  const create = (): Buffer => Buffer.allocUnsafeSlow(READ_BYTES);
  const shared = path.endsWith('.gz') ? undefined : create();
  try {
    for (;;) {
      const buffer = shared ?? create();
      const size = readSync(file, buffer);
      if (size === 0) return;
      yield buffer.subarray(0, size);
    }
  } finally {
    closeSync(file);
  }
}

/** This project's way: decoded, checked, and written to a file for each day. */
export async function convert(
  writer: ParquetWriter,
  input: string,
  outputFolder: string,
): Promise<Conversion> {
  const handles: number[] = [];
  const files = createParquetFiles((name: string) => {
    const handle = openSync(join(outputFolder, name), 'w');
    handles.push(handle);
    return writer(transactions, defaultParquetOptions, (bytes) => {
      writeSync(handle, bytes);
    });
  });
  const { good } = await decodeRecords(gunzip(readPieces(input)), transactions, {
    onRows: (partition, batch, isLast) =>
      files.append(`${Object.values(partition ?? {}).join('-')}.parquet`, batch, isLast),
    onReject: () => {},
  });
  let bytes = 0;
  for (const summary of (await files.finish()).values()) bytes += summary.bytes;
  for (const handle of handles) closeSync(handle);
  return { rows: good, bytes };
}
