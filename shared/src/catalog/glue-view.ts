import type { QueryFile } from './query-file';

/** The TableInput of a Glue table that is an Athena view. */
export interface GlueViewInput {
  Name: string;
  TableType: 'VIRTUAL_VIEW';
  Parameters: Record<string, string>;
  ViewOriginalText: string;
  ViewExpandedText: string;
  PartitionKeys: [];
  StorageDescriptor: {
    Columns: { Name: string; Type: string }[];
    Location: '';
    SerdeInfo: Record<string, never>;
  };
}

const CREATE_VIEW = /^\s*CREATE\s+OR\s+REPLACE\s+VIEW\s+([a-z0-9_]+)\s+AS\s+/i;

/**
 * A view as Athena's `CREATE VIEW` leaves it in Glue: the statement and the columns with Trino's
 * types, as JSON in Base64 within a comment; beside it the columns with Hive's types.
 * https://github.com/trinodb/trino/blob/master/plugin/trino-hive/src/main/java/io/trino/plugin/hive/ViewReaderUtil.java
 *
 * @param file a query file whose statement is `CREATE OR REPLACE VIEW … AS …`
 * @param database in which the statement's unqualified names are
 * @throws TypeError where the statement is another
 */
export function glueView(file: QueryFile, database: string): GlueViewInput {
  const [create = '', name = ''] = CREATE_VIEW.exec(file.sql) ?? [];
  if (name === '') throw new TypeError(`${file.name}: expected CREATE OR REPLACE VIEW … AS …`);
  const definition = {
    originalSql: file.sql.slice(create.length).trim(),
    catalog: 'awsdatacatalog',
    schema: database,
    columns: file.columns.map((column) => ({ name: column.name, type: trinoType(column.type) })),
  };
  const encoded = Buffer.from(JSON.stringify(definition)).toString('base64');
  return {
    Name: name,
    TableType: 'VIRTUAL_VIEW',
    Parameters: { presto_view: 'true', comment: file.question },
    ViewOriginalText: `/* Presto View: ${encoded} */`,
    ViewExpandedText: '/* Presto View */',
    PartitionKeys: [],
    StorageDescriptor: {
      Columns: file.columns.map((column) => ({ Name: column.name, Type: hiveType(column.type) })),
      Location: '',
      SerdeInfo: {},
    },
  };
}

/** Trino's full name: Athena's timestamps are to the millisecond. */
function trinoType(type: string): string {
  return type === 'timestamp' ? 'timestamp(3)' : type;
}

/** Hive's name for one of Trino's flat types. */
function hiveType(type: string): string {
  if (type.startsWith('varchar')) return 'string';
  if (type.startsWith('timestamp')) return 'timestamp';
  return type === 'integer' ? 'int' : type;
}
