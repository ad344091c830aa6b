import { GetObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import { manifestKey, parseManifest, type Manifest } from '@saleslake/shared/lake/manifest';
import { tableOfKey } from '@saleslake/shared/lake/table-of-key';

/** What came into a table, and where it went. */
export interface Reconciliation {
  table: string;
  /** Raw objects of the table. */
  objects: number;
  bytes: number;
  /** Keys of raw objects whose current version has no complete manifest. */
  pending: string[];
  rows: { in: number; good: number; quarantined: number; duplicates: number };
  /** Rows in the outputs that the manifests name, quarantine aside. */
  written: number;
  /** What does not add up, in words. */
  mismatches: string[];
}

const READS_AT_ONCE = 16;

/**
 * Holds every raw object against its manifest, table by table: is its current version complete,
 * and is `in = good + quarantined + duplicates`, with as many rows written as were good?
 */
export async function reconcile(
  s3: S3Client,
  rawBucket: string,
  curatedBucket: string,
): Promise<Reconciliation[]> {
  const byTable = new Map<string, Reconciliation>();
  const check = async (key: string, etag: string, size: number): Promise<void> => {
    const table = tableOfKey(key);
    const sums = byTable.get(table) ?? emptyReconciliation(table);
    byTable.set(table, sums);
    sums.objects += 1;
    sums.bytes += size;
    const manifest = await readManifest(s3, rawBucket, curatedBucket, key);
    if (manifest?.state !== 'complete' || unquoted(manifest.etag) !== unquoted(etag)) {
      sums.pending.push(key);
      return;
    }
    const { rows } = manifest;
    const written = manifest.outputs
      .filter((output) => output.key.startsWith('processed/'))
      .reduce((sum, output) => sum + output.rows, 0);
    sums.rows.in += rows.in;
    sums.rows.good += rows.good;
    sums.rows.quarantined += rows.quarantined;
    sums.rows.duplicates += rows.duplicates;
    sums.written += written;
    if (rows.in !== rows.good + rows.quarantined + rows.duplicates) {
      sums.mismatches.push(`${key}: the rows of its manifest do not add up`);
    }
    if (written !== rows.good) {
      sums.mismatches.push(`${key}: ${rows.good} good rows, but ${written} written`);
    }
  };

  const objects = paginateListObjectsV2({ client: s3 }, { Bucket: rawBucket, Prefix: 'raw/' });
  for await (const page of objects) {
    const contents = page.Contents ?? [];
    for (let at = 0; at < contents.length; at += READS_AT_ONCE) {
      const group = contents.slice(at, at + READS_AT_ONCE);
      await Promise.all(group.map((o) => check(o.Key ?? '', o.ETag ?? '', o.Size ?? 0)));
    }
  }
  return [...byTable.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}

/** The manifest of a raw object, or undefined where there is none yet. */
export async function readManifest(
  s3: S3Client,
  rawBucket: string,
  curatedBucket: string,
  key: string,
): Promise<Manifest | undefined> {
  const at = manifestKey(tableOfKey(key), { bucket: rawBucket, key });
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: curatedBucket, Key: at }));
    return parseManifest(at, (await Body?.transformToString()) ?? '');
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

function emptyReconciliation(table: string): Reconciliation {
  return {
    table,
    objects: 0,
    bytes: 0,
    pending: [],
    rows: { in: 0, good: 0, quarantined: 0, duplicates: 0 },
    written: 0,
    mismatches: [],
  };
}

function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}
