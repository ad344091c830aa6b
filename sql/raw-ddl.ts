import { rawTable, type RawFormat } from '@saleslake/shared/catalog/raw-table';
import type { TableContract } from '@saleslake/shared/contract/table-contract';

/** The Athena statement for a contract's raw table. */
export function rawTableDdl(contract: TableContract, format: RawFormat): string {
  const location = LOCATIONS[format](contract.name);
  const { name, comment, columns, partitionKeys, serde, properties } = rawTable(
    contract,
    format,
    location,
  );
  const text = (column: { name: string; comment: string }): string =>
    `  \`${column.name}\` string COMMENT '${column.comment}'`;
  const serdeProperties =
    Object.keys(serde.parameters).length === 0
      ? ''
      : `\nWITH SERDEPROPERTIES (\n${pairs(serde.parameters)}\n)`;
  return `${NOTES[format]}
CREATE EXTERNAL TABLE IF NOT EXISTS \`${name}\` (
${columns.map(text).join(',\n')}
)
COMMENT '${comment}'
PARTITIONED BY (
${partitionKeys.map(text).join(',\n')}
)
ROW FORMAT SERDE '${serde.library}'${serdeProperties}
LOCATION '${location}'
TBLPROPERTIES (
${pairs(properties)}
);
`;
}

/**
 * Athena reads every object below a table's location, whatever it ends in, so that the two formats
 * need two folders; and what lies in raw/ is for the transformer, which reads JSON alone.
 */
const LOCATIONS: Record<RawFormat, (table: string) => string> = {
  json: (table) => `s3://<raw-bucket>/raw/${table}/`,
  csv: (table) => `s3://<raw-bucket>/csv/${table}/`,
};

const NOTES: Record<RawFormat, string> = {
  json: `-- The JSON lines of the raw zone as they came, good or not: raw/<table>/date=YYYY-MM-DD/.
-- Every column is text: CAST(price AS decimal(10, 2)), from_iso8601_timestamp(...). A line that is
-- no JSON gives NULL in every column. Always filter by "date", a string such as '2026-01-31'.`,
  csv: `-- CSV files that somebody put beside the raw zone: csv/<table>/date=YYYY-MM-DD/<name>.csv, with a
-- header line, and columns in the order below. The transformer does not read them; they are to be
-- looked at, joined, or written to raw/ as JSON. OpenCSVSerde knows only text, with an empty field
-- as an empty string. A line break within quotes is not supported. Always filter by "date".`,
};

function pairs(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `  '${name}' = '${value}'`)
    .join(',\n');
}
