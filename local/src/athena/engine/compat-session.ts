import type { ResultColumn } from '../query-engine';
import { openDuckdb } from './duckdb-instance';
import { streamQuery } from './read-rows';
import { translateQuery } from './translate';

/** Athena SQL without a catalog: over values, and over tables that DuckDB SQL has made. */
export interface CompatSession {
  /** Runs DuckDB SQL, to make tables: `CREATE TABLE t AS …`. */
  setUp(duckdbSql: string): Promise<void>;
  /**
   * Runs a query of Athena's, with values as Athena renders them.
   * @throws QueryError for what Athena would refuse, or this engine cannot do.
   */
  query(
    sql: string,
    parameters?: readonly string[],
  ): Promise<{ columns: ResultColumn[]; rows: (string | null)[][] }>;
  close(): void;
}

/** Opens a session of its own, able to read files in `folders` when setting up. */
export async function openCompatSession(folders: readonly string[] = []): Promise<CompatSession> {
  const instance = await openDuckdb({ folders });
  const connection = await instance.connect();
  return {
    async setUp(duckdbSql) {
      await connection.run(duckdbSql);
    },
    async query(sql, parameters = []) {
      const query = await translateQuery(connection, sql, {
        parameters,
        tableFor: ({ table }) => table,
      });
      const result = await streamQuery(connection, query);
      const rows: (string | null)[][] = [];
      for await (const some of result.rows) rows.push(...some);
      return { columns: result.columns, rows };
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
