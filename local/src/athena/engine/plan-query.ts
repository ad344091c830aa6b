import type { DuckDBConnection } from '@duckdb/node-api';
import type { CatalogTable, GlueCatalog } from '../../glue/glue-catalog';
import { QueryError } from '../query-engine';
import { parseType, trinoType } from './data-type';
import { athenaError } from './duckdb-error';
import type { FolderListing } from './folder-listing';
import type { FooterCache } from './footer-cache';
import { hiddenColumnsIn, type HiddenColumn } from './hidden-columns';
import { nearest } from './functions';
import type { Recent } from './recent';
import { filesOf, type TableFile } from './table-files';
import { formatOf, scanTable, type TableScan } from './table-scan';
import { literal, quoteName } from './tokenize';
import { translateQuery, type TableName, type TranslatedQuery } from './translate';
import { viewQuery } from './view-text';

/** A query that DuckDB can run over the lake's files. */
export interface PlannedQuery extends TranslatedQuery {
  scans: TableScan[];
}

export interface PlanOptions {
  catalog: GlueCatalog;
  bucketFolder: (bucket: string) => string | undefined;
  now: () => number;
  folders: FolderListing;
  footers: FooterCache;
  translated: Recent<TranslatedText>;
  database: string;
  parameters?: readonly string[];
}

/** A translated text, with a place for each table that it names. */
export interface TranslatedText {
  query: TranslatedQuery;
  tables: { placeholder: string; name: TableName; where: string; isShared: boolean }[];
}

const CATALOG = 'awsdatacatalog';
// Views of views of views: more is a view of itself.
const DEEPEST = 20;

/**
 * Translates a query and puts the files of its tables in.
 * @throws QueryError for what is wrong with the query.
 */
export async function planQuery(
  connection: DuckDBConnection,
  sql: string,
  options: PlanOptions,
): Promise<PlannedQuery> {
  const scans: TableScan[] = [];
  const files = new Map<CatalogTable, Promise<TableFile[]>>();
  const views = new Map<CatalogTable, ViewPart>();
  const context = { connection, options, scans, files, views, isShared: false };
  return {
    ...(await planPart(context, sql, options.database, options.parameters ?? [], 0)),
    scans,
  };
}

interface ViewPart {
  sql: string;
  scans: TableScan[];
}

interface Context {
  connection: DuckDBConnection;
  options: PlanOptions;
  scans: TableScan[];
  files: Map<CatalogTable, Promise<TableFile[]>>;
  views: Map<CatalogTable, ViewPart>;
  /** Whether a WITH query that is read more than once is around. */
  isShared: boolean;
}

async function planPart(
  context: Context,
  sql: string,
  database: string,
  parameters: readonly string[],
  depth: number,
): Promise<TranslatedQuery> {
  if (depth > DEEPEST)
    throw new QueryError('INVALID_VIEW', 'INVALID_VIEW: a view is defined by itself');
  const { query, tables } = await context.options.translated.of(
    [sql, String(depth), ...parameters],
    () => translateText(context.connection, sql, parameters, depth),
  );
  let text = query.sql;
  for (const { placeholder, name, where, isShared } of tables) {
    const found = findTable(context.options, database, name, where);
    const relation =
      typeof found === 'string'
        ? found
        : await relationOf(
            { ...context, isShared: context.isShared || isShared },
            found,
            depth,
            hiddenColumnsIn(query.columnNames),
          );
    text = text.replaceAll(quoteName(placeholder), () => relation);
  }
  return { ...query, sql: text };
}

async function translateText(
  connection: DuckDBConnection,
  sql: string,
  parameters: readonly string[],
  depth: number,
): Promise<TranslatedText> {
  const tables: TranslatedText['tables'] = [];
  const query = await translateQuery(connection, sql, {
    parameters,
    tableFor(name, where, isShared) {
      const placeholder = `\u00a7${depth}.${tables.length}\u00a7`;
      tables.push({ placeholder, name, where, isShared });
      return placeholder;
    },
  });
  return { query, tables };
}

function findTable(
  { catalog }: PlanOptions,
  database: string,
  name: TableName,
  where: string,
): CatalogTable | string {
  const schema = (name.database ?? database).toLowerCase();
  const table = name.table.toLowerCase();
  const catalogName = (name.catalog ?? CATALOG).toLowerCase();
  if (schema === 'information_schema') {
    const relation = informationSchema(catalog, table);
    if (relation !== undefined) return relation;
  }
  if (catalogName !== CATALOG) {
    throw new QueryError(
      'CATALOG_NOT_FOUND',
      `CATALOG_NOT_FOUND: ${where}: Catalog '${catalogName}' does not exist`,
    );
  }
  if (!catalog.database(schema)) {
    throw new QueryError(
      'SCHEMA_NOT_FOUND',
      `SCHEMA_NOT_FOUND: ${where}: Schema '${schema}' does not exist`,
    );
  }
  const found = catalog.table(schema, table);
  if (!found) {
    const near = nearest(
      table,
      catalog.tables(schema).map(({ name: known }) => known),
    );
    throw new QueryError(
      'TABLE_NOT_FOUND',
      `TABLE_NOT_FOUND: ${where}: Table '${CATALOG}.${schema}.${table}' does not exist${near ? `. Did you mean '${near}'?` : ''}`,
    );
  }
  return found;
}

/** A table or view as a subquery. */
async function relationOf(
  context: Context,
  table: CatalogTable,
  depth: number,
  hidden: readonly HiddenColumn[],
): Promise<string> {
  if (table.viewOriginalText !== undefined) {
    // The same text each time, so that DuckDB reads once what is there twice.
    const known = context.views.get(table);
    for (const scan of known?.scans ?? []) delete scan.narrowed;
    if (known) return known.sql;
    const { originalSql, schema } = viewQuery(table);
    const before = context.scans.length;
    const part = await planPart(context, originalSql, schema, [], depth + 1);
    const sql = `(${part.sql})`;
    context.views.set(table, { sql, scans: context.scans.slice(before) });
    return sql;
  }
  const { connection, options, scans, isShared } = context;
  const listed = context.files.get(table) ?? filesOf(table, options);
  context.files.set(table, listed);
  const files = await listed;
  const first = files[0];
  const isInstant =
    first &&
    formatOf(table) === 'parquet' &&
    table.columns.some(({ type }) => /^timestamp/i.test(type))
      ? await options.footers.isUtcAdjusted(connection, first.path)
      : () => false;
  const scan = scanTable(table, files, scans.length, { isInstant, isShared, hidden });
  scans.push(scan);
  return scan.sql;
}

function informationSchema(catalog: GlueCatalog, name: string): string | undefined {
  const tables = catalog.databases().flatMap((database) => catalog.tables(database.name));
  const rows = {
    schemata: () => catalog.databases().map((database) => [CATALOG, database.name]),
    tables: () =>
      tables.map((table) => [
        CATALOG,
        table.databaseName,
        table.name,
        table.viewOriginalText === undefined ? 'BASE TABLE' : 'VIEW',
      ]),
    columns: () =>
      tables.flatMap((table) =>
        [...table.columns, ...table.partitionKeys].map(({ name: column, type }, i) => [
          CATALOG,
          table.databaseName,
          table.name,
          column,
          String(i + 1),
          'YES',
          trinoType(parseType(type)),
        ]),
      ),
  };
  const columns = {
    schemata: ['catalog_name', 'schema_name'],
    tables: ['table_catalog', 'table_schema', 'table_name', 'table_type'],
    columns: [
      'table_catalog',
      'table_schema',
      'table_name',
      'column_name',
      'ordinal_position',
      'is_nullable',
      'data_type',
    ],
  };
  if (!Object.hasOwn(rows, name)) return undefined;
  const key = name as keyof typeof rows;
  const shown = columns[key].map((column, i) =>
    column === 'ordinal_position' ? `CAST(c${i} AS BIGINT) AS ${column}` : `c${i} AS ${column}`,
  );
  const values = rows[key]().map((row) => `(${row.map(literal).join(', ')})`);
  const nulls = `(${columns[key].map(() => 'NULL').join(', ')})`;
  return `(SELECT ${shown.join(', ')} FROM (VALUES ${[...values, nulls].join(', ')}) AS v(${columns[key].map((_, i) => `c${i}`).join(', ')}) WHERE c0 IS NOT NULL)`;
}

/**
 * DuckDB's plan of a query as JSON.
 * @throws QueryError for what is wrong with the query, as Athena says it.
 */
export async function explain(
  connection: DuckDBConnection,
  query: TranslatedQuery,
): Promise<PlanNode[]> {
  try {
    const reader = await connection.runAndReadAll(`EXPLAIN (FORMAT JSON) ${query.sql}`);
    return JSON.parse(String(reader.getRows()[0]?.[1])) as PlanNode[];
  } catch (error) {
    throw athenaError(error, query);
  }
}

export interface PlanNode {
  name: string;
  children: PlanNode[];
  extra_info: Record<string, string | string[]>;
}
