import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import { type Input } from './parameters';

const MOST_ENTRIES = 10;

/** Each list is left out where it is empty, as AWS does. */
export interface BatchResult {
  Successful?: object[];
  Failed?: { Id: string; SenderFault: boolean; Code: string; Message: string }[];
}

/**
 * The entries of a batch request. Throws what fails a batch as a whole: EmptyBatchRequest,
 * TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct.
 */
export function readBatch(entries: unknown): [id: string, entry: Input][] {
  const list: unknown[] = Array.isArray(entries) ? entries : [];
  if (list.length === 0) {
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (list.length > MOST_ENTRIES) {
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${list.length}.`,
    );
  }
  const batch = list.map((entry): [string, Input] => {
    if (isJsonObject(entry) && typeof entry.Id === 'string' && /^[\w-]{1,80}$/.test(entry.Id)) {
      return [entry.Id, entry];
    }
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores, ' +
        `and be at most 80 letters long; this entry has ${JSON.stringify(isJsonObject(entry) ? entry.Id : entry)}.`,
    );
  });
  const ids = batch.map(([id]) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    throw new AwsError('BatchEntryIdsNotDistinct', `Id ${repeated} repeated.`);
  }
  return batch;
}

/** Runs every entry: what one throws fails that one only. */
export function runBatch(
  batch: [id: string, entry: Input][],
  run: (entry: Input) => object,
): BatchResult {
  const successful: object[] = [];
  const failed: NonNullable<BatchResult['Failed']> = [];
  for (const [id, entry] of batch) {
    try {
      successful.push({ Id: id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
}
