import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { QueryFile } from '@saleslake/shared/catalog/query-file';
import { openQueryEngine } from '../../local/src/athena/engine/open-query-engine';
import type { ResultColumn } from '../../local/src/athena/query-engine';
import { memoryCatalog } from '../../local/test/athena/engine/memory-catalog';
import { ddlFiles } from '../ddl-files';
import { sqlFiles } from '../lint/lint-folder';
import { queryFile, SQL, statementOf } from './golden';

/** A result as Athena gives it: text, null for NULL. */
export interface Result {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
}

/** The local Athena over a lake of its own, with the tables of sql/ddl and the views. */
export interface Athena {
  run(sql: string, parameters?: readonly string[]): Promise<Result>;
  /** Runs a file with its defaults, or with other parameters by name; of a view, its rows. */
  runFile(file: QueryFile, parameters?: Record<string, string>): Promise<Result>;
  close(): Promise<void>;
}

const DATABASE = 'saleslake';

/**
 * @param fill writes the lake's files into the folder, which is the curated and the raw bucket in
 * one
 */
export async function openAthena(fill: (folder: string) => void): Promise<Athena> {
  const root = mkdtempSync(join(tmpdir(), 'saleslake-sql-'));
  const lake = join(root, 'lake');
  mkdirSync(lake);
  fill(lake);
  const catalog = memoryCatalog();
  catalog.createDatabase({ name: DATABASE });
  const engine = openQueryEngine({
    catalog,
    bucketFolder: (bucket) => (bucket === 'lake' ? lake : undefined),
    putFile: (_, key, path) => {
      mkdirSync(dirname(join(lake, key)), { recursive: true });
      return Promise.resolve(copyFileSync(path, join(lake, key)));
    },
    temporaryFolder: join(root, 'engine'),
    now: () => Date.now(),
  });
  const run: Athena['run'] = async (sql, parameters = []) => {
    const { columns, rows } = await engine.run({
      sql,
      parameters,
      database: DATABASE,
      outputLocation: 's3://lake/results/',
      signal: new AbortController().signal,
    });
    const all: (string | null)[][] = [];
    for await (const some of rows) all.push(...some);
    return { rows: all, columns: columns.map(withFullType) };
  };
  for (const ddl of ddlFiles().values()) {
    await run(ddl.replaceAll(/<(curated|raw)-bucket>/g, 'lake'));
  }
  for (const path of sqlFiles(SQL, 'views')) await run(queryFile(path).sql);
  return {
    run,
    runFile(file, given) {
      const { sql, parameters } = statementOf(file, given);
      return run(sql, parameters);
    },
    async close() {
      await engine.close();
      rmSync(root, { recursive: true });
    },
  };
}

function withFullType({ name, type, precision, scale }: ResultColumn) {
  return { name, type: type === 'decimal' ? `decimal(${precision},${scale})` : type };
}
