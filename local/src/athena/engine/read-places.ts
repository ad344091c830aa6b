import type { DuckDBConnection } from '@duckdb/node-api';
import { conditionOn, instantBounds, type InstantBound } from './instant-bounds';
import type { PlannedQuery, PlanNode } from './plan-query';
import { scanNodes } from './scan-nodes';
import type { TableScan } from './table-scan';
import { literal } from './tokenize';

/** A place of a plan that reads files of a table. */
export interface ReadPlace {
  scan: TableScan;
  /** The table's columns that are read; of text all are. */
  columns: string[];
  /** The files that the filters on partition columns leave. */
  paths: string[];
  /** What all rows that are looked at have in common. */
  bounds: InstantBound[];
}

/** Where a plan reads the tables of its query. */
export async function readPlaces(
  connection: DuckDBConnection,
  plan: readonly PlanNode[],
  { scans }: PlannedQuery,
): Promise<ReadPlace[]> {
  const places: ReadPlace[] = [];
  const filled = scans.filter(({ files }) => files.length > 0);
  for (const scan of filled) {
    for (const found of scanNodes(plan, scan, filled)) {
      places.push({
        scan,
        columns: columnsRead(scan, found.node),
        paths: await filesLeft(connection, scan, found.node),
        bounds: scan.narrowed ? instantBounds(found, scan) : [],
      });
    }
  }
  return places;
}

/**
 * The query over the files alone that its places read, and with their bounds as conditions on the
 * columns as they are stored.
 */
export function narrowedSql({ sql, scans }: PlannedQuery, places: readonly ReadPlace[]): string {
  let narrowed = sql;
  for (const scan of scans) {
    const own = places.filter((place) => place.scan === scan);
    if (!scan.narrowed || own.length === 0) continue;
    const read = new Set(own.flatMap(({ paths }) => paths));
    const files = scan.files.filter(({ path }) => read.has(path));
    const isBounded = own.every(({ bounds }) => bounds.length > 0);
    const conditions = own.map(
      ({ bounds }) => `(${bounds.map((bound) => conditionOn(scan, bound)).join(' AND ')})`,
    );
    // A scan of no file has no columns.
    const some = files.length > 0 ? files : scan.files.slice(0, 1);
    const replacement = scan.narrowed(some, isBounded ? conditions.join(' OR ') : '');
    narrowed = narrowed.replace(scan.sql, () => replacement);
  }
  return narrowed;
}

function columnsRead(scan: TableScan, node: PlanNode): string[] {
  const text = [node.extra_info['Projections'], node.extra_info['Filters']].flat().join('\n');
  const names = new Set(
    [...text.matchAll(new RegExp(`${scan.marker}([\\p{L}\\p{N}_]+)`, 'gu'))].map(
      ([, name]) => name,
    ),
  );
  return scan.table.columns.map(({ name }) => name).filter((name) => names.has(name));
}

/** The files that the filters on partition columns leave, as DuckDB itself prunes them. */
async function filesLeft(
  connection: DuckDBConnection,
  { files }: TableScan,
  node: PlanNode,
): Promise<string[]> {
  const paths = files.map(({ path }) => path);
  const filters = [node.extra_info['File Filters'] ?? []].flat().join('');
  if (filters === '') return paths;
  const conditions = splitConditions(filters);
  const reader = await connection.runAndReadAll(
    `SELECT filename FROM (SELECT unnest([${paths.map(literal).join(', ')}]) AS filename) WHERE ${conditions.join(' AND ')}`,
  );
  return (reader.getRows() as [string][]).map(([path]) => path);
}

/** `(a = 1)(b = 2)` as its conditions. */
export function splitConditions(text: string): string[] {
  const conditions: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|[()]/g)) {
    if (token === '(' && depth++ === 0) start = index;
    else if (token === ')' && --depth === 0) conditions.push(text.slice(start, index + 1));
  }
  return conditions;
}
