import { QueryError } from '../query-engine';
import { nearest } from './functions';
import type { TableScan } from './table-scan';
import type { TranslatedQuery } from './translate';

type Told = (match: RegExpExecArray, query: TranslatedQuery, message: string) => QueryError;

const COLUMN: Told = ([, name = ''], query, message) => {
  const known = [
    ...(/Candidate bindings?: (.*)/s.exec(message)?.[1] ?? '').matchAll(/"([^"]+)"/g),
  ].map(([, candidate = '']) => candidate.slice(candidate.lastIndexOf('.') + 1));
  const near = nearest(name, known.length > 0 ? known : columnsOf(query));
  return new QueryError(
    'COLUMN_NOT_FOUND',
    `COLUMN_NOT_FOUND: ${query.whereIs(name)}: Column '${name}' cannot be resolved or requester is not authorized to access requested resources${near ? `. Did you mean '${near}'?` : ''}`,
  );
};

/** Of all tables that a planned query reads: DuckDB names no candidates of a table with an alias. */
function columnsOf(query: TranslatedQuery & { scans?: readonly TableScan[] }): string[] {
  return (query.scans ?? []).flatMap(({ table }) =>
    [...table.columns, ...table.partitionKeys].map((column) => column.name),
  );
}

/** What DuckDB says of a statement, and what Athena would. */
const ERRORS: [RegExp, Told][] = [
  [/Referenced column "([^"]+)"/, COLUMN],
  [/does not have a column named "([^"]+)"/, COLUMN],
  [/Referenced table "([^"]+)" not found/, COLUMN],
  [
    /Ambiguous reference to column name "([^"]+)"/,
    ([, name = ''], query) =>
      new QueryError(
        'AMBIGUOUS_NAME',
        `AMBIGUOUS_NAME: ${query.whereIs(name)}: Column '${name}' is ambiguous`,
      ),
  ],
  [
    /column "?([^"\s]+)"? must appear in the GROUP BY clause/,
    ([, name = ''], query) =>
      new QueryError(
        'EXPRESSION_NOT_AGGREGATE',
        `EXPRESSION_NOT_AGGREGATE: ${query.whereIs(name)}: '${name}' must be an aggregate expression or appear in GROUP BY clause`,
      ),
  ],
  [
    /\b([A-Z][A-Z_]{5,}): (.*)/s,
    ([, name = '', text = '']) => new QueryError(name, `${name}: ${firstLine(text)}`),
  ],
  [
    /Could not convert string '(.*)' to (\w+)/s,
    ([, value = '', type = '']) =>
      new QueryError(
        'INVALID_CAST_ARGUMENT',
        `INVALID_CAST_ARGUMENT: Cannot cast '${value}' to ${trinoName(type)}`,
      ),
  ],
  [
    /(?:Macro|function) "?(\w+)\(?.*(?:does not support|No function matches)/s,
    ([, name = ''], query, message) => unexpectedParameters(name, query, message),
  ],
  [
    /No function matches the given name and argument types '([^(]+)\((.*?)\)'/,
    ([, name = '', types = ''], query) =>
      new QueryError(
        'FUNCTION_NOT_FOUND',
        `FUNCTION_NOT_FOUND: ${query.whereIs(name)}: Unexpected parameters (${types.toLowerCase()}) for function ${name}`,
      ),
  ],
  [
    /^(?:Binder|Conversion) Error: (Cannot (?:compare|combine|mix).*|.*(?:type|cast).*)/s,
    ([, text = ''], query, message) =>
      new QueryError(
        'TYPE_MISMATCH',
        `TYPE_MISMATCH: ${place(query, message)}: ${firstLine(text)}`,
      ),
  ],
  [
    /^Out of Range Error: (.*)/s,
    ([, text = '']) =>
      new QueryError(
        'NUMERIC_VALUE_OUT_OF_RANGE',
        `NUMERIC_VALUE_OUT_OF_RANGE: ${firstLine(text)}`,
      ),
  ],
  [
    /^Conversion Error: (.*)/s,
    ([, text = '']) =>
      new QueryError('INVALID_CAST_ARGUMENT', `INVALID_CAST_ARGUMENT: ${firstLine(text)}`),
  ],
  [
    /^Invalid Input Error: (.*)/s,
    ([, text = '']) =>
      new QueryError('INVALID_FUNCTION_ARGUMENT', `INVALID_FUNCTION_ARGUMENT: ${firstLine(text)}`),
  ],
  [
    /^(?:Binder|Parser|Catalog) Error: (.*)/s,
    ([, text = ''], query, message) =>
      new QueryError('SYNTAX_ERROR', `SYNTAX_ERROR: ${place(query, message)}: ${firstLine(text)}`),
  ],
  [
    /^Permission Error: (.*)/s,
    ([, text = '']) => new QueryError('PERMISSION_DENIED', `PERMISSION_DENIED: ${firstLine(text)}`),
  ],
];

/** The error as Athena words it; what is none of the statement's stays as it is, of category 1. */
export function athenaError(error: unknown, query: TranslatedQuery): Error {
  if (error instanceof QueryError) return error;
  const message = String((error as { message?: unknown }).message ?? error);
  for (const [pattern, told] of ERRORS) {
    const match = pattern.exec(message);
    if (match) return told(match, query, message);
  }
  return new QueryError('GENERIC_INTERNAL_ERROR', `GENERIC_INTERNAL_ERROR: ${message}`, 1, 1200);
}

function unexpectedParameters(name: string, query: TranslatedQuery, message: string): QueryError {
  return new QueryError(
    'FUNCTION_NOT_FOUND',
    `FUNCTION_NOT_FOUND: ${query.whereIs(name)}: Unexpected parameters for function ${name}. ${firstLine(message)}`,
  );
}

/**
 * Where the user's text names what DuckDB points at. It points into the translated text, so the
 * column that stands next to there is what is looked up.
 */
function place(query: TranslatedQuery, message: string): string {
  const [, start = '', shown = '', pointer = ''] = /^(LINE \d+: )(.*)\n( *)\^/m.exec(message) ?? [];
  const at = pointer.length - start.length;
  const isColumn = (name: string): boolean => query.columnNames.has(name.toLowerCase());
  const before = (shown.slice(0, at).match(/\w+/g) ?? []).reverse();
  const name = [...before, ...(shown.slice(at).match(/\w+/g) ?? [])].find(isColumn);
  return query.whereIs(name ?? '');
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.trim() ?? text;
}

function trinoName(duckdbType: string): string {
  const names: Record<string, string> = {
    INT32: 'integer',
    INT64: 'bigint',
    INT16: 'smallint',
    INT8: 'tinyint',
    BOOL: 'boolean',
  };
  return names[duckdbType] ?? duckdbType.toLowerCase();
}
