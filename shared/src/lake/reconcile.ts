import { paginateListObjectsV2, type S3Client, type _Object } from '@aws-sdk/client-s3';
import { forEachConcurrently } from '../runtime/for-each-concurrently';
import { judgeObject, type Verdict } from './judge-object';
import type { LakeBuckets } from './read-manifest';
import { tableOfKey } from './table-of-key';

/** An object of the raw zone, as its listing has it. */
export interface RawObject {
  key: string;
  /** The table that its key names. */
  table: string;
  etag: string;
  /** In bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  lastModified: number;
}

export interface ReconcileOptions {
  /** Judges objects written at this time or later, in milliseconds since the epoch. */
  since?: number;
  /** Judges objects written before this time: leave younger ones the time to be transformed. */
  until?: number;
  /** Of these alone, in this order; of all where it is left out. */
  tables?: readonly string[];
  /** Told of every object in its turn, also of those that are not judged. */
  onListed?: (object: RawObject) => void;
}

/** So many are judged at a time, each with one request under way; below the SDK's 50 sockets. */
const JUDGED_AT_ONCE = 24;

/**
 * Holds every raw object against its manifest and outputs, and has `visit` take the verdict; see
 * judgeObject. Of one page of the listing, a thousand objects at most, `visit` is called for
 * several at once and in no order. What is held in memory does not grow with the lake.
 * @throws the first error of S3 or of `visit`
 */
export async function reconcile(
  s3: S3Client,
  buckets: LakeBuckets,
  options: ReconcileOptions,
  visit: (object: RawObject, verdict: Verdict) => void | Promise<void>,
): Promise<void> {
  const { since = -Infinity, until = Infinity, tables, onListed } = options;
  const prefixes = tables?.map((table) => `raw/${table}/`) ?? ['raw/'];
  for (const Prefix of new Set(prefixes)) {
    for await (const page of paginateListObjectsV2(
      { client: s3 },
      { Bucket: buckets.raw, Prefix },
    )) {
      const listed = (page.Contents ?? []).map(rawObject).filter(isNoFolder);
      for (const object of listed) onListed?.(object);
      const judged = listed.filter(
        ({ lastModified }) => lastModified >= since && lastModified < until,
      );
      await forEachConcurrently(judged, JUDGED_AT_ONCE, async (object) => {
        await visit(object, await judgeObject(s3, buckets, object.key, object.etag));
      });
    }
  }
}

function rawObject({ Key = '', ETag = '', Size = 0, LastModified }: _Object): RawObject {
  return {
    key: Key,
    table: tableOfKey(Key),
    etag: ETag,
    size: Size,
    lastModified: LastModified?.getTime() ?? 0,
  };
}

/** The console makes a folder by an empty object, which no event is handled for. */
function isNoFolder({ key }: RawObject): boolean {
  return !key.endsWith('/');
}
