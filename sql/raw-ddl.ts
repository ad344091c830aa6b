import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';

export type RawFormat = 'json' | 'csv';

/** The DDL file, and the table, of a contract's raw objects in a format. */
export function rawTableName(contract: TableContract, format: RawFormat): string {
  return `raw_${contract.name}_${format}`;
}

/**
 * The Athena statement for a table over what came in, before anything was validated: one row a
 * JSON line or a line of CSV. Every column is text, as a value of any other type that is not one
 * would fail the whole query, and finding such values is what the table is for. Derived columns
 * are left out: input need not have them.
 *
 * Partitioned by the `date=` of the key, by projection from the contract's first year to the
 * present. https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export function rawTableDdl(contract: TableContract, format: RawFormat): string {
  const { partitioning } = contract;
  if (!partitioning) throw new TypeError(`table ${contract.name} has no partitions by day`);
  const location = LOCATIONS[format](contract.name);
  const columns = columnEntries(contract)
    .filter(([, { derivedFrom }]) => !derivedFrom)
    .map(([name, { comment }]) => `  \`${name}\` string COMMENT '${comment}'`);
  const properties = {
    ...PROPERTIES[format],
    'projection.enabled': 'true',
    'projection.date.type': 'date',
    'projection.date.format': 'yyyy-MM-dd',
    'projection.date.range': `${partitioning.firstYear}-01-01,NOW`,
    'projection.date.interval': '1',
    'projection.date.interval.unit': 'DAYS',
    'storage.location.template': `${location}date=\${date}/`,
  };
  return `${NOTES[format]}
CREATE EXTERNAL TABLE IF NOT EXISTS \`${rawTableName(contract, format)}\` (
${columns.join(',\n')}
)
COMMENT 'What came in for ${contract.name}, as it came.'
PARTITIONED BY (
  \`date\` string COMMENT 'Partition: the day in the key, YYYY-MM-DD.'
)
${SERDES[format]}
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

// https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
// https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html
const SERDES: Record<RawFormat, string> = {
  json: `ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'ignore.malformed.json' = 'true'
)`,
  // Separated by commas, quoted by double quotes: what it does untold.
  csv: `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'`,
};

const PROPERTIES: Record<RawFormat, Record<string, string>> = {
  json: { classification: 'json' },
  csv: { classification: 'csv', 'skip.header.line.count': '1' },
};

function pairs(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `  '${name}' = '${value}'`)
    .join(',\n');
}
