import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { LakeBuckets } from '@saleslake/shared/lake/read-manifest';
import { reconcile, type RawObject } from '@saleslake/shared/lake/reconcile';
import {
  formatReconciliationReport,
  RECONCILIATION_REPORT_KEY,
  type ReconciliationReport,
  type ReportedObject,
} from '@saleslake/shared/lake/reconciliation-report';
import type { Measure } from '@saleslake/shared/runtime/metrics';
import { driveAgain } from './drive-again';
import type { Window } from './event';
import { countFailedRecordObjects } from './failed-records';
import { lastBackup } from './last-backup';

export interface ReconcilerDependencies {
  s3: S3Client;
  buckets: LakeBuckets;
  measure: Measure;
  /** How long an object may take to be transformed, in milliseconds. */
  graceMs: number;
  /** Tables that records should keep arriving in. */
  freshTables: readonly string[];
}

/** Of each kind, the report has so many. */
const REPORTED = 100;
const MINUTE_MS = 60_000;

/**
 * Holds the raw objects of a window, but for those within their grace, against what became of them.
 * What is missing is driven again, once: it is then within its grace anew, and is reported only if
 * that was in vain. What Firehose gave up is counted as long as it waits, whatever the window. The
 * report is written before its counts are measured, as alerts tell of it.
 */
export async function reconcileLake(
  { since, to }: Window,
  now: number,
  { s3, buckets, measure, graceMs, freshTables }: ReconcilerDependencies,
): Promise<ReconciliationReport> {
  let checked = 0;
  const missing = firstOf<ReportedObject>(({ key }) => key);
  const mismatched = firstOf<ReportedObject>(({ key }) => key);
  const drivenAgain = firstOf<string>((key) => key);
  const arrivals = new Map<string, number>();

  const graceEnds = now - graceMs;
  const until = Math.min(to, graceEnds);
  const onListed = ({ table, lastModified }: RawObject): void => {
    arrivals.set(table, Math.max(arrivals.get(table) ?? 0, lastModified));
  };
  await reconcile(s3, buckets, { since, until, onListed }, async (object, verdict) => {
    const { key } = object;
    checked++;
    if (verdict.state === 'mismatched') mismatched.add({ key, reason: verdict.reason });
    if (verdict.state !== 'missing') return;
    const drive = await driveAgain(s3, buckets.raw, object, now);
    if (drive.state === 'driven') drivenAgain.add(key);
    if (drive.state === 'refused') {
      missing.add({ key, reason: `${verdict.reason}, ${drive.reason}` });
    }
  });

  const failedRecordObjects = await countFailedRecordObjects(s3, buckets.curated, graceEnds);
  const report: ReconciliationReport = {
    at: new Date(now).toISOString(),
    since: new Date(since).toISOString(),
    to: new Date(until).toISOString(),
    checked,
    counts: {
      missing: missing.count(),
      mismatched: mismatched.count(),
      drivenAgain: drivenAgain.count(),
    },
    missing: missing.items(),
    mismatched: mismatched.items(),
    drivenAgain: drivenAgain.items(),
  };
  await s3.send(
    new PutObjectCommand({
      Bucket: buckets.curated,
      Key: RECONCILIATION_REPORT_KEY,
      Body: formatReconciliationReport(report),
      ContentType: 'application/json',
    }),
  );
  measure({
    MissingObjects: report.counts.missing,
    MismatchedObjects: report.counts.mismatched,
    DrivenAgain: report.counts.drivenAgain,
    FailedRecordObjects: failedRecordObjects,
  });
  for (const table of freshTables) {
    const newest = Math.max(
      arrivals.get(table) ?? -Infinity,
      (await lastBackup(s3, buckets.raw, table)) ?? -Infinity,
    );
    // A table that never had an arrival is not late.
    if (newest === -Infinity) continue;
    const minutes = Math.max(0, now - newest) / MINUTE_MS;
    measure({ MinutesSinceArrival: [minutes, 'NoUnit'] }, { table });
  }
  return report;
}

/** Counts what is added, and keeps the first of it. */
function firstOf<T>(keyOf: (item: T) => string) {
  let count = 0;
  const items: T[] = [];
  return {
    add(item: T): void {
      count++;
      if (items.length < REPORTED) items.push(item);
    },
    count: () => count,
    /** In the order of their keys. */
    items: () => items.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  };
}
