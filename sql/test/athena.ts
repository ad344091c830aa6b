import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseQueryFile, type QueryFile } from '@saleslake/shared/catalog/query-file';
import { sqlType } from '@saleslake/shared/contract/column';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';
import { tables } from '@saleslake/shared/tables/index';
import { openCompatSession } from '../../local/src/athena/engine/compat-session';
import { sqlFiles } from '../lint/lint-folder';

/** The folder of the texts. */
export const SQL = join(__dirname, '..');

/** A result as Athena gives it: text, null for NULL. */
export interface Result {
  columns: { name: string; type: string }[];
  rows: (string | null)[][];
}

/** The local Athena over a lake of its own, with the tables of the contracts and the views. */
export interface Athena {
  run(sql: string, parameters?: readonly string[]): Promise<Result>;
  /** Runs a file with its defaults, or with other parameters by name; of a view, its rows. */
  runFile(file: QueryFile, parameters?: Record<string, string>): Promise<Result>;
  /** Creates or replaces a view. */
  createView(sql: string): Promise<void>;
  close(): void;
}

export function queryFile(path: string): QueryFile {
  return parseQueryFile(path, readFileSync(join(SQL, path), 'utf8'));
}

/** @param fill writes the lake's files into the folder that is the curated bucket */
export async function openAthena(fill: (curated: string) => void): Promise<Athena> {
  const folder = mkdtempSync(join(tmpdir(), 'saleslake-sql-'));
  fill(folder);
  const session = await openCompatSession([folder]);
  for (const table of tables) await session.setUp(tableOver(folder, table));
  const athena: Athena = {
    async run(sql, parameters = []) {
      const { columns, rows } = await session.query(sql, parameters);
      return { rows, columns: columns.map(({ name, ...type }) => ({ name, type: nameOf(type) })) };
    },
    async runFile({ name, kind, sql, parameters, columns }, given = {}) {
      if (kind === 'view') {
        const names = columns.map((column) => column.name).join(', ');
        return athena.run(`SELECT ${names} FROM ${name.replaceAll('-', '_')}`);
      }
      const values = parameters.map((parameter) => given[parameter.name] ?? parameter.default);
      return athena.run(sql, values);
    },
    createView: (sql) => session.setUp(sql),
    close() {
      session.close();
      rmSync(folder, { recursive: true });
    },
  };
  for (const path of sqlFiles(SQL, 'views')) await athena.createView(queryFile(path).sql);
  return athena;
}

function nameOf({ type, precision, scale }: { type: string; precision: number; scale: number }) {
  return type === 'decimal' ? `decimal(${precision},${scale})` : type;
}

/** A DuckDB view over the files of a table, with NULL for what a file has not. */
function tableOver(folder: string, table: TableContract): string {
  const partitions = Object.keys(table.partitionColumns);
  const columns = [...columnEntries(table), ...Object.entries(table.partitionColumns)].map(
    ([name, { type }]) => ({ name, type: type.kind === 'string' ? 'varchar' : sqlType(type) }),
  );
  const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS "${name}"`).join(', ');
  const typed = columns.map(({ name, type }) => `CAST("${name}" AS ${type}) AS "${name}"`);
  const files = join(folder, 'processed', table.name);
  const hiveTypes = partitions.map((name) => `${name}: INTEGER`).join(', ');
  const hive = partitions.length > 0 ? `hive_types = {${hiveTypes}}` : 'hive_partitioning = false';
  const rows = existsSync(files)
    ? `UNION ALL BY NAME SELECT * FROM read_parquet('${files}/**/*.parquet', union_by_name = true, ${hive})`
    : '';
  return `CREATE VIEW ${table.name} AS
    SELECT ${typed.join(', ')} FROM (SELECT ${nulls} WHERE false ${rows})`;
}
