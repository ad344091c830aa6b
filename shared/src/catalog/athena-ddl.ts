import { sqlType, type Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import { tableProperties } from './glue-table';

/**
 * The Athena statement that creates a contract's table, in Hive's DDL. Every name stands in
 * backticks, as several (timestamp, date) are reserved.
 * https://docs.aws.amazon.com/athena/latest/ug/create-table.html
 *
 * @param location the table's S3 URI with a trailing slash
 */
export function athenaDdl(contract: TableContract, location: string): string {
  const columns = (entries: [string, Column][]): string =>
    entries
      .map(
        ([name, { type, comment }]) => `  \`${name}\` ${sqlType(type)} COMMENT ${quoted(comment)}`,
      )
      .join(',\n');
  const properties = Object.entries(tableProperties(contract, location))
    .map(([name, value]) => `  ${quoted(name)} = ${quoted(value)}`)
    .join(',\n');
  const partitions = Object.entries(contract.partitionColumns);
  const partitionedBy =
    partitions.length > 0 ? `PARTITIONED BY (\n${columns(partitions)}\n)\n` : '';
  return `CREATE EXTERNAL TABLE IF NOT EXISTS \`${contract.name}\` (
${columns(columnEntries(contract))}
)
COMMENT ${quoted(contract.comment)}
${partitionedBy}STORED AS PARQUET
LOCATION ${quoted(location)}
TBLPROPERTIES (
${properties}
);
`;
}

// defineTable keeps quotes out of comments, so nothing here needs escaping.
function quoted(text: string): string {
  return `'${text}'`;
}
