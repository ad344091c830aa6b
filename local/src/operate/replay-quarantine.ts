import { CopyObjectCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { parseFirehoseErrorKey, replayedKey } from '@saleslake/shared/lake/firehose-errors';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Stage } from '../stage';
import { parseFirehoseErrors } from './firehose-errors';
import { putRecords } from './put-records';
import type { QuarantineEntry } from './quarantine';
import { readText } from './read-object';
import { replayObjects, type ReplayedObject, type ReplayOptions } from './replay-objects';
import { sourceRecordOf } from './source-record';
import { partitionKeyOf, streamOfTable } from './table-stream';

/** What became of an object of records that Firehose could not use. */
export interface ReplayedErrors {
  entry: QuarantineEntry;
  /** Records that were put again, and the stream that has them. */
  records: number;
  stream?: string;
  /** Why they were not put, or not all of them; the object is then where it was. */
  problem?: string;
}

export interface ReplayedQuarantine {
  objects: ReplayedObject[];
  errors: ReplayedErrors[];
}

/**
 * Tries again what is quarantined: raw objects as replayObjects does; of Firehose the records are
 * put again into their stream, and the object that held them is moved away once all are accepted.
 * Who dies in between has put some twice, as Firehose itself may.
 */
export async function replayQuarantine(
  stage: Stage,
  entries: readonly QuarantineEntry[],
  options: ReplayOptions,
): Promise<ReplayedQuarantine> {
  const keys = entries.filter(({ by }) => by === 'transformer').map(({ source }) => source.key);
  const errors: ReplayedErrors[] = [];
  for (const entry of entries) {
    if (entry.by === 'transformer') continue;
    try {
      errors.push({ entry, ...(await replayErrors(stage, entry)) });
    } catch (error) {
      if (!(error instanceof SaleslakeError)) throw error;
      errors.push({ entry, records: 0, problem: error.message });
    }
  }
  return { objects: await replayObjects(stage, keys, options), errors };
}

async function replayErrors(
  stage: Stage,
  { source: { key }, table }: QuarantineEntry,
): Promise<Pick<ReplayedErrors, 'records' | 'stream'>> {
  const { s3, curated } = stage;
  const text = await readText(s3, curated, key);
  // Another replayed it since it was listed.
  if (text === undefined) return { records: 0 };
  const converted = parseFirehoseErrorKey(key)?.type === 'format-conversion-failed';
  const records = parseFirehoseErrors(key, text).map((error) => {
    const data = converted ? sourceRecordOf(table, error.data) : error.data;
    return { data, partitionKey: partitionKeyOf(data) };
  });
  const stream = await streamOfTable(stage, table);
  await putRecords(stream, records);
  await s3.send(
    new CopyObjectCommand({
      Bucket: curated,
      Key: replayedKey(key),
      CopySource: [curated, ...key.split('/')].map(encodeURIComponent).join('/'),
    }),
  );
  await s3.send(new DeleteObjectCommand({ Bucket: curated, Key: key }));
  return { records: records.length, stream: stream.name };
}
