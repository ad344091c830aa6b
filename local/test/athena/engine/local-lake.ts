import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openQueryEngine } from '../../../src/athena/engine/open-query-engine';
import type { ResultColumn, StatementRequest } from '../../../src/athena/query-engine';
import type { GlueCatalog } from '../../../src/glue/glue-catalog';
import { pathOfKey } from '../../../src/s3/key-path';
import { freshStateDir } from '../../support/state-dir';
import { memoryCatalog } from './memory-catalog';

/** A bucket `lake` in a folder of its own, a catalog with the database `db`, and the engine. */
export interface LocalLake {
  catalog: GlueCatalog;
  folder: string;
  /** Puts an object of text. */
  put(key: string, text: string): void;
  /** Puts a Parquet file with the rows of a query of DuckDB's. */
  putParquet(key: string, duckdbSql: string): Promise<void>;
  /** Runs a statement and reads all of its rows. */
  run(sql: string, options?: Partial<StatementRequest>): Promise<Answer>;
  /** As `run`, the rows alone. */
  rows(sql: string, options?: Partial<StatementRequest>): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

export interface Answer {
  rows: (string | null)[][];
  columns: ResultColumn[];
  statementType: string;
  substatementType: string;
  bytesScanned: number;
  updateCount?: number;
  writtenFiles?: string[];
}

export const NOW = Date.UTC(2025, 2, 15);

export async function openLocalLake(): Promise<LocalLake> {
  const root = freshStateDir();
  const folder = join(root, 'lake');
  mkdirSync(folder);
  const catalog = memoryCatalog();
  catalog.createDatabase({ name: 'db' });
  const pathOf = (key: string): string => {
    const path = join(folder, pathOfKey(key));
    mkdirSync(dirname(path), { recursive: true });
    return path;
  };
  const engine = openQueryEngine({
    catalog,
    bucketFolder: (bucket) => (bucket === 'lake' ? folder : undefined),
    // eslint-disable-next-line @typescript-eslint/require-await
    putFile: async (_bucket, key, path) => copyFileSync(path, pathOf(key)),
    temporaryFolder: join(root, 'tmp'),
    now: () => NOW,
  });
  const duckdb = await DuckDBInstance.create(':memory:');
  const connection = await duckdb.connect();
  await connection.run(`SET TimeZone = 'UTC'`);

  const run = async (sql: string, options: Partial<StatementRequest> = {}): Promise<Answer> => {
    const result = await engine.run({
      sql,
      parameters: [],
      database: 'db',
      outputLocation: 's3://lake/results/',
      signal: new AbortController().signal,
      ...options,
    });
    const rows: (string | null)[][] = [];
    for await (const some of result.rows) rows.push(...some);
    return { ...result, rows, bytesScanned: result.bytesScanned() };
  };
  return {
    catalog,
    folder,
    put: (key, text) => writeFileSync(pathOf(key), text),
    async putParquet(key, duckdbSql) {
      await connection.run(`COPY (${duckdbSql}) TO '${pathOf(key)}' (FORMAT parquet)`);
    },
    run,
    rows: async (sql, options) => (await run(sql, options)).rows,
    async close() {
      await engine.close();
      connection.closeSync();
      duckdb.closeSync();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
