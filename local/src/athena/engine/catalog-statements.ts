import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CatalogTable, GlueCatalog, GluePartition, NewTable } from '../../glue/glue-catalog';
import { QueryError, type StatementResult } from '../query-engine';
import { createTableText, readColumns, readExternalTable } from './create-external-table';
import { folderOf } from './s3-location';
import type { TokenReader } from './token-reader';
import { viewQuery } from './view-text';

export interface CatalogContext {
  catalog: GlueCatalog;
  bucketFolder: (bucket: string) => string | undefined;
  /** The database that names without one are in. */
  database: string;
}

/**
 * Runs a statement that touches the catalog alone, or returns undefined for any other.
 * https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html
 * @throws QueryError as Athena words it.
 */
export function runCatalogStatement(
  reader: TokenReader,
  context: CatalogContext,
): StatementResult | undefined {
  if (reader.takes('CREATE', 'EXTERNAL', 'TABLE')) return createExternalTable(reader, context);
  if (reader.takes('CREATE', 'DATABASE') || reader.takes('CREATE', 'SCHEMA'))
    return createDatabase(reader, context);
  if (reader.takes('DROP', 'DATABASE') || reader.takes('DROP', 'SCHEMA'))
    return dropDatabase(reader, context);
  if (reader.takes('DROP', 'TABLE')) return dropTable(reader, context, 'DROP_TABLE');
  if (reader.takes('DROP', 'VIEW')) return dropTable(reader, context, 'DROP_VIEW');
  if (reader.takes('ALTER', 'TABLE')) return alterTable(reader, context);
  if (reader.takes('MSCK', 'REPAIR', 'TABLE')) return repairTable(reader, context);
  if (reader.takes('SHOW')) return show(reader, context);
  if (reader.sees('DESCRIBE') || reader.sees('DESC')) return describe(reader, context);
  return undefined;
}

/** The result of a statement that gives no rows, or a few lines of text. */
export function ddlResult(
  substatementType: string,
  columns: string[] = [],
  rows: (string | null)[][] = [],
  statementType: StatementResult['statementType'] = 'DDL',
): StatementResult {
  return {
    statementType,
    substatementType,
    columns: columns.map((name) => ({
      name,
      type: statementType === 'DDL' ? 'string' : 'varchar',
      precision: 2147483647,
      scale: 0,
    })),
    // eslint-disable-next-line @typescript-eslint/require-await
    rows: (async function* () {
      if (rows.length > 0) yield rows;
    })(),
    bytesScanned: () => 0,
  };
}

function failed(message: string): QueryError {
  return new QueryError('DDL_ERROR', `FAILED: ${message}`, 2, 1004);
}

function tableOf(context: CatalogContext, name: { database: string; table: string }): CatalogTable {
  const table = context.catalog.table(name.database, name.table);
  if (!table) {
    throw new QueryError(
      'TABLE_NOT_FOUND',
      `FAILED: SemanticException [Error 10001]: Table not found ${name.database}.${name.table}`,
      2,
      1301,
    );
  }
  return table;
}

function checkDatabase(context: CatalogContext, database: string): void {
  if (!context.catalog.database(database)) {
    throw new QueryError(
      'SCHEMA_NOT_FOUND',
      `FAILED: SemanticException [Error 10072]: Database does not exist: ${database}`,
      2,
      1301,
    );
  }
}

function createExternalTable(reader: TokenReader, context: CatalogContext): StatementResult {
  const isLenient = reader.takes('IF', 'NOT', 'EXISTS');
  const table = readExternalTable(reader, context.database);
  checkDatabase(context, table.databaseName);
  if (!context.catalog.table(table.databaseName, table.name)) context.catalog.createTable(table);
  else if (!isLenient)
    throw failed(
      `Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Table ${table.name} already exists)`,
    );
  return ddlResult('CREATE_TABLE');
}

function createDatabase(reader: TokenReader, { catalog }: CatalogContext): StatementResult {
  const isLenient = reader.takes('IF', 'NOT', 'EXISTS');
  const database: { name: string; description?: string; locationUri?: string } = {
    name: reader.name(),
  };
  while (!reader.atEnd()) {
    if (reader.takes('COMMENT')) database.description = reader.string();
    else if (reader.takes('LOCATION')) database.locationUri = reader.string();
    else if (reader.takes('WITH', 'DBPROPERTIES')) reader.properties();
    else reader.fail('COMMENT, LOCATION, WITH DBPROPERTIES');
  }
  if (!catalog.database(database.name)) catalog.createDatabase(database);
  else if (!isLenient)
    throw failed(
      `Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Database ${database.name} already exists`,
    );
  return ddlResult('CREATE_DATABASE');
}

function dropDatabase(reader: TokenReader, context: CatalogContext): StatementResult {
  const isLenient = reader.takes('IF', 'EXISTS');
  const name = reader.name();
  const isCascading = reader.takes('CASCADE');
  reader.takes('RESTRICT');
  if (context.catalog.database(name)) {
    if (!isCascading && context.catalog.tables(name).length > 0) {
      throw failed(
        `Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. InvalidOperationException(message:Database ${name} is not empty. One or more tables exist.)`,
      );
    }
    context.catalog.deleteDatabase(name);
  } else if (!isLenient) checkDatabase(context, name);
  return ddlResult('DROP_DATABASE');
}

function dropTable(
  reader: TokenReader,
  context: CatalogContext,
  substatementType: 'DROP_TABLE' | 'DROP_VIEW',
): StatementResult {
  const isLenient = reader.takes('IF', 'EXISTS');
  const name = reader.tableName(context.database);
  const found = context.catalog.table(name.database, name.table);
  const isView = found?.viewOriginalText !== undefined;
  if (found && isView !== (substatementType === 'DROP_VIEW')) {
    throw failed(
      isView
        ? `Cannot drop a view with DROP TABLE: ${name.table}`
        : `Cannot drop a table with DROP VIEW: ${name.table}`,
    );
  }
  if (found) context.catalog.deleteTable(name.database, name.table);
  else if (!isLenient) tableOf(context, name);
  return ddlResult(substatementType);
}

function alterTable(reader: TokenReader, context: CatalogContext): StatementResult {
  const table = tableOf(context, reader.tableName(context.database));
  if (reader.takes('ADD', 'COLUMNS')) {
    context.catalog.updateTable({ ...table, columns: [...table.columns, ...readColumns(reader)] });
    return ddlResult('ALTER_TABLE_ADD_COLUMNS');
  }
  if (reader.takes('REPLACE', 'COLUMNS')) {
    context.catalog.updateTable({ ...table, columns: readColumns(reader) });
    return ddlResult('ALTER_TABLE_REPLACE_COLUMNS');
  }
  if (reader.takes('SET', 'TBLPROPERTIES')) {
    context.catalog.updateTable({
      ...table,
      parameters: { ...table.parameters, ...reader.properties() },
    });
    return ddlResult('ALTER_TABLE_SET_TBLPROPERTIES');
  }
  if (reader.takes('SET', 'LOCATION')) {
    context.catalog.updateTable({ ...table, location: reader.string() });
    return ddlResult('ALTER_TABLE_SET_LOCATION');
  }
  if (reader.takes('ADD')) return addPartitions(reader, context, table);
  if (reader.takes('DROP')) return dropPartitions(reader, context, table);
  return reader.fail(
    'ADD COLUMNS, REPLACE COLUMNS, SET TBLPROPERTIES, SET LOCATION, ADD PARTITION, DROP PARTITION',
  );
}

function addPartitions(
  reader: TokenReader,
  context: CatalogContext,
  table: CatalogTable,
): StatementResult {
  const isLenient = reader.takes('IF', 'NOT', 'EXISTS');
  const known = new Set(
    context.catalog
      .partitions(table.databaseName, table.name)
      .map(({ values }) => values.join('/')),
  );
  const partitions: GluePartition[] = [];
  while (reader.takes('PARTITION')) {
    const values = partitionValues(reader, table);
    const location = reader.takes('LOCATION') ? reader.string() : partitionLocation(table, values);
    if (!known.has(values.join('/'))) partitions.push({ values, location, parameters: {} });
    else if (!isLenient)
      throw failed(
        `Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. AlreadyExistsException(message:Partition already exists.)`,
      );
  }
  if (!reader.atEnd()) reader.fail('PARTITION');
  context.catalog.putPartitions(table.databaseName, table.name, partitions);
  return ddlResult('ALTER_TABLE_ADD_PARTITION');
}

function dropPartitions(
  reader: TokenReader,
  context: CatalogContext,
  table: CatalogTable,
): StatementResult {
  const isLenient = reader.takes('IF', 'EXISTS');
  const dropped: string[][] = [];
  const known = new Set(
    context.catalog
      .partitions(table.databaseName, table.name)
      .map(({ values }) => values.join('/')),
  );
  do {
    reader.expect('PARTITION');
    const values = partitionValues(reader, table);
    if (known.has(values.join('/'))) dropped.push(values);
    else if (!isLenient)
      throw failed(`SemanticException [Error 10006]: Partition not found ${values.join('/')}`);
  } while (reader.takes(','));
  context.catalog.deletePartitions(table.databaseName, table.name, dropped);
  return ddlResult('ALTER_TABLE_DROP_PARTITION');
}

/** `(year = 2025, month = '1')`, in the order of the table's keys. */
function partitionValues(reader: TokenReader, table: CatalogTable): string[] {
  const given = new Map(
    Object.entries(reader.properties()).map(([key, value]) => [key.toLowerCase(), value]),
  );
  const unknown = [...given.keys()].find(
    (key) => !table.partitionKeys.some(({ name }) => name === key),
  );
  if (unknown !== undefined)
    throw failed(`SemanticException: ${unknown} is no partition column of ${table.name}`);
  return table.partitionKeys.map(({ name }) => {
    const value = given.get(name);
    if (value === undefined) throw failed(`SemanticException: partition column ${name} is missing`);
    return value;
  });
}

export function partitionLocation(table: NewTable, values: readonly string[]): string {
  const path = table.partitionKeys.map(
    ({ name }, i) => `${name}=${encodeURIComponent(values[i] ?? '')}`,
  );
  return `${(table.location ?? '').replace(/\/*$/, '/')}${path.join('/')}/`;
}

/** Registers the folders `key=value/…` below a table's location that are not yet. */
function repairTable(reader: TokenReader, context: CatalogContext): StatementResult {
  const table = tableOf(context, reader.tableName(context.database));
  const known = new Set(
    context.catalog
      .partitions(table.databaseName, table.name)
      .map(({ values }) => values.join('/')),
  );
  const found: GluePartition[] = [];
  const walk = (folder: string, values: string[]): void => {
    const key = table.partitionKeys[values.length];
    if (key === undefined) {
      if (!known.has(values.join('/'))) {
        found.push({ values, location: partitionLocation(table, values), parameters: {} });
      }
      return;
    }
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    for (const entry of entries) {
      const [name, value] = entry.name.split('=');
      if (entry.isDirectory() && name?.toLowerCase() === key.name && value !== undefined) {
        walk(join(folder, entry.name), [...values, decodeURIComponent(value)]);
      }
    }
  };
  if (table.location !== undefined) walk(folderOf(table.location, context.bucketFolder), []);
  context.catalog.putPartitions(table.databaseName, table.name, found);
  const lines = found.map(({ values }) => [
    `Repair: Added partition to metastore ${table.name}:${table.partitionKeys.map(({ name }, i) => `${name}=${values[i]}`).join('/')}`,
  ]);
  const missing = found.map(
    ({ values }) =>
      `${table.name}:${table.partitionKeys.map(({ name }, i) => `${name}=${values[i]}`).join('/')}`,
  );
  const rows =
    found.length === 0 ? [] : [[`Partitions not in metastore:\t${missing.join('\t')}`], ...lines];
  return ddlResult('MSCK_REPAIR_TABLE', ['result'], rows);
}

function show(reader: TokenReader, context: CatalogContext): StatementResult {
  const { catalog } = context;
  if (reader.takes('DATABASES') || reader.takes('SCHEMAS')) {
    const like = likeOf(reader);
    const names = catalog
      .databases()
      .map(({ name }) => name)
      .filter(like)
      .sort();
    return ddlResult(
      'SHOW_DATABASES',
      ['database_name'],
      names.map((name) => [name]),
    );
  }
  if (reader.sees('TABLES') || reader.sees('VIEWS')) {
    const isViews = reader.word().toUpperCase() === 'VIEWS';
    const database = reader.takes('IN') || reader.takes('FROM') ? reader.name() : context.database;
    const like = likeOf(reader);
    checkDatabase(context, database);
    const names = catalog
      .tables(database)
      .filter(({ viewOriginalText }) => !isViews || viewOriginalText !== undefined)
      .map(({ name }) => name)
      .filter(like)
      .sort();
    return ddlResult(
      isViews ? 'SHOW_VIEWS' : 'SHOW_TABLES',
      [isViews ? 'views' : 'tab_name'],
      names.map((name) => [name]),
    );
  }
  if (reader.takes('COLUMNS')) {
    if (!reader.takes('IN')) reader.expect('FROM');
    let name = reader.tableName(context.database);
    if (reader.takes('IN') || reader.takes('FROM')) name = { ...name, database: reader.name() };
    const table = tableOf(context, name);
    const names = [...table.columns, ...table.partitionKeys].map((column) => [
      column.name.padEnd(20),
    ]);
    return ddlResult('SHOW_COLUMNS', ['field'], names);
  }
  if (reader.takes('PARTITIONS')) {
    const table = tableOf(context, reader.tableName(context.database));
    if (table.partitionKeys.length === 0) {
      throw failed(
        `SemanticException [Error 10111]: Table ${table.name} is not a partitioned table`,
      );
    }
    const rows = catalog
      .partitions(table.databaseName, table.name)
      .map(({ values }) => [
        table.partitionKeys.map(({ name }, i) => `${name}=${values[i]}`).join('/'),
      ])
      .sort();
    return ddlResult('SHOW_PARTITIONS', ['partition'], rows);
  }
  if (reader.takes('CREATE', 'TABLE')) {
    const table = tableOf(context, reader.tableName(context.database));
    if (table.viewOriginalText !== undefined)
      throw failed(`${table.name} is a view: SHOW CREATE VIEW`);
    return ddlResult(
      'SHOW_CREATE_TABLE',
      ['createtab_stmt'],
      createTableText(table).map((line) => [line]),
    );
  }
  if (reader.takes('CREATE', 'VIEW')) {
    const table = tableOf(context, reader.tableName(context.database));
    if (table.viewOriginalText === undefined)
      throw failed(`${table.name} is no view: SHOW CREATE TABLE`);
    const text = `CREATE VIEW ${table.databaseName}.${table.name} AS\n${viewQuery(table).originalSql}`;
    return ddlResult(
      'SHOW_CREATE_VIEW',
      ['create_view'],
      text.split('\n').map((line) => [line]),
    );
  }
  if (reader.takes('TBLPROPERTIES')) {
    const table = tableOf(context, reader.tableName(context.database));
    const only = reader.sees('(')
      ? reader
          .bracketed()
          .trim()
          .replace(/^['"]|['"]$/g, '')
      : undefined;
    const rows = Object.entries(table.parameters)
      .filter(([key]) => only === undefined || key === only)
      .map(([key, value]) => [key, value]);
    return ddlResult('SHOW_TBLPROPERTIES', ['prpt_name', 'prpt_value'], rows);
  }
  return reader.fail(
    'DATABASES, SCHEMAS, TABLES, VIEWS, COLUMNS, PARTITIONS, CREATE TABLE, CREATE VIEW, TBLPROPERTIES',
  );
}

/** A pattern of Hive's: `*` for anything, `|` for or. LIKE's `%` is taken too. */
function likeOf(reader: TokenReader): (name: string) => boolean {
  const isLike = reader.takes('LIKE');
  if (!isLike && reader.atEnd()) return () => true;
  const pattern = reader
    .string()
    .replace(/[.+^${}()[\]\\?]/g, '\\$&')
    .replace(/[*%]/g, '.*');
  return (name) => new RegExp(`^(?:${pattern})$`, 'i').test(name);
}

function describe(reader: TokenReader, context: CatalogContext): StatementResult {
  reader.word();
  const isExtended = reader.takes('EXTENDED') || reader.takes('FORMATTED');
  const table = tableOf(context, reader.tableName(context.database));
  const columns = [...table.columns, ...table.partitionKeys];
  const only = reader.atEnd() ? undefined : reader.name();
  const row = ({
    name,
    type,
    comment,
  }: {
    name: string;
    type: string;
    comment?: string;
  }): string[] => [name, type, comment ?? ''];
  const rows = columns.filter(({ name }) => only === undefined || name === only).map(row);
  if (only === undefined && table.partitionKeys.length > 0) {
    rows.push(
      ['', '', ''],
      ['# Partition Information', '', ''],
      ['# col_name', 'data_type', 'comment'],
      ...table.partitionKeys.map(row),
    );
  }
  if (isExtended) {
    rows.push(
      ['', '', ''],
      ['# Detailed Table Information', '', ''],
      ['Database:', table.databaseName, ''],
      ['Location:', table.location ?? '', ''],
      ['Table Type:', table.tableType ?? '', ''],
      ['SerDe Library:', table.serde?.library ?? '', ''],
      ['InputFormat:', table.inputFormat ?? '', ''],
      ...Object.entries(table.parameters).map(([key, value]) => ['Table Parameters:', key, value]),
    );
  }
  return ddlResult('DESCRIBE_TABLE', ['col_name', 'data_type', 'comment'], rows, 'UTILITY');
}
