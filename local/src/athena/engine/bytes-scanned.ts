import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FooterCache, RowGroup } from './footer-cache';
import type { InstantBound } from './instant-bounds';
import type { ReadPlace } from './read-places';

/**
 * What the places of a plan read: of Parquet the columns that it uses, row groups whole where the
 * bounds do not leave them out; of text the files whole.
 */
export async function bytesScanned(
  connection: DuckDBConnection,
  places: readonly ReadPlace[],
  footers: FooterCache,
): Promise<number> {
  let bytes = 0;
  for (const { scan, columns, paths, bounds } of places) {
    if (scan.format !== 'parquet') bytes += paths.reduce((sum, path) => sum + sizeOf(path), 0);
    else if (columns.length > 0) {
      for (const rowGroups of (await footers.rowGroups(connection, paths)).values()) {
        for (const rowGroup of rowGroups.filter((one) => isWithin(one, bounds))) {
          for (const column of columns) bytes += rowGroup.columnBytes.get(column) ?? 0;
        }
      }
    }
  }
  return bytes;
}

/** Whether the bounds leave a row group. */
function isWithin({ instants }: RowGroup, bounds: readonly InstantBound[]): boolean {
  return bounds.every(({ column, least, greatest }) => {
    const range = instants.get(column);
    if (!range) return true;
    return (
      (least === undefined || range.greatest >= least) &&
      (greatest === undefined || range.least <= greatest)
    );
  });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
