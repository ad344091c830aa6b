import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './tokenize';

/** What the footer of a Parquet file says. */
export interface Footer {
  /** Compressed bytes of each column, all row groups, by the outermost name in lower case. */
  columnBytes: ReadonlyMap<string, number>;
}

/** Footers of the files that were asked for, read once for each size and time of change. */
export interface FooterCache {
  footers(connection: DuckDBConnection, paths: readonly string[]): Promise<Map<string, Footer>>;
  /** Whether a timestamp column of a file counts from the epoch in UTC. */
  isUtcAdjusted(connection: DuckDBConnection, path: string): Promise<(column: string) => boolean>;
}

const MOST = 20_000;

export function openFooterCache(): FooterCache {
  const known = new Map<string, { version: string; footer: Footer }>();
  const instants = new Map<string, { version: string; columns: ReadonlySet<string> }>();
  const forget = (): void => {
    if (known.size > MOST) known.clear();
    if (instants.size > MOST) instants.clear();
  };
  return {
    async footers(connection, paths) {
      const found = new Map<string, Footer>();
      const missing = new Map<string, string>();
      for (const path of paths) {
        const version = versionOf(path);
        const cached = known.get(path);
        if (cached && cached.version === version) found.set(path, cached.footer);
        else if (version !== undefined) missing.set(path, version);
      }
      if (missing.size === 0) return found;
      const reader = await connection.runAndReadAll(`
        SELECT file_name, lower(split_part(path_in_schema, ', ', 1)), sum(total_compressed_size)::DOUBLE
        FROM parquet_metadata([${[...missing.keys()].map(literal).join(', ')}]) GROUP BY ALL`);
      const read = new Map<string, Map<string, number>>(
        [...missing.keys()].map((path) => [path, new Map<string, number>()]),
      );
      for (const [path, column, bytes] of reader.getRows() as [string, string, number][]) {
        read.get(path)?.set(column, bytes);
      }
      forget();
      for (const [path, columnBytes] of read) {
        const footer = { columnBytes };
        known.set(path, { version: missing.get(path) ?? '', footer });
        found.set(path, footer);
      }
      return found;
    },
    async isUtcAdjusted(connection, path) {
      const version = versionOf(path) ?? '';
      const cached = instants.get(path);
      if (cached && cached.version === version) return (column) => cached.columns.has(column);
      const reader = await connection.runAndReadAll(`
        SELECT lower(name) FROM parquet_schema(${literal(path)})
        WHERE logical_type LIKE '%isAdjustedToUTC=1%' OR (logical_type IS NULL AND converted_type LIKE 'TIMESTAMP%')`);
      const columns = new Set((reader.getRows() as [string][]).map(([name]) => name));
      forget();
      instants.set(path, { version, columns });
      return (column) => columns.has(column);
    },
  };
}

/** Undefined for a file that is gone. */
function versionOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.size}:${stat.mtimeMs}`;
}
