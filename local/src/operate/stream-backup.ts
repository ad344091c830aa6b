import { gunzipSync } from 'node:zlib';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { scanValue, startScan } from '@saleslake/shared/decode/json-values';
import type { Stage } from '../stage';
import { daysOf, type DayRange } from './day-range';
import { putRecords } from './put-records';
import type { RawObject } from './raw-objects';
import { readBytes } from './read-object';
import type { Zones } from './replay-objects';
import { partitionKeyOf, streamOfTable } from './table-stream';

/** What of a backup was put again. */
export interface ReplayedBackup {
  records: number;
  /** Bytes that were no record of a change, and are left. */
  unread: number;
  stream: string;
}

/** What Firehose kept of a table's records on the days of their arrival, each as it came. */
export async function backupOfDays(
  { s3, raw }: Pick<Zones, 's3' | 'raw'>,
  table: string,
  days: DayRange,
): Promise<RawObject[]> {
  const found: RawObject[] = [];
  for (const day of daysOf(days)) {
    const Prefix = `firehose-backup/${table}/date=${day}/`;
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client: s3 },
      { Bucket: raw, Prefix },
    )) {
      found.push(...Contents.map(({ Key: key = '', Size: size = 0 }) => ({ key, size })));
    }
  }
  return found;
}

/**
 * Puts the changes of a backup again into the stream that they came from, under their own keys.
 * @throws SaleslakeError where the stream does not take them; some have been put by then.
 */
export async function replayBackup(
  stage: Stage,
  table: string,
  objects: readonly RawObject[],
  progress: (records: number) => void,
): Promise<ReplayedBackup> {
  const stream = await streamOfTable(stage, table);
  const replayed: ReplayedBackup = { records: 0, unread: 0, stream: stream.name };
  for (const { key } of objects) {
    const body = await readBytes(stage.s3, stage.raw, key);
    if (!body) continue;
    const { changes, unread } = splitChanges(key.endsWith('.gz') ? gunzipSync(body) : body);
    const records = changes.map((data) => ({ data, partitionKey: partitionKeyOf(data) }));
    await putRecords(stream, records, (put) => progress(replayed.records + put));
    replayed.records += records.length;
    replayed.unread += unread;
  }
  return replayed;
}

// The largest record of a data stream that nobody raised the limit of:
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const LARGEST_RECORD = 2 ** 20;
const OPEN_BRACE = 0x7b;

/**
 * Takes apart what Firehose wrote one behind the other, with nothing in between, whatever it was:
 * each JSON object with a member `dynamodb` is a change of an item, and all else is passed over.
 */
export function splitChanges(bytes: Uint8Array): { changes: Uint8Array[]; unread: number } {
  const changes: Uint8Array[] = [];
  let unread = bytes.length;
  for (let at = bytes.indexOf(OPEN_BRACE); at >= 0;) {
    const scan = startScan(at);
    const found = scanValue(bytes, scan, Math.min(bytes.length, at + LARGEST_RECORD));
    const change = bytes.subarray(at, scan.position);
    if (found && isChange(change)) {
      changes.push(change);
      unread -= change.length;
      at = bytes.indexOf(OPEN_BRACE, scan.position);
    } else {
      // An opening brace that nothing closes must not hide the change behind it.
      at = bytes.indexOf(OPEN_BRACE, at + 1);
    }
  }
  return { changes, unread };
}

function isChange(bytes: Uint8Array): boolean {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as { dynamodb?: unknown };
    return typeof value.dynamodb === 'object' && value.dynamodb !== null;
  } catch {
    return false;
  }
}
