import { statSync } from 'node:fs';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './tokenize';

/** What the footer of a Parquet file says of a row group. */
export interface RowGroup {
  /** Compressed bytes of each column, by the outermost name in lower case. */
  columnBytes: ReadonlyMap<string, number>;
  /** Between which instants a timestamp column's values are, microseconds since the epoch. */
  instants: ReadonlyMap<string, { least: bigint; greatest: bigint }>;
}

/** Footers of the files that were asked for, read once for each size and time of change. */
export interface FooterCache {
  rowGroups(
    connection: DuckDBConnection,
    paths: readonly string[],
  ): Promise<Map<string, readonly RowGroup[]>>;
  /** Tells a file from one that is written in its place; empty for a file that is gone. */
  versionOf: (path: string) => string;
  /** Whether a timestamp column of a file counts from the epoch in UTC. */
  isUtcAdjusted(connection: DuckDBConnection, path: string): Promise<(column: string) => boolean>;
}

const MOST = 20_000;

export function openFooterCache(): FooterCache {
  const known = new Map<string, { version: string; rowGroups: readonly RowGroup[] }>();
  const instants = new Map<string, { version: string; columns: ReadonlySet<string> }>();
  const forget = (): void => {
    if (known.size > MOST) known.clear();
    if (instants.size > MOST) instants.clear();
  };
  return {
    versionOf: (path) => versionOf(path) ?? '',
    async rowGroups(connection, paths) {
      const found = new Map<string, readonly RowGroup[]>();
      const missing = new Map<string, string>();
      for (const path of paths) {
        const version = versionOf(path);
        const cached = known.get(path);
        if (cached && cached.version === version) found.set(path, cached.rowGroups);
        else if (version !== undefined) missing.set(path, version);
      }
      if (missing.size === 0) return found;
      const read = await readRowGroups(connection, [...missing.keys()]);
      forget();
      for (const [path, version] of missing) {
        const rowGroups = read.get(path) ?? [];
        known.set(path, { version, rowGroups });
        found.set(path, rowGroups);
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

async function readRowGroups(
  connection: DuckDBConnection,
  paths: readonly string[],
): Promise<Map<string, RowGroup[]>> {
  const instant = (text: string): string =>
    `epoch_us(TRY_CAST(CASE WHEN type = 'INT64' THEN ${text} END AS TIMESTAMPTZ))`;
  const reader = await connection.runAndReadAll(`
    SELECT file_name, row_group_id::INTEGER, lower(split_part(path_in_schema, ', ', 1)),
      sum(total_compressed_size)::DOUBLE,
      min(${instant('stats_min_value')}), max(${instant('stats_max_value')})
    FROM parquet_metadata([${paths.map(literal).join(', ')}]) GROUP BY ALL`);
  type Row = [string, number, string, number, bigint | null, bigint | null];
  const files = new Map<
    string,
    (RowGroup & {
      columnBytes: Map<string, number>;
      instants: Map<string, { least: bigint; greatest: bigint }>;
    })[]
  >();
  for (const [path, id, column, bytes, least, greatest] of reader.getRows() as Row[]) {
    const rowGroups = files.get(path) ?? [];
    files.set(path, rowGroups);
    const rowGroup = (rowGroups[id] ??= { columnBytes: new Map(), instants: new Map() });
    rowGroup.columnBytes.set(column, bytes);
    if (least !== null && greatest !== null) rowGroup.instants.set(column, { least, greatest });
  }
  return files;
}

/** Undefined for a file that is gone. */
function versionOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat && `${stat.size}:${stat.mtimeMs}`;
}
