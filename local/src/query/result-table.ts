import type { QueryResult } from './format-result';
import type { QueryOutcome } from './run-query';

const NUMERIC = new Set([
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'float',
  'real',
  'double',
  'decimal',
]);

/** A query's outcome as what is printed: which columns are numbers decides how they stand. */
export function resultTable({ columns, rows }: QueryOutcome): QueryResult {
  return {
    columns: columns.map(({ name, type }) => ({ name, numeric: NUMERIC.has(type) })),
    rows,
  };
}
