import { DuckDBTypeId, type DuckDBConnection, type DuckDBType } from '@duckdb/node-api';

/** A result with every value as text, exactly; null where SQL has NULL. */
export interface QueryResult {
  columns: { name: string; numeric: boolean }[];
  rows: (string | null)[][];
}

const NUMERIC = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);

/** Runs one statement and reads all of its rows. Throws what DuckDB says of a wrong one. */
export async function runQuery(connection: DuckDBConnection, sql: string): Promise<QueryResult> {
  const reader = await connection.runAndReadAll(sql);
  const types = reader.columnTypes();
  return {
    columns: reader.columnNames().map((name, i) => ({ name, numeric: isNumeric(types[i]) })),
    rows: reader.getRows().map((row) => row.map((value) => (value === null ? null : text(value)))),
  };
}

function isNumeric(type: DuckDBType | undefined): boolean {
  return type !== undefined && NUMERIC.has(type.typeId);
}

// DuckDB's value classes (decimals, timestamps, lists) write themselves as SQL shows them.
function text(value: { toString(): string }): string {
  return value.toString();
}
