import type { S3Client } from '@aws-sdk/client-s3';
import { writtenRows } from '@saleslake/shared/lake/judge-object';
import type { Manifest, RowCounts } from '@saleslake/shared/lake/manifest';
import { reconcile as reconcileObjects } from '@saleslake/shared/lake/reconcile';

/** What came into a table, and where it went. */
export interface Reconciliation {
  table: string;
  /** Raw objects of the table. */
  objects: number;
  bytes: number;
  /** Keys of raw objects whose current version has no complete manifest. */
  pending: string[];
  rows: RowCounts;
  /** Rows in the outputs that the manifests name, quarantine aside. */
  written: number;
  /** What does not add up, in words. */
  mismatches: string[];
}

/** Holds every raw object against what became of it, and sums that up table by table. */
export async function reconcile(
  s3: S3Client,
  rawBucket: string,
  curatedBucket: string,
): Promise<Reconciliation[]> {
  const byTable = new Map<string, Reconciliation>();
  const buckets = { raw: rawBucket, curated: curatedBucket };
  await reconcileObjects(s3, buckets, {}, ({ key, table, size }, verdict) => {
    const sums = byTable.get(table) ?? emptyReconciliation(table);
    byTable.set(table, sums);
    sums.objects += 1;
    sums.bytes += size;
    if (verdict.state === 'missing') sums.pending.push(key);
    if (verdict.state === 'mismatched') sums.mismatches.push(`${key}: ${verdict.reason}`);
    if (verdict.state !== 'missing' && verdict.manifest) addRows(sums, verdict.manifest);
  });
  return [...byTable.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}

function addRows(sums: Reconciliation, manifest: Manifest): void {
  const { rows } = manifest;
  sums.rows.in += rows.in;
  sums.rows.good += rows.good;
  sums.rows.quarantined += rows.quarantined;
  sums.rows.duplicates += rows.duplicates;
  sums.written += writtenRows(manifest).good;
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
