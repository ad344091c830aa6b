import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { keyOfPath } from '../../s3/key-path';
import type { TableFile } from './table-files';
import { literal, quoteName } from './tokenize';

/**
 * Columns that every table has without showing them: about the file that a row is in.
 * https://docs.aws.amazon.com/athena/latest/ug/querying-hidden-columns.html and
 * https://trino.io/docs/current/connector/hive.html#metadata-columns
 */
export const HIDDEN_COLUMNS = ['$path', '$file_size', '$file_modified_time'] as const;
export type HiddenColumn = (typeof HIDDEN_COLUMNS)[number];

/** Those that a query names. */
export function hiddenColumnsIn(names: ReadonlySet<string>): HiddenColumn[] {
  return HIDDEN_COLUMNS.filter((name) => names.has(name));
}

const TYPES = {
  $path: 'VARCHAR',
  $file_size: 'BIGINT',
  $file_modified_time: 'TIMESTAMPTZ',
};

/** The columns of a scan of these files, by what DuckDB knows of a row's file: name and index. */
export function hiddenColumns(
  columns: readonly HiddenColumn[],
  files: readonly TableFile[],
): string[] {
  return columns.map((column) => {
    const value = files.length === 0 ? 'NULL' : valueOf(column, files);
    return `CAST(${value} AS ${TYPES[column]}) AS ${quoteName(column)}`;
  });
}

function valueOf(column: HiddenColumn, files: readonly TableFile[]): string {
  if (column === '$path') {
    const buckets = new Set(files.map(({ bucket }) => bucket));
    const [bucket] = buckets;
    // The one sign by which a path differs from its key.
    const isPlain = files.every(({ path }) => !path.includes('^'));
    if (bucket && buckets.size === 1 && isPlain) {
      const begin = [...bucket.folder].length + 2;
      return `${literal(`s3://${bucket.name}/`)} || substr(filename, ${begin})`;
    }
    return ofFile(files, (file) => literal(uriOf(file)));
  }
  return ofFile(files, ({ path }) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return 'NULL';
    return column === '$file_size' ? String(stat.size) : literal(stat.mtime.toISOString());
  });
}

function ofFile(files: readonly TableFile[], value: (file: TableFile) => string): string {
  return `list_extract([${files.map(value).join(', ')}], CAST(file_index AS BIGINT) + 1)`;
}

function uriOf(file: TableFile): string {
  const path = keyPath(file);
  return `s3://${file.bucket.name}/${keyOfPath(path) ?? path}`;
}

function keyPath({ path, bucket }: TableFile): string {
  return relative(bucket.folder, path).split(sep).join('/');
}
