import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryError } from '../query-engine';
import type { DataType } from './data-type';
import { athenaError } from './duckdb-error';
import { storedType } from './stored-type';
import { UNNAMED, type TranslatedQuery } from './translate';

export interface NamedColumn {
  name: string;
  type: DataType;
}

/** The columns that a query will give, without running it. @throws QueryError */
export async function resultColumns(
  connection: DuckDBConnection,
  query: TranslatedQuery,
): Promise<NamedColumn[]> {
  try {
    const prepared = await connection.prepare(query.sql);
    try {
      return Array.from({ length: prepared.columnCount }, (_, i) => ({
        name: prepared.columnName(i).toLowerCase(),
        type: storedType(prepared.columnType(i)),
      }));
    } finally {
      prepared.destroySync();
    }
  } catch (error) {
    throw athenaError(error, query);
  }
}

/** As resultColumns, for what is kept by its names. @throws QueryError where one has none, or two have the same. */
export async function namedColumns(
  connection: DuckDBConnection,
  query: TranslatedQuery,
): Promise<NamedColumn[]> {
  const columns = await resultColumns(connection, query);
  const seen = new Set<string>();
  columns.forEach(({ name }, i) => {
    if (query.isValues || name.startsWith(UNNAMED)) {
      throw new QueryError(
        'MISSING_COLUMN_NAME',
        `MISSING_COLUMN_NAME: line 1:1: Column name not specified at position ${i + 1}`,
      );
    }
    if (seen.has(name)) {
      throw new QueryError(
        'DUPLICATE_COLUMN_NAME',
        `DUPLICATE_COLUMN_NAME: line 1:1: Column name '${name}' specified more than once`,
      );
    }
    seen.add(name);
  });
  return columns;
}
