import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { parseProcessedKey } from '@saleslake/shared/lake/processed-keys';
import { parseRawKey } from '@saleslake/shared/lake/raw-keys';
import { sourceId } from '@saleslake/shared/lake/source-id';
import type { DayRange } from './day-range';
import type { Zones } from './replay-objects';

/** An object of the raw zone. */
export interface RawObject {
  key: string;
  /** In bytes. */
  size: number;
}

/**
 * The raw objects of a table that belong to some days: those that are dated so in their key, and
 * those that wrote rows of these days, whatever date they came under.
 */
export async function rawObjectsOfDays(
  { s3, raw, curated }: Zones,
  table: string,
  days: DayRange,
): Promise<RawObject[]> {
  const writers = await writersOfDays({ s3, curated }, table, days);
  const found: RawObject[] = [];
  const pages = paginateListObjectsV2({ client: s3 }, { Bucket: raw, Prefix: `raw/${table}/` });
  for await (const { Contents = [] } of pages) {
    for (const { Key: key = '', Size: size = 0 } of Contents) {
      if (!isTransformed(key)) continue;
      const date = parseRawKey(key)?.date;
      const dated = date !== undefined && date >= days.from && date <= days.to;
      if (dated || writers.has(sourceId({ bucket: raw, key }))) found.push({ key, size });
    }
  }
  return found;
}

/** Whether the rule of services/transformer hands an object on: any other never has a manifest. */
function isTransformed(key: string): boolean {
  return /\.json(\.gz)?$/.test(key);
}

/**
 * The ids of the sources that wrote rows of these days: each names its files after itself, the same
 * that its manifest names, so that no manifest need be read.
 */
async function writersOfDays(
  { s3, curated }: Pick<Zones, 's3' | 'curated'>,
  table: string,
  { from, to }: DayRange,
): Promise<Set<string>> {
  const ids = new Set<string>();
  const prefix = `processed/${table}/`;
  // Keys of days are in the order of the days.
  const first = `${prefix}${folderOf(from)}`;
  const last = `${prefix}${folderOf(to)}\uffff`;
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: curated, Prefix: prefix, StartAfter: first },
  );
  for await (const { Contents = [] } of pages) {
    for (const { Key: key = '' } of Contents) {
      if (key > last) return ids;
      const parsed = parseProcessedKey(key);
      // What Firehose delivered has another name, and a table without days none of them.
      if (parsed?.partition) ids.add(parsed.sourceId);
    }
  }
  return ids;
}

function folderOf(day: string): string {
  const [year, month, ofMonth] = day.split('-');
  return `year=${year}/month=${month}/day=${ofMonth}/`;
}
