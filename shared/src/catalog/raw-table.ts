import { columnEntries, type TableContract } from '../contract/table-contract';
import type { GlueTableInput } from './glue-table';

export type RawFormat = 'json' | 'csv';

/** A table over what came in for a contract, as its DDL and its Glue table both say it. */
export interface RawTable {
  name: string;
  comment: string;
  /** Text, all of them. */
  columns: { name: string; comment: string }[];
  partitionKeys: { name: string; comment: string }[];
  serde: { library: string; parameters: Record<string, string> };
  properties: Record<string, string>;
}

/** The DDL file, and the table, of a contract's raw objects in a format. */
export function rawTableName(contract: TableContract, format: RawFormat): string {
  return `raw_${contract.name}_${format}`;
}

/**
 * A table over what came in, before anything was validated: one row a JSON line or a line of CSV.
 * Every column is text, as a value of any other type that is not one would fail the whole query,
 * and finding such values is what the table is for. Derived columns are left out: input need not
 * have them.
 *
 * Partitioned by the `date=` of the key, by projection from the contract's first year to the
 * present. https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 *
 * @param location the table's S3 URI with a trailing slash
 */
export function rawTable(contract: TableContract, format: RawFormat, location: string): RawTable {
  const { partitioning } = contract;
  if (!partitioning) throw new TypeError(`table ${contract.name} has no partitions by day`);
  return {
    name: rawTableName(contract, format),
    comment: `What came in for ${contract.name}, as it came.`,
    columns: columnEntries(contract)
      .filter(([, { derivedFrom }]) => !derivedFrom)
      .map(([name, { comment }]) => ({ name, comment })),
    partitionKeys: [{ name: 'date', comment: 'Partition: the day in the key, YYYY-MM-DD.' }],
    serde: SERDES[format],
    properties: {
      ...PROPERTIES[format],
      'projection.enabled': 'true',
      'projection.date.type': 'date',
      'projection.date.format': 'yyyy-MM-dd',
      'projection.date.range': `${partitioning.firstYear}-01-01,NOW`,
      'projection.date.interval': '1',
      'projection.date.interval.unit': 'DAYS',
      'storage.location.template': `${location}date=\${date}/`,
    },
  };
}

/**
 * The Glue table of a contract's raw objects.
 * @param location the table's S3 URI with a trailing slash
 */
export function rawGlueTable(
  contract: TableContract,
  format: RawFormat,
  location: string,
): GlueTableInput {
  const { name, comment, columns, partitionKeys, serde, properties } = rawTable(
    contract,
    format,
    location,
  );
  const text = (column: { name: string; comment: string }) => ({
    Name: column.name,
    Type: 'string',
    Comment: column.comment,
  });
  return {
    Name: name,
    Description: comment,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { EXTERNAL: 'TRUE', comment, ...properties },
    PartitionKeys: partitionKeys.map(text),
    StorageDescriptor: {
      Columns: columns.map(text),
      Location: location,
      InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      SerdeInfo: { SerializationLibrary: serde.library, Parameters: serde.parameters },
    },
  };
}

// https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
// https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
const SERDES: Record<RawFormat, RawTable['serde']> = {
  json: {
    library: 'org.openx.data.jsonserde.JsonSerDe',
    parameters: { 'ignore.malformed.json': 'true' },
  },
  // Separated by commas, quoted by double quotes: what it does untold.
  csv: { library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde', parameters: {} },
};

const PROPERTIES: Record<RawFormat, Record<string, string>> = {
  json: { classification: 'json' },
  csv: { classification: 'csv', 'skip.header.line.count': '1' },
};
