import { sqlType } from '../contract/column';
import {
  columnEntries,
  type DailyPartitioning,
  type TableContract,
} from '../contract/table-contract';

interface GlueColumn {
  Name: string;
  Type: string;
  Comment: string;
}

/** The TableInput of a Glue table, as the API and AWS::Glue::Table spell it. */
export interface GlueTableInput {
  Name: string;
  Description: string;
  TableType: 'EXTERNAL_TABLE';
  Parameters: Record<string, string>;
  PartitionKeys: GlueColumn[];
  StorageDescriptor: {
    Columns: GlueColumn[];
    Location: string;
    InputFormat: string;
    OutputFormat: string;
    SerdeInfo: { SerializationLibrary: string; Parameters: Record<string, string> };
  };
}

/** Hive's classes for Parquet, which Glue, Athena and the DDL all name. */
export const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
export const PARQUET_INPUT_FORMAT = 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat';
export const PARQUET_OUTPUT_FORMAT =
  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat';

/**
 * The table's properties. Where it has partitions, they are projected over the contract's years, so
 * that none is ever registered. https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 *
 * @param location the table's S3 URI with a trailing slash
 */
export function tableProperties(contract: TableContract, location: string): Record<string, string> {
  const { partitioning, version } = contract;
  return {
    classification: 'parquet',
    'saleslake.version': String(version),
    ...(partitioning && projection(partitioning, location)),
  };
}

function projection(
  { firstYear, lastYear }: DailyPartitioning,
  location: string,
): Record<string, string> {
  const integer = (column: string, first: number, last: number, digits: number) => ({
    [`projection.${column}.type`]: 'integer',
    [`projection.${column}.range`]: `${first},${last}`,
    [`projection.${column}.digits`]: String(digits),
  });
  return {
    'projection.enabled': 'true',
    ...integer('year', firstYear, lastYear, 4),
    ...integer('month', 1, 12, 2),
    ...integer('day', 1, 31, 2),
    'storage.location.template': `${location}year=\${year}/month=\${month}/day=\${day}/`,
  };
}

/**
 * The Glue table of a contract.
 * @param location the table's S3 URI with a trailing slash
 */
export function glueTable(contract: TableContract, location: string): GlueTableInput {
  const columns = (entries: ReturnType<typeof columnEntries>): GlueColumn[] =>
    entries.map(([name, column]) => ({
      Name: name,
      Type: sqlType(column.type),
      Comment: column.comment,
    }));
  return {
    Name: contract.name,
    Description: contract.comment,
    TableType: 'EXTERNAL_TABLE',
    // As the DDL's COMMENT becomes: what Athena shows of a table is this and not the description.
    Parameters: {
      EXTERNAL: 'TRUE',
      comment: contract.comment,
      ...tableProperties(contract, location),
    },
    PartitionKeys: columns(Object.entries(contract.partitionColumns)),
    StorageDescriptor: {
      Columns: columns(columnEntries(contract)),
      Location: location,
      InputFormat: PARQUET_INPUT_FORMAT,
      OutputFormat: PARQUET_OUTPUT_FORMAT,
      SerdeInfo: {
        SerializationLibrary: PARQUET_SERDE,
        Parameters: { 'serialization.format': '1' },
      },
    },
  };
}
