import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../query-engine';
import { parseLocation } from './s3-location';
import { literal, quoteName } from './tokenize';

export interface Output {
  format: 'parquet' | 'json' | 'csv';
  /** Athena's name of a codec, or undefined for the format's own. */
  compression?: string;
  delimiter?: string;
  partitionedBy: readonly string[];
}

export interface WrittenFile {
  path: string;
  /** The values of the partition columns; null is in no file's name as itself. */
  partition: string[];
}

const PARQUET_CODECS: Record<string, string> = {
  GZIP: 'gzip',
  SNAPPY: 'snappy',
  ZSTD: 'zstd',
  LZ4: 'lz4_raw',
  NONE: 'uncompressed',
  UNCOMPRESSED: 'uncompressed',
};

/** Writes a query's rows to files in a folder of its own below `temporaryFolder`; `remove` clears it. */
export async function writeFiles(
  connection: DuckDBConnection,
  sql: string,
  output: Output,
  temporaryFolder: string,
): Promise<{ rows: number; files: WrittenFile[]; remove(): void }> {
  const folder = join(temporaryFolder, `write-${randomUUID()}`);
  mkdirSync(folder, { recursive: true });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const isPartitioned = output.partitionedBy.length > 0;
    const extension = extensionOf(output);
    const options = [
      ...formatOptions(output),
      ...(isPartitioned
        ? [
            `PARTITION_BY (${output.partitionedBy.map(quoteName).join(', ')})`,
            `FILE_EXTENSION ${literal(extension.slice(1))}`,
          ]
        : []),
    ];
    const target = isPartitioned ? folder : join(folder, `data${extension}`);
    const reader = await connection.runAndReadAll(
      `COPY (${sql}) TO ${literal(target)} (${options.join(', ')})`,
    );
    const rows = Number(reader.getRows()[0]?.[0] ?? 0);
    return { rows, files: rows === 0 ? [] : filesBelow(folder, []), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function formatOptions({ format, compression, delimiter }: Output): string[] {
  const codec = compression?.toUpperCase();
  switch (format) {
    case 'parquet': {
      const name = PARQUET_CODECS[codec ?? 'GZIP'];
      if (name === undefined) throw badCodec(compression);
      return ['FORMAT parquet', `COMPRESSION ${name}`];
    }
    case 'json':
      return ['FORMAT json', `COMPRESSION ${textCodec(codec)}`];
    case 'csv':
      return [
        'FORMAT csv',
        'HEADER false',
        `DELIMITER ${literal(delimiter ?? '\u0001')}`,
        `QUOTE ''`,
        `ESCAPE ''`,
        `NULLSTR '\\N'`,
        `COMPRESSION ${textCodec(codec)}`,
      ];
  }
}

function textCodec(codec = 'GZIP'): string {
  const name = { GZIP: 'gzip', ZSTD: 'zstd', NONE: 'none' }[codec];
  if (name === undefined) throw badCodec(codec);
  return name;
}

function badCodec(compression: string | undefined): QueryError {
  return new QueryError(
    'INVALID_TABLE_PROPERTY',
    `NOT_SUPPORTED: the compression ${compression ?? ''}; expected GZIP, SNAPPY, ZSTD or NONE`,
  );
}

/** Part of a name tells readers of text how it is compressed; Athena's Parquet files have none. */
function extensionOf({ format, compression = 'GZIP' }: Output): string {
  if (format === 'parquet') return '.parquet';
  return { GZIP: '.gz', ZSTD: '.zst', NONE: '.txt' }[compression.toUpperCase()] ?? '.txt';
}

function filesBelow(folder: string, partition: string[]): WrittenFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return statSync(path).size > 0 ? [{ path, partition }] : [];
    const value = decodeURIComponent(entry.name.slice(entry.name.indexOf('=') + 1));
    return filesBelow(path, [...partition, value]);
  });
}

/** Puts written files as objects below an S3 URI. Returns their URIs. */
export async function putFiles(
  files: readonly WrittenFile[],
  locationOf: (partition: readonly string[]) => string,
  putFile: (bucket: string, key: string, path: string) => Promise<void>,
): Promise<string[]> {
  const uris: string[] = [];
  for (const { path, partition } of files) {
    const { bucket, prefix } = parseLocation(locationOf(partition));
    const ending = /\.[a-z]+$/.exec(path)?.[0] ?? '';
    const key = `${prefix === '' ? '' : `${prefix}/`}${randomUUID()}${ending}`;
    await putFile(bucket, key, path);
    uris.push(`s3://${bucket}/${key}`);
  }
  return uris;
}
