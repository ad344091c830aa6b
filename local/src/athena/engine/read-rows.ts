import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBConnection,
  type DuckDBResult,
  type DuckDBType,
} from '@duckdb/node-api';
import type { ResultColumn } from '../query-engine';
import { renderer, resultColumn } from './render-value';
import { UNNAMED, type TranslatedQuery } from './translate';

/** The columns of a query's result, `_col0` where one has no name. */
export function columnsOf(result: DuckDBResult, query: TranslatedQuery): ResultColumn[] {
  const types = result.columnTypes();
  return result
    .columnNames()
    .map((name, i) =>
      resultColumn(
        query.isValues || name.startsWith(UNNAMED) ? `_col${i}` : name,
        types[i] ?? result.columnType(i),
      ),
    );
}

/** The rows of a result as Athena renders them, a chunk of DuckDB's at a time. */
export async function* renderRows(result: DuckDBResult): AsyncGenerator<(string | null)[][]> {
  const types = result.columnTypes();
  types.forEach(nameFields);
  const renders = types.map(renderer);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    const rows: (string | null)[][] = Array.from({ length: chunk.rowCount }, () => []);
    renders.forEach((render, c) => {
      nameFields(chunk.getColumnVector(c).type);
      const values = chunk.getColumnValues(c);
      for (let r = 0; r < rows.length; r++) {
        const value = values[r] ?? null;
        rows[r]?.push(value === null ? null : render(value));
      }
    });
    yield rows;
  }
}

/**
 * Gives the fields of `ROW(1, 2)` names: the vectors make an object of a row by its fields' names,
 * where fields without one would all be the same.
 */
function nameFields(type: DuckDBType): void {
  if (type instanceof DuckDBStructType) {
    const names = type.entryNames as string[];
    names.forEach((name, i) => {
      if (name === '') names[i] = `field${i}`;
    });
    type.entryTypes.forEach(nameFields);
  } else if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    nameFields(type.valueType);
  } else if (type instanceof DuckDBMapType) {
    nameFields(type.keyType);
    nameFields(type.valueType);
  }
}

/** Runs a query that was translated, reading as its rows are asked for. */
export async function streamQuery(
  connection: DuckDBConnection,
  query: TranslatedQuery,
): Promise<{ columns: ResultColumn[]; rows: AsyncGenerator<(string | null)[][]> }> {
  const result = await connection.stream(query.sql);
  return { columns: columnsOf(result, query), rows: renderRows(result) };
}
