import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';
import type { ColumnType } from '@saleslake/shared/contract/column';

/** A connection over the lake's files, with a view for each table. */
export interface LakeSession {
  connection: DuckDBConnection;
  close(): void;
}

/**
 * Opens DuckDB in memory over the plain files of the curated bucket: read-only, with no access to
 * any other file and no network. Timestamps are UTC, as in Athena.
 *
 * @param curatedFolder the folder whose files are the objects of the curated bucket
 */
export async function openLake(
  curatedFolder: string,
  tables: readonly TableContract[],
): Promise<LakeSession> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  for (const contract of tables) await connection.run(viewOf(contract, curatedFolder));
  await connection.run(`SET allowed_directories = [${literal(curatedFolder)}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return {
    connection,
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/**
 * The view of a table: each of the contract's columns with its type, whatever columns the files
 * have, and also while there is no file at all.
 */
function viewOf(contract: TableContract, curatedFolder: string): string {
  const columns = columnEntries(contract);
  const partitions = Object.keys(contract.partitionColumns);
  const nulls = columns.map(([name, { type }]) => `NULL::${storedType(type)} AS "${name}"`);
  const partitionNulls = partitions.map((name) => `NULL::INTEGER AS ${name}`);
  const typed = columns.map(([name, { type }]) =>
    // A plain timestamp to Athena.
    type.kind === 'timestamp' ? `"${name}"::TIMESTAMP AS "${name}"` : `"${name}"`,
  );
  const empty = `SELECT ${[...nulls, ...partitionNulls].join(', ')} WHERE false`;
  const folder = join(curatedFolder, 'processed', contract.name);
  const glob = join(folder, ...partitions.map((name) => `${name}=*`), '*.parquet');
  const hiveTypes = partitions.map((name) => `${name}: INTEGER`).join(', ');
  const hive = hiveTypes
    ? `hive_partitioning = true, hive_types = {${hiveTypes}}`
    : 'hive_partitioning = false';
  const files = `SELECT * FROM read_parquet(${literal(glob)}, ${hive}, union_by_name = true)`;
  const rows = existsSync(folder) ? `${empty} UNION ALL BY NAME ${files}` : empty;
  return `CREATE VIEW "${contract.name}" AS
    SELECT ${[...typed, ...partitions].join(', ')} FROM (${rows})`;
}

/** DuckDB's name for what Parquet holds; a UTC-adjusted timestamp is a TIMESTAMPTZ to it. */
export function storedType(type: ColumnType): string {
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

/** A SQL string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
