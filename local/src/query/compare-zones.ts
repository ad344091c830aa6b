import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';
import type { ColumnType } from '@saleslake/shared/contract/column';
import { literal } from './sql-literal';

/** How the rows of a table's raw JSON lines and of its Parquet files differ. */
export interface ZoneComparison {
  raw: number;
  curated: number;
  /** Rows of the raw zone that Parquet does not have, each as often as it is missing. */
  missing: number;
  /** Rows of Parquet that the raw zone does not have. */
  unexpected: number;
}

/**
 * Reads both zones with DuckDB, which shares no code with the pipeline, and compares every column
 * that the raw zone has, as multisets. Meant for raw zones of valid JSON lines only, as the
 * generator writes them.
 */
export async function compareZones(
  contract: TableContract,
  rawFolder: string,
  curatedFolder: string,
): Promise<ZoneComparison> {
  const columns = columnEntries(contract).filter(([, { derivedFrom }]) => !derivedFrom);
  const names = columns.map(([name]) => `"${name}"`).join(', ');
  const types = columns.map(([name, { type }]) => `"${name}": '${storedType(type)}'`).join(', ');
  const raw = `SELECT ${names} FROM read_json(
    ${literal(join(rawFolder, 'raw', contract.name, '**', '*.json'))},
    format = 'newline_delimited', columns = {${types}})`;
  const curated = `SELECT ${names} FROM read_parquet(
    ${literal(join(curatedFolder, 'processed', contract.name, '**', '*.parquet'))})`;
  const count = (query: string): string => `(SELECT count(*)::INTEGER FROM (${query}))`;

  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`SET TimeZone = 'UTC'`);
    const reader = await connection.runAndReadAll(`SELECT
      ${count(raw)}, ${count(curated)},
      ${count(`(${raw}) EXCEPT ALL (${curated})`)},
      ${count(`(${curated}) EXCEPT ALL (${raw})`)}`);
    const [all = []] = reader.getRows() as number[][];
    const [rawRows = 0, curatedRows = 0, missing = 0, unexpected = 0] = all;
    return { raw: rawRows, curated: curatedRows, missing, unexpected };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** DuckDB's name for what Parquet holds; a UTC-adjusted timestamp is a TIMESTAMPTZ to it. */
function storedType(type: ColumnType): string {
  switch (type.kind) {
    case 'string':
      return 'VARCHAR';
    case 'int32':
      return 'INTEGER';
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'timestamp':
      return 'TIMESTAMPTZ';
    case 'date':
      return 'DATE';
  }
}
