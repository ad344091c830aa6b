import type { CatalogTable } from '../../glue/glue-catalog';
import { QueryError } from '../query-engine';
import { duckdbType, parseType, type DataType } from './data-type';
import { hiddenColumns, type HiddenColumn } from './hidden-columns';
import type { TableFile } from './table-files';
import { literal, quoteName } from './tokenize';

export type FileFormat = 'parquet' | 'csv' | 'json';

/** How a table's files are read at one place of a query: as a subquery of DuckDB's. */
export interface TableScan {
  table: CatalogTable;
  format: FileFormat;
  files: TableFile[];
  sql: string;
  /** The same of fewer files and fewer rows, where a plan may be trusted to show every reader. */
  narrowed?: (files: readonly TableFile[], condition: string) => string;
  /** Before each data column's name within the scan, so that a plan tells whose column it reads. */
  marker: string;
  /** The columns that the files have as instants, in UTC. */
  instants: ReadonlySet<string>;
}

/** @throws QueryError NOT_SUPPORTED for a format that is not read here. */
export function formatOf(table: CatalogTable): FileFormat {
  const library = table.serde?.library ?? '';
  const inputFormat = table.inputFormat ?? '';
  if (/parquet/i.test(library) || /parquet/i.test(inputFormat)) return 'parquet';
  if (/json/i.test(library)) return 'json';
  if (/OpenCSVSerde|LazySimpleSerDe/i.test(library) || (library === '' && /Text/.test(inputFormat)))
    return 'csv';
  if (library === '' && inputFormat === '') return 'parquet';
  throw new QueryError(
    'NOT_SUPPORTED',
    `NOT_SUPPORTED: the table ${table.name} has the SerDe ${library || inputFormat}; the local Athena reads Parquet, CSV and JSON lines`,
  );
}

export interface ScanOptions {
  /** Whether a column of the Parquet files is an instant: DuckDB's timestamp with a time zone. */
  isInstant: (column: string) => boolean;
  /** Whether the scan is read more than once. */
  isShared: boolean;
  /** The columns beside the table's own. */
  hidden: readonly HiddenColumn[];
}

/**
 * Reads a table's files as its columns say: missing columns are NULL, columns that only the files
 * have are not seen, partition columns come from where a file lies.
 */
export function scanTable(
  table: CatalogTable,
  files: TableFile[],
  index: number,
  { isInstant, isShared, hidden }: ScanOptions,
): TableScan {
  const format = formatOf(table);
  const marker = `t${index}__`;
  const columns = table.columns.map(({ name, type }) => ({ name, type: parseType(type) }));
  const keys = table.partitionKeys.map(({ name, type }) => ({
    name,
    type: duckdbType(parseType(type)),
  }));
  const instants = new Set(
    columns
      .filter(
        ({ name, type }) => type.kind === 'scalar' && type.name === 'timestamp' && isInstant(name),
      )
      .map(({ name }) => name),
  );
  const scan = { table, format, files, marker, instants };
  if (files.length === 0) {
    const nulls = [
      ...columns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS ${quoteName(name)}`),
      ...keys.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteName(name)}`),
      ...hiddenColumns(hidden, files),
    ];
    return { ...scan, sql: `(SELECT ${nulls.join(', ')} WHERE false)` };
  }
  const partitions = keys.map(
    ({ name, type }, i) =>
      `CAST(${partitionValue(files, i, name)} AS ${type}) AS ${quoteName(name)}`,
  );
  const sqlOf = (read: readonly TableFile[], condition: string): string => {
    const list = `[${read.map(({ path }) => literal(path)).join(', ')}]`;
    const source = {
      parquet: () => parquetSource(columns, list, marker, instants),
      csv: () => csvSource(table, columns, list, marker),
      json: () => jsonSource(table, columns, list, marker),
    }[format]();
    const shown = [...source.columns, ...partitions, ...hiddenColumns(hidden, read)];
    return `(SELECT ${shown.join(', ')} FROM ${source.from}${condition && ` WHERE ${condition}`})`;
  };
  return {
    ...scan,
    sql: sqlOf(files, ''),
    ...(format === 'parquet' && !isShared && { narrowed: sqlOf }),
  };
}

interface Column {
  name: string;
  type: DataType;
}

interface Source {
  columns: string[];
  from: string;
}

/**
 * A partition column as a function of the file's name, which DuckDB evaluates once a file and
 * prunes files by.
 */
function partitionValue(files: readonly TableFile[], i: number, name: string): string {
  // `key=value` mostly at the same place of every path: what is cheap here is what pruning a few
  // thousand files costs.
  const start = `/${name}=`;
  const first = files[0]?.path ?? '';
  const length = files[0]?.partition[i]?.length ?? 0;
  const at = first.indexOf(start);
  const isAligned = files.every(({ path, partition }) => {
    const value = partition[i] ?? '';
    return value.length === length && path.startsWith(`${start}${value}/`, at);
  });
  if (at >= 0 && isAligned && files.every(({ path }) => /^[ -~]*$/.test(path))) {
    return `substr(filename, ${at + start.length + 1}, ${length})`;
  }
  const depth = first.slice(0, at + 1).split('/').length;
  const isLevel = files.every(
    ({ path, partition }) => path.split('/')[depth - 1] === `${name}=${partition[i] ?? ''}`,
  );
  if (at >= 0 && isLevel) {
    return `substr(split_part(filename, '/', ${depth}), ${start.length})`;
  }
  const values = [...new Set(files.map(({ partition }) => partition[i] ?? ''))];
  if (values.length === 1) return literal(values[0] ?? '');
  const byFolder = new Map(
    files.map(({ path, partition }) => [path.slice(0, path.lastIndexOf('/')), partition[i] ?? '']),
  );
  const folder = `regexp_replace(filename, '/[^/]*$', '')`;
  const names = [...byFolder.keys()].map(literal).join(', ');
  const texts = [...byFolder.values()].map(literal).join(', ');
  return `list_extract([${texts}], list_position([${names}], ${folder}))`;
}

function parquetSource(
  columns: readonly Column[],
  paths: string,
  marker: string,
  instants: ReadonlySet<string>,
): Source {
  const schema = columns.map(({ name, type }) => {
    const storedAs = instants.has(name) ? 'TIMESTAMPTZ' : duckdbType(type);
    return `${literal(name)}: {name: ${literal(marker + name)}, type: ${literal(storedAs)}, default_value: NULL}`;
  });
  return {
    columns: columns.map(({ name }) => {
      const raw = quoteName(marker + name);
      return `${instants.has(name) ? withoutZone(raw) : raw} AS ${quoteName(name)}`;
    }),
    from: `read_parquet(${paths}, filename = true, schema = MAP {${schema.join(', ')}})`,
  };
}

/** An instant as a timestamp. ICU's cast costs 0.3 µs a row; reading the instant's number does not. */
export function withoutZone(raw: string): string {
  return `make_timestamp(epoch_us(${raw}))`;
}

function csvSource(
  table: CatalogTable,
  columns: readonly Column[],
  paths: string,
  marker: string,
): Source {
  const serde = table.serde?.parameters ?? {};
  const isOpenCsv = /OpenCSVSerde/i.test(table.serde?.library ?? '');
  const delimiter = isOpenCsv
    ? (serde['separatorChar'] ?? ',')
    : (serde['field.delim'] ?? serde['serialization.format'] ?? '\u0001');
  const quote = isOpenCsv ? (serde['quoteChar'] ?? '"') : '';
  // DuckDB takes a doubled quote as one, and no backslash in its place unless told.
  const escape = isOpenCsv ? (serde['escapeChar'] ?? '\\') : '';
  const skip = table.parameters['skip.header.line.count'] ?? serde['skip.header.line.count'] ?? '0';
  const nullText =
    serde['serialization.null.format'] ?? table.parameters['serialization.null.format'] ?? '\\N';
  const options = [
    'auto_detect = false',
    'header = false',
    `delim = ${literal(unescapeJava(delimiter))}`,
    `quote = ${literal(unescapeJava(quote))}`,
    `escape = ${literal(escape === '\\' && quote !== '' ? quote : unescapeJava(escape))}`,
    `skip = ${Number(skip)}`,
    ...(isOpenCsv ? [] : [`nullstr = ${literal(nullText)}`]),
    'null_padding = true',
    'strict_mode = false',
    'parallel = false',
    'filename = true',
    `columns = {${columns.map(({ name }) => `${literal(marker + name)}: 'VARCHAR'`).join(', ')}}`,
  ];
  return {
    columns: textColumns(columns, marker),
    from: `read_csv(${paths}, ${options.join(', ')})`,
  };
}

function jsonSource(
  table: CatalogTable,
  columns: readonly Column[],
  paths: string,
  marker: string,
): Source {
  const isForgiving = table.serde?.parameters['ignore.malformed.json']?.toLowerCase() === 'true';
  const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(duckdbType(type))}`);
  return {
    columns: columns.map(({ name }) => `${quoteName(name)} AS ${quoteName(name)}`),
    // The columns keep the names that the lines have: the whole of a file is read in any case.
    from: `read_json(${paths}, format = 'newline_delimited', filename = true, ignore_errors = ${isForgiving},
      columns = {${types.join(', ')}}) AS ${marker}`,
  };
}

/** Text that is no value of its column's type is NULL. */
function textColumns(columns: readonly Column[], marker: string): string[] {
  return columns.map(({ name, type }) => {
    const raw = quoteName(marker + name);
    const isText = type.kind === 'scalar' && type.name === 'varchar';
    return `${isText ? raw : `TRY_CAST(${raw} AS ${duckdbType(type)})`} AS ${quoteName(name)}`;
  });
}

function unescapeJava(text: string): string {
  return text
    .replace(/\\u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/^\\t$/, '\t')
    .replace(/^\\0?01$/, '\u0001')
    .replace(/^1$/, '\u0001');
}
