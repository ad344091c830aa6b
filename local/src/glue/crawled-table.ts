import type { NewTable } from './glue-catalog';
import type { CrawledTable } from './table-folders';

const HADOOP = 'org.apache.hadoop';
const TEXT_INPUT = `${HADOOP}.mapred.TextInputFormat`;
const TEXT_OUTPUT = `${HADOOP}.hive.ql.io.HiveIgnoreKeyTextOutputFormat`;

type Storage = Pick<NewTable, 'inputFormat' | 'outputFormat' | 'serde'>;

/** The table's properties that its crawler is named in, as Glue has them. */
export const CRAWLER_PROPERTY = 'UPDATED_BY_CRAWLER';

/** The catalog's table for what a crawler found. */
export function newTableOf(
  table: CrawledTable,
  place: { databaseName: string; name: string; location: string; crawler: string },
): NewTable {
  const { schema, partitionKeys, files, bytes } = table;
  return {
    databaseName: place.databaseName,
    name: place.name,
    tableType: 'EXTERNAL_TABLE',
    location: place.location,
    columns: schema.columns,
    partitionKeys: partitionKeys.map((name) => ({ name, type: 'string' })),
    ...storageOf(table),
    parameters: {
      [CRAWLER_PROPERTY]: place.crawler,
      CrawlerSchemaDeserializerVersion: '1.0',
      CrawlerSchemaSerializerVersion: '1.0',
      classification: schema.format,
      compressionType: schema.gzip ? 'gzip' : 'none',
      typeOfData: 'file',
      objectCount: String(files),
      sizeKey: String(bytes),
      ...csvProperties(table),
    },
  };
}

function storageOf({ schema: { format, columns, csv } }: CrawledTable): Storage {
  if (format === 'parquet') {
    return {
      inputFormat: `${HADOOP}.hive.ql.io.parquet.MapredParquetInputFormat`,
      outputFormat: `${HADOOP}.hive.ql.io.parquet.MapredParquetOutputFormat`,
      serde: {
        library: `${HADOOP}.hive.ql.io.parquet.serde.ParquetHiveSerDe`,
        parameters: { 'serialization.format': '1' },
      },
    };
  }
  const text = { inputFormat: TEXT_INPUT, outputFormat: TEXT_OUTPUT };
  if (format === 'json') {
    const paths = columns.map(({ name }) => name).join(',');
    return {
      ...text,
      serde: { library: 'org.openx.data.jsonserde.JsonSerDe', parameters: { paths } },
    };
  }
  const delimiter = csv?.delimiter ?? ',';
  // LazySimpleSerDe knows no quotes.
  return csv?.quoted
    ? {
        ...text,
        serde: {
          library: `${HADOOP}.hive.serde2.OpenCSVSerde`,
          parameters: { separatorChar: delimiter, quoteChar: '"' },
        },
      }
    : {
        ...text,
        serde: {
          library: `${HADOOP}.hive.serde2.lazy.LazySimpleSerDe`,
          parameters: { 'field.delim': delimiter },
        },
      };
}

function csvProperties({ schema: { csv } }: CrawledTable): Record<string, string> {
  if (!csv) return {};
  return {
    areColumnsQuoted: String(csv.quoted),
    columnsOrdered: 'true',
    delimiter: csv.delimiter,
    ...(csv.header && { 'skip.header.line.count': '1' }),
  };
}
