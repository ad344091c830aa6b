import { existsSync, readdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { CatalogTable, NewTable } from '../../glue/glue-catalog';
import { QueryError, type StatementResult } from '../query-engine';
import { ddlResult, partitionLocation } from './catalog-statements';
import { STORAGE } from './create-external-table';
import { duckdbType, hiveType, parseType } from './data-type';
import { athenaError } from './duckdb-error';
import type { Running } from './running-statement';
import type { PlannedQuery } from './plan-query';
import { namedColumns, resultColumns, type NamedColumn } from './result-columns';
import { folderOf } from './s3-location';
import { formatOf } from './table-scan';
import type { TokenReader } from './token-reader';
import { quoteName } from './tokenize';
import { putFiles, writeFiles, type Output } from './write-files';

const FORMATS: Record<string, Output['format']> = {
  PARQUET: 'parquet',
  JSON: 'json',
  TEXTFILE: 'csv',
};

/** CREATE TABLE name WITH (…) AS query. https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html */
export async function createTableAs(
  running: Running,
  reader: TokenReader,
): Promise<StatementResult> {
  const { options, request } = running;
  const isLenient = reader.takes('IF', 'NOT', 'EXISTS');
  const name = reader.tableName(request.database.toLowerCase());
  if (reader.sees('(')) {
    throw new QueryError(
      'NOT_SUPPORTED',
      'NOT_SUPPORTED: line 1:1: CREATE TABLE with columns makes Iceberg tables: CREATE EXTERNAL TABLE, or CREATE TABLE … AS',
    );
  }
  const properties = reader.takes('WITH') ? lowerKeys(reader.properties()) : {};
  reader.expect('AS');
  const { format, storage } = formatNamed(properties['format'] ?? 'PARQUET');
  const query = await running.plan(reader.rest());
  if (options.catalog.table(name.database, name.table)) {
    if (isLenient) return ddlResult('CREATE_TABLE_AS_SELECT');
    throw new QueryError(
      'TABLE_ALREADY_EXISTS',
      `TABLE_ALREADY_EXISTS: line 1:1: Table 'awsdatacatalog.${name.database}.${name.table}' already exists`,
    );
  }
  if (!options.catalog.database(name.database)) {
    throw new QueryError(
      'SCHEMA_NOT_FOUND',
      `SCHEMA_NOT_FOUND: line 1:1: Schema '${name.database}' does not exist`,
    );
  }
  const columns = await namedColumns(running.connection, query);
  const partitionedBy = list(properties['partitioned_by']);
  checkLast(columns, partitionedBy);
  const location = (
    properties['external_location'] ?? `${request.outputLocation}tables/${randomUUID()}`
  ).replace(/\/*$/, '/');
  checkEmpty(running, location);
  const compression = properties['write_compression'] ?? properties['parquet_compression'];
  const glueColumns = columns.map(({ name: column, type }) => ({
    name: column,
    type: hiveType(type),
  }));
  const delimiter = properties['field_delimiter'];
  const table: NewTable = {
    databaseName: name.database,
    name: name.table,
    tableType: 'EXTERNAL_TABLE',
    parameters: { EXTERNAL: 'TRUE', has_encrypted_data: 'false' },
    columns: glueColumns.slice(0, columns.length - partitionedBy.length),
    partitionKeys: glueColumns.slice(columns.length - partitionedBy.length),
    location,
    inputFormat: storage.inputFormat,
    outputFormat: storage.outputFormat,
    serde: {
      library: storage.library,
      parameters: delimiter === undefined ? {} : { 'field.delim': delimiter },
    },
  };
  const written = await write(
    running,
    query,
    columns,
    { format, compression, delimiter, partitionedBy },
    (values) => (values.length === 0 ? location : partitionLocation(table, values)),
  );
  options.catalog.createTable(table);
  registerPartitions(running, table, written.partitions);
  return { ...ddlResult('CREATE_TABLE_AS_SELECT'), ...written.result };
}

/** INSERT INTO table [(columns)] query. https://docs.aws.amazon.com/athena/latest/ug/insert-into.html */
export async function insertInto(running: Running, reader: TokenReader): Promise<StatementResult> {
  const { options, request } = running;
  const name = reader.tableName(request.database.toLowerCase());
  const table = options.catalog.table(name.database, name.table);
  if (!table) {
    throw new QueryError(
      'TABLE_NOT_FOUND',
      `TABLE_NOT_FOUND: line 1:1: Table 'awsdatacatalog.${name.database}.${name.table}' does not exist`,
    );
  }
  if (table.viewOriginalText !== undefined)
    throw new QueryError(
      'NOT_SUPPORTED',
      'NOT_SUPPORTED: line 1:1: Inserting into views is not supported',
    );
  const all = [...table.columns, ...table.partitionKeys];
  const isQuery = /^\s*\(\s*(SELECT|WITH|VALUES|\()/i.test(reader.upcoming());
  const given =
    reader.sees('(') && !isQuery
      ? reader
          .bracketed()
          .split(',')
          .map((column) => column.trim().replace(/^"|"$/g, '').toLowerCase())
      : all.map((column) => column.name);
  const unknown = given.find((column) => !all.some(({ name: known }) => known === column));
  if (unknown !== undefined) {
    throw new QueryError(
      'COLUMN_NOT_FOUND',
      `COLUMN_NOT_FOUND: line 1:1: Insert column name does not exist in target table: ${unknown}`,
    );
  }
  const query = await running.plan(reader.rest());
  const columns = await resultColumns(running.connection, query);
  if (columns.length !== given.length) {
    throw new QueryError(
      'MISMATCHED_COLUMN_COUNT',
      `TYPE_MISMATCH: line 1:1: Insert query has mismatched column types: the table has ${given.length} columns, the query ${columns.length}`,
    );
  }
  const sources = columns.map((_, i) => `c${i}`);
  const target = all.map(({ name: column, type }) => {
    const i = given.indexOf(column);
    return `CAST(${i < 0 ? 'NULL' : (sources[i] ?? 'NULL')} AS ${duckdbType(parseType(type))}) AS ${quoteName(column)}`;
  });
  const sql = `SELECT ${target.join(', ')} FROM (${query.sql}) AS source(${sources.join(', ')})`;
  const shaped = { ...query, sql };
  const partitionedBy = table.partitionKeys.map((key) => key.name);
  const output: Output = {
    format: formatOf(table),
    compression: table.parameters['write.compression'] ?? table.parameters['parquet.compression'],
    delimiter: table.serde?.parameters['field.delim'],
    partitionedBy,
  };
  const typed = all.map(({ name: column, type }) => ({ name: column, type: parseType(type) }));
  const written = await write(running, shaped, typed, output, (values) =>
    locationFor(table, values),
  );
  registerPartitions(running, table, written.partitions);
  return {
    ...ddlResult('INSERT'),
    statementType: 'DML',
    columns: [{ name: 'rows', type: 'bigint', precision: 19, scale: 0 }],
    ...written.result,
  };
}

/** UNLOAD (query) TO location WITH (…). https://docs.aws.amazon.com/athena/latest/ug/unload.html */
export async function unload(running: Running, reader: TokenReader): Promise<StatementResult> {
  const sql = reader.bracketed();
  reader.expect('TO');
  const location = reader.string().replace(/\/*$/, '/');
  reader.expect('WITH');
  const properties = lowerKeys(reader.properties());
  if (!reader.atEnd()) reader.fail('the end of the statement');
  const { format } = formatNamed(properties['format'] ?? '');
  const query = await running.plan(sql);
  const columns = await namedColumns(running.connection, query);
  const partitionedBy = list(properties['partitioned_by']);
  checkLast(columns, partitionedBy);
  checkEmpty(running, location);
  const output = {
    format,
    compression: properties['compression'],
    delimiter: properties['field_delimiter'],
    partitionedBy,
  };
  const keys = partitionedBy.map((name) => ({ name, type: 'string' }));
  const { result } = await write(running, query, columns, output, (values) =>
    values.length === 0
      ? location
      : partitionLocation({ location, partitionKeys: keys } as NewTable, values),
  );
  return {
    ...ddlResult('UNLOAD'),
    statementType: 'DML',
    columns: [{ name: 'rows', type: 'bigint', precision: 19, scale: 0 }],
    ...result,
  };
}

async function write(
  running: Running,
  query: PlannedQuery,
  columns: readonly NamedColumn[],
  output: Output,
  locationOf: (values: readonly string[]) => string,
) {
  const ready = await running.ready(query);
  const typed = columns.map(
    ({ name, type }, i) => `CAST(c${i} AS ${duckdbType(type)}) AS ${quoteName(name)}`,
  );
  const sql = `SELECT ${typed.join(', ')} FROM (${ready.sql}) AS result(${columns.map((_, i) => `c${i}`).join(', ')})`;
  const written = await writeFiles(
    running.connection,
    sql,
    output,
    running.options.temporaryFolder,
  ).catch((error: unknown) => {
    throw athenaError(error, query);
  });
  try {
    running.request.signal.throwIfAborted();
    const uris = await putFiles(written.files, locationOf, running.options.putFile);
    const partitions = new Map(
      written.files.map(({ partition }) => [partition.join('\u0000'), partition]),
    );
    const result = {
      updateCount: written.rows,
      writtenFiles: uris,
      bytesScanned: () => ready.bytesScanned,
    };
    return { result, partitions: [...partitions.values()].filter(({ length }) => length > 0) };
  } finally {
    written.remove();
  }
}

/** The folder of a partition: of the projection's template, or as Hive has it. */
function locationFor(table: CatalogTable, values: readonly string[]): string {
  if (values.length === 0) return table.location ?? '';
  const template = table.parameters['storage.location.template'];
  if (table.parameters['projection.enabled'] !== 'true') return partitionLocation(table, values);
  const texts = table.partitionKeys.map(({ name }, i) =>
    (values[i] ?? '').padStart(Number(table.parameters[`projection.${name}.digits`] ?? '0'), '0'),
  );
  if (template === undefined) return partitionLocation(table, texts);
  return table.partitionKeys.reduce(
    (text, { name }, i) => text.replaceAll(`\${${name}}`, texts[i] ?? ''),
    template,
  );
}

function registerPartitions(
  running: Running,
  table: NewTable,
  partitions: readonly string[][],
): void {
  if (partitions.length === 0 || table.parameters['projection.enabled'] === 'true') return;
  const { catalog } = running.options;
  const known = new Set(
    catalog.partitions(table.databaseName, table.name).map(({ values }) => values.join('\u0000')),
  );
  const added = partitions.filter((values) => !known.has(values.join('\u0000')));
  catalog.putPartitions(
    table.databaseName,
    table.name,
    added.map((values) => ({ values, location: partitionLocation(table, values), parameters: {} })),
  );
}

function formatNamed(name: string) {
  const upper = name.toUpperCase();
  const format = FORMATS[upper];
  const storage = STORAGE[upper];
  if (format === undefined || storage === undefined) {
    throw new QueryError(
      'INVALID_TABLE_PROPERTY',
      `NOT_SUPPORTED: the format '${name}'; the local Athena writes PARQUET, JSON and TEXTFILE`,
    );
  }
  return { format, storage };
}

function checkLast(columns: readonly NamedColumn[], partitionedBy: readonly string[]): void {
  const last = columns.slice(columns.length - partitionedBy.length).map(({ name }) => name);
  if (partitionedBy.length >= columns.length || last.join() !== partitionedBy.join()) {
    if (partitionedBy.length === 0) return;
    throw new QueryError(
      'INVALID_TABLE_PROPERTY',
      `HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(', ')}]`,
    );
  }
}

function checkEmpty(running: Running, location: string): void {
  const folder = folderOf(location, running.options.bucketFolder);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new QueryError(
      'HIVE_PATH_ALREADY_EXISTS',
      `HIVE_PATH_ALREADY_EXISTS: Target directory for table '${location}' already exists: it has objects`,
    );
  }
}

function list(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}

function lowerKeys(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key.toLowerCase(), value]),
  );
}
