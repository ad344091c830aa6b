import type { GlueColumn, NewTable } from '../../glue/glue-catalog';
import { hiveType, parseType } from './data-type';
import type { TokenReader } from './token-reader';

interface Storage {
  inputFormat: string;
  outputFormat: string;
  library: string;
}

const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';
const LAZY_SIMPLE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';

/** STORED AS, https://docs.aws.amazon.com/athena/latest/ug/create-table.html */
export const STORAGE: Record<string, Storage> = {
  PARQUET: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
    library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
  TEXTFILE: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: TEXT_OUTPUT,
    library: LAZY_SIMPLE,
  },
  JSON: {
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: TEXT_OUTPUT,
    library: 'org.openx.data.jsonserde.JsonSerDe',
  },
  ORC: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
    library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde',
  },
  AVRO: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
    library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
  },
};

const DELIMITERS: [string[], string][] = [
  [['FIELDS', 'TERMINATED', 'BY'], 'field.delim'],
  [['ESCAPED', 'BY'], 'escape.delim'],
  [['COLLECTION', 'ITEMS', 'TERMINATED', 'BY'], 'collection.delim'],
  [['MAP', 'KEYS', 'TERMINATED', 'BY'], 'mapkey.delim'],
  [['LINES', 'TERMINATED', 'BY'], 'line.delim'],
  [['NULL', 'DEFINED', 'AS'], 'serialization.null.format'],
];

/**
 * Reads what follows CREATE EXTERNAL TABLE [IF NOT EXISTS].
 * @throws QueryError SYNTAX_ERROR
 */
export function readExternalTable(reader: TokenReader, database: string): NewTable {
  const name = reader.tableName(database);
  const table: NewTable = {
    databaseName: name.database,
    name: name.table,
    tableType: 'EXTERNAL_TABLE',
    parameters: { EXTERNAL: 'TRUE' },
    columns: readColumns(reader),
    partitionKeys: [],
  };
  let storage = STORAGE['TEXTFILE'] as Storage;
  let library: string | undefined;
  const serdeParameters: Record<string, string> = {};
  while (!reader.atEnd()) {
    if (reader.takes('COMMENT')) table.description = reader.string();
    else if (reader.takes('PARTITIONED', 'BY')) table.partitionKeys = readColumns(reader);
    else if (reader.takes('CLUSTERED', 'BY')) {
      reader.bracketed();
      reader.expect('INTO');
      reader.word();
      reader.expect('BUCKETS');
    } else if (reader.takes('ROW', 'FORMAT', 'SERDE')) library = reader.string();
    else if (reader.takes('ROW', 'FORMAT', 'DELIMITED')) {
      for (;;) {
        const found = DELIMITERS.find(([words]) => reader.takes(...words));
        if (!found) break;
        serdeParameters[found[1]] = reader.string();
      }
      serdeParameters['serialization.format'] = serdeParameters['field.delim'] ?? '1';
    } else if (reader.takes('WITH', 'SERDEPROPERTIES')) {
      Object.assign(serdeParameters, reader.properties());
    } else if (reader.takes('STORED', 'AS', 'INPUTFORMAT')) {
      const inputFormat = reader.string();
      reader.expect('OUTPUTFORMAT');
      storage = { ...storage, inputFormat, outputFormat: reader.string() };
    } else if (reader.takes('STORED', 'AS')) {
      const found = STORAGE[reader.name().toUpperCase()];
      if (!found) reader.fail(Object.keys(STORAGE).join(', '));
      else storage = found;
    } else if (reader.takes('LOCATION')) table.location = reader.string().replace(/\/*$/, '/');
    else if (reader.takes('TBLPROPERTIES')) Object.assign(table.parameters, reader.properties());
    else reader.fail('COMMENT, PARTITIONED BY, ROW FORMAT, STORED AS, LOCATION, TBLPROPERTIES');
  }
  if (table.location === undefined) reader.fail('LOCATION');
  table.inputFormat = storage.inputFormat;
  table.outputFormat = storage.outputFormat;
  table.serde = { library: library ?? storage.library, parameters: serdeParameters };
  return table;
}

/** `(name type COMMENT 'text', …)` */
export function readColumns(reader: TokenReader): GlueColumn[] {
  const columns: GlueColumn[] = [];
  reader.expect('(');
  do {
    const name = reader.name();
    let type = '';
    let depth = 0;
    while (depth > 0 || !(reader.sees(',') || reader.sees(')') || reader.sees('COMMENT'))) {
      const word = reader.word();
      if (word === '<' || word === '(') depth++;
      if (word === '>' || word === ')') depth--;
      type += word;
      if (reader.atEnd()) break;
    }
    const comment = reader.takes('COMMENT') ? reader.string() : undefined;
    columns.push({
      name,
      type: hiveType(parseType(type)),
      ...(comment !== undefined && { comment }),
    });
  } while (reader.takes(','));
  reader.expect(')');
  return columns;
}

/** The statement that makes a table, as SHOW CREATE TABLE has it, a line a row. */
export function createTableText(table: NewTable): string[] {
  const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
  const columns = (of: readonly GlueColumn[]): string[] =>
    of.map(({ name, type, comment }, i) => {
      const end = i < of.length - 1 ? ', ' : ')';
      return `  \`${name}\` ${type}${comment === undefined ? '' : ` COMMENT ${quote(comment)}`}${end}`;
    });
  const lines = [
    `CREATE EXTERNAL TABLE \`${table.databaseName}.${table.name}\`(`,
    ...columns(table.columns),
  ];
  if (table.description !== undefined) lines.push('COMMENT', `  ${quote(table.description)}`);
  if (table.partitionKeys.length > 0)
    lines.push('PARTITIONED BY ( ', ...columns(table.partitionKeys));
  if (table.serde?.library) lines.push('ROW FORMAT SERDE ', `  ${quote(table.serde.library)} `);
  const pairs = (of: Record<string, string>): string[] =>
    Object.entries(of).map(
      ([key, value], i, all) =>
        `  ${quote(key)}=${quote(value)}${i < all.length - 1 ? ', ' : ') '}`,
    );
  const serde = table.serde?.parameters ?? {};
  if (Object.keys(serde).length > 0) lines.push('WITH SERDEPROPERTIES ( ', ...pairs(serde));
  lines.push('STORED AS INPUTFORMAT ', `  ${quote(table.inputFormat ?? '')} `);
  lines.push('OUTPUTFORMAT ', `  ${quote(table.outputFormat ?? '')}`);
  lines.push('LOCATION', `  ${quote(table.location ?? '')}`);
  const properties = Object.fromEntries(
    Object.entries(table.parameters).filter(([key]) => key !== 'EXTERNAL'),
  );
  if (Object.keys(properties).length > 0) lines.push('TBLPROPERTIES (', ...pairs(properties));
  return lines;
}
