import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FooterCache, RowGroup } from './footer-cache';
import type { InstantBound, InstantBounds } from './instant-bounds';
import type { PlannedQuery, PlanNode } from './plan-query';
import { scanNodes } from './scan-nodes';
import type { TableScan } from './table-scan';
import { literal } from './tokenize';

/**
 * What the plan reads: of Parquet the columns that it uses, of the files that its filters leave, row
 * groups
 * whole where the query's bounds do not leave them out; of text the files whole.
 */
export async function bytesScanned(
  connection: DuckDBConnection,
  plan: readonly PlanNode[],
  { scans }: PlannedQuery,
  bounds: ReadonlyMap<TableScan, InstantBounds>,
  footers: FooterCache,
): Promise<number> {
  let bytes = 0;
  for (const scan of scans) {
    if (scan.files.length === 0) continue;
    const places = bounds.get(scan) ?? [];
    for (const { node } of scanNodes(plan, scan)) {
      const paths = await filesLeft(connection, scan, node);
      if (scan.format !== 'parquet') bytes += paths.reduce((sum, path) => sum + sizeOf(path), 0);
      else {
        const columns = columnsRead(scan, node);
        if (columns.length === 0) continue;
        for (const rowGroups of (await footers.rowGroups(connection, paths)).values()) {
          for (const rowGroup of rowGroups) {
            if (!isLookedAt(rowGroup, places)) continue;
            for (const column of columns) bytes += rowGroup.columnBytes.get(column) ?? 0;
          }
        }
      }
    }
  }
  return bytes;
}

/** Whether the bounds of any place leave a row group. A place without bounds reads all. */
function isLookedAt({ instants }: RowGroup, places: InstantBounds): boolean {
  const isWithin = ({ column, least, greatest }: InstantBound): boolean => {
    const range = instants.get(column);
    if (!range) return true;
    return (
      (least === undefined || range.greatest >= least) &&
      (greatest === undefined || range.least <= greatest)
    );
  };
  return places.length === 0 || places.some((all) => all.every(isWithin));
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

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
