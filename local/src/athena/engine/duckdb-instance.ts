import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { COMPAT_MACROS } from './compat-macros';
import { literal } from './tokenize';

export interface SandboxOptions {
  /** The folders that may be read and written, and no others. */
  folders: readonly string[];
  temporaryFolder?: string;
  threads?: number;
}

/**
 * DuckDB in memory with Trino's functions in the schema `compat`, in UTC, shut in: no file outside
 * `folders`, no network, no extension, and no statement can open it again.
 */
export async function openDuckdb(options: SandboxOptions): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    ...(options.threads !== undefined && { threads: String(options.threads) }),
  });
  const connection = await instance.connect();
  try {
    await setUpSession(connection);
    await connection.run('CREATE SCHEMA compat');
    await connection.run('BEGIN');
    for (const macro of COMPAT_MACROS) await connection.run(`CREATE MACRO compat.${macro}`);
    await connection.run('COMMIT');
    if (options.temporaryFolder !== undefined) {
      await connection.run(`SET temp_directory = ${literal(options.temporaryFolder)}`);
    }
    const folders = options.folders.map(literal).join(', ');
    await connection.run(`SET allowed_directories = [${folders}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } finally {
    connection.closeSync();
  }
  return instance;
}

const SESSION = [
  `SET GLOBAL TimeZone = 'UTC'`,
  `SET GLOBAL integer_division = true`,
  `SET GLOBAL lambda_syntax = 'ENABLE_SINGLE_ARROW'`,
  `SET GLOBAL preserve_insertion_order = true`,
  // Footers by path and time of change: reading those of some hundred files takes longer than most
  // queries do.
  `SET GLOBAL parquet_metadata_cache = true`,
];

async function setUpSession(connection: DuckDBConnection): Promise<void> {
  for (const setting of SESSION) await connection.run(setting);
}
