import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { literal } from './sql-literal';
import type { QueryTarget } from './query-target';
import type { QueryOutcome, ResultColumn } from './run-query';

/**
 * Writes a result as a Parquet file, from the CSV that Athena left in S3, each column with its
 * type. What has no type in Parquet's flat columns (arrays, maps, rows) stays text, as Athena
 * rendered it.
 */
export async function writeParquet(
  { s3 }: QueryTarget,
  { outputLocation, columns }: QueryOutcome,
  path: string,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'saleslake-result-'));
  const csv = join(folder, 'result.csv');
  const { hostname: Bucket, pathname } = new URL(outputLocation);
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: pathname.slice(1) }));
    await pipeline(Body as Readable, createWriteStream(csv));
    const connection = await instance.connect();
    const types = columns.map((column, i) => `'c${i}': '${duckDbType(column)}'`);
    const names = columns.map(({ name }, i) => `c${i} AS "${name.replaceAll('"', '""')}"`);
    // NULL is an empty field there, an empty string a quoted one.
    await connection.run(`COPY (SELECT ${names.join(', ')} FROM read_csv(${literal(csv)},
      auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
      nullstr = '', allow_quoted_nulls = false, columns = {${types.join(', ')}}))
      TO ${literal(path)} (FORMAT parquet)`);
    connection.closeSync();
  } finally {
    instance.closeSync();
    rmSync(folder, { recursive: true });
  }
}

function duckDbType({ type, precision, scale }: ResultColumn): string {
  switch (type) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double':
    case 'boolean':
    case 'date':
    case 'timestamp':
      return type.toUpperCase();
    case 'float':
    case 'real':
      return 'FLOAT';
    case 'decimal':
      return `DECIMAL(${precision},${scale})`;
    default:
      return 'VARCHAR';
  }
}
