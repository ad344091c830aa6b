import type { S3Client } from '@aws-sdk/client-s3';
import { listWrittenSince } from './list-written-since';

/** What the key of an object says that Firehose put under its error prefix. */
export interface FirehoseErrorKey {
  table: string;
  /** Firehose's own word, such as `processing-failed`. */
  type: string;
}

/** An object of records that Firehose could not use, as a listing has it. */
export interface FirehoseErrorFile extends FirehoseErrorKey {
  key: string;
  lastModified: Date;
}

/** In the curated bucket. */
export const FIREHOSE_ERRORS_PREFIX = 'firehose-errors/';
const REPLAYED_PREFIX = 'firehose-errors-replayed/';

const KEY = /^firehose-errors\/([a-z0-9_]+)\/([^/]+)\/.*[^/]$/;

/** The parts of `firehose-errors/<table>/<type>/…`, or undefined for any other key. */
export function parseFirehoseErrorKey(key: string): FirehoseErrorKey | undefined {
  const match = KEY.exec(key);
  if (!match) return undefined;
  const [, table = '', type = ''] = match;
  return { table, type };
}

/** Where the object of that key goes once its records have been put again. */
export function replayedKey(key: string): string {
  return REPLAYED_PREFIX + key.slice(FIREHOSE_ERRORS_PREFIX.length);
}

/**
 * The objects of the curated bucket whose records wait to be replayed, in the order of their keys.
 * Whatever made Firehose give the records up, they are here: also a batch that was given up while
 * others succeeded, of which no metric of Firehose tells.
 * @param which `since`: only what was written at that moment or later, to the second, as S3 tells.
 * @throws what S3 throws.
 */
export async function* listFirehoseErrors(
  s3: S3Client,
  bucket: string,
  which: { table?: string; since?: Date; signal?: AbortSignal } = {},
): AsyncGenerator<FirehoseErrorFile, void> {
  const { table } = which;
  const prefix =
    table === undefined ? FIREHOSE_ERRORS_PREFIX : `${FIREHOSE_ERRORS_PREFIX}${table}/`;
  for await (const { key, lastModified } of listWrittenSince(s3, bucket, prefix, which)) {
    const parts = parseFirehoseErrorKey(key);
    if (parts) yield { ...parts, key, lastModified };
  }
}
