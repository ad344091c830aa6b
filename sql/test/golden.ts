import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQueryFile, type QueryFile } from '@saleslake/shared/catalog/query-file';
import { sqlFiles } from '../lint/lint-folder';
import { writeFixture } from './fixture-lake';

/** The folder of the texts. */
export const SQL = join(__dirname, '..');

/**
 * The lakes of sql/test/fixtures: what is in each table, and `raw`, objects of the raw zone as they
 * came.
 * - usual: nothing wrong, with ties, halves of a cent, the edges of days and a last day half over
 * - repeated: usual, with changes of orders a second time, in other files and another order
 * - broken: something for each quality check to find
 * - empty: no files at all
 */
export const lakes = {
  usual: ['usual/transactions', 'usual/customers', 'usual/order_events', 'usual/raw'],
  repeated: [
    'usual/transactions',
    'usual/customers',
    'usual/order_events',
    'repeated/order_events',
  ],
  broken: ['broken/transactions', 'broken/customers', 'broken/order_events'],
  empty: [],
};
export type Lake = keyof typeof lakes;

/** Writes the files of a lake into the folder that is its curated and its raw bucket. */
export function writeLake(folder: string, lake: Lake): void {
  for (const fixture of lakes[lake]) {
    const [name = '', table = ''] = fixture.split('/');
    if (table === 'raw') {
      cpSync(join(__dirname, 'fixtures', fixture), join(folder, 'raw'), { recursive: true });
    } else writeFixture(folder, name, table);
  }
}

/** One expected result: of which file, over which lake, with which parameters by name. */
export interface GoldenCase {
  path: string;
  lake: Lake;
  parameters: Record<string, string>;
  /** The golden's file below goldens/. */
  golden: string;
}

const variants: [path: string, variant: string, Lake, Record<string, string>][] = [
  ['analytics/high-value-transactions.sql', 'from-250', 'usual', { minimum_amount: '250.00' }],
  ['analytics/outliers.sql', 'factor-0', 'usual', { factor: '0.00' }],
  [
    'analytics/late-arrivals.sql',
    'february',
    'usual',
    { first_date: "'2026-02-01'", last_date: "'2026-02-28'" },
  ],
  ['analytics/cancelled-orders.sql', 'broken', 'broken', {}],
  ['analytics/sales-by-age-group-and-tier.sql', 'broken', 'broken', {}],
];

/** The checks whose findings do not depend on the time or on the view orders_current. */
export const goldenQuality = sqlFiles(SQL, 'quality').filter(
  (path) => !/(freshness|orders-current)\.sql$/.test(path),
);

export const goldenCases: readonly GoldenCase[] = [
  ...[...sqlFiles(SQL, 'views'), ...sqlFiles(SQL, 'analytics')].map((path) =>
    caseOf(path, 'usual'),
  ),
  ...goldenQuality.map((path) => caseOf(path, 'broken')),
  ...variants.map(([path, variant, lake, parameters]) => ({
    path,
    lake,
    parameters,
    golden: path.replace(/\.sql$/, `.${variant}.csv`),
  })),
];

function caseOf(path: string, lake: Lake): GoldenCase {
  return { path, lake, parameters: {}, golden: path.replace(/\.sql$/, '.csv') };
}

export function queryFile(path: string): QueryFile {
  return parseQueryFile(path, readFileSync(join(SQL, path), 'utf8'));
}

/** The statement that runs a file, and its parameters: a view's rows, or the query itself. */
export function statementOf(
  { name, kind, sql, parameters, columns }: QueryFile,
  given: Record<string, string> = {},
): { sql: string; parameters: string[] } {
  if (kind === 'view') {
    const names = columns.map((column) => column.name).join(', ');
    return { sql: `SELECT ${names} FROM ${name.replaceAll('-', '_')}`, parameters: [] };
  }
  const values = parameters.map((parameter) => given[parameter.name] ?? parameter.default);
  return { sql, parameters: values };
}

/** As goldens are written: CSV, NULL an empty field, rows sorted where they are in no order. */
export function asGolden(
  columns: readonly { name: string }[],
  rows: readonly (string | null)[][],
  { order }: QueryFile,
): string {
  const field = (value: string | null): string => {
    if (value === null) return '';
    return value === '' || /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const lines = rows.map((row) => row.map(field).join(','));
  if (order === undefined) lines.sort();
  return [columns.map(({ name }) => name).join(','), ...lines, ''].join('\n');
}

/** A golden's text, in the order of its file, or sorted where the query has none. */
export function readGolden(golden: string, { order }: QueryFile): string {
  const text = readFileSync(join(__dirname, 'goldens', golden), 'utf8');
  const [header = '', ...lines] = text.trimEnd().split('\n');
  if (order === undefined) lines.sort();
  return [header, ...lines, ''].join('\n');
}
