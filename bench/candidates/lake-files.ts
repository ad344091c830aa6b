import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecords } from '@saleslake/shared/decode/decode-records';
import { gunzip } from '@saleslake/shared/decode/gunzip';
import {
  defaultParquetOptions,
  type ParquetFile,
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
  const files = new Map<string, { file: ParquetFile; handle: number }>();
  const { good } = await decodeRecords(gunzip(readPieces(input)), transactions, {
    onRows: (partition, batch, isLast) => {
      const name = `${Object.values(partition ?? {}).join('-')}.parquet`;
      let opened = files.get(name);
      if (!opened) {
        const handle = openSync(join(outputFolder, name), 'w');
        const file = writer(transactions, defaultParquetOptions, (bytes) => {
          writeSync(handle, bytes);
        });
        files.set(name, (opened = { file, handle }));
      }
      return opened.file.append(batch, isLast);
    },
    onReject: () => {},
  });
  let bytes = 0;
  for (const { file, handle } of files.values()) {
    bytes += (await file.finish()).bytes;
    closeSync(handle);
  }
  return { rows: good, bytes };
}
