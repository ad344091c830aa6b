import type { Partition } from '../decode/partition';
import { parseDate } from '../contract/timestamp';

/** What the key of a Parquet file says. */
export interface ProcessedKey {
  table: string;
  partition: Partition;
  sourceId: string;
}

const PROCESSED_KEY =
  /^processed\/([a-z0-9_]+)\/(?:year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/)?([0-9a-f]{32})\.parquet$/;

/**
 * `processed/<table>/year=YYYY/month=MM/day=DD/<source-id>.parquet`, in the curated bucket, and
 * `processed/<table>/<source-id>.parquet` where there is no partition.
 */
export function processedKey(table: string, partition: Partition, sourceId: string): string {
  return `processed/${table}/${partition ? folderOf(partition) : ''}${sourceId}.parquet`;
}

function folderOf({ year, month, day }: NonNullable<Partition>): string {
  const digits = (value: number, length: number) => String(value).padStart(length, '0');
  return `year=${digits(year, 4)}/month=${digits(month, 2)}/day=${digits(day, 2)}/`;
}

/** The parts of a key that processedKey made, or undefined. */
export function parseProcessedKey(key: string): ProcessedKey | undefined {
  const match = PROCESSED_KEY.exec(key);
  if (!match) return undefined;
  const [, table = '', year, month, day, sourceId = ''] = match;
  if (year === undefined) return { table, partition: undefined, sourceId };
  if (parseDate(`${year}-${month}-${day}`) === undefined) return undefined;
  const partition = { year: Number(year), month: Number(month), day: Number(day) };
  return { table, partition, sourceId };
}
