import { createS3Client } from '@saleslake/shared/runtime/clients';
import { integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { createMeasure } from '@saleslake/shared/runtime/metrics';
import type { ReconciliationReport } from '@saleslake/shared/lake/reconciliation-report';
import type { Context } from 'aws-lambda';
import { decodeEvent } from './event';
import { reconcileLake, type ReconcilerDependencies } from './reconcile-lake';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const lookbackMs = integerEnv('LOOKBACK_DAYS', { minimum: 1, maximum: 3650 }) * DAY_MS;
const dependencies: ReconcilerDependencies = {
  s3: createS3Client(),
  buckets: { raw: requiredEnv('RAW_BUCKET'), curated: requiredEnv('CURATED_BUCKET') },
  measure: createMeasure('reconciler'),
  graceMs: integerEnv('GRACE_MINUTES', { minimum: 0, maximum: 1440 }) * MINUTE_MS,
  freshTables: requiredEnv('FRESH_TABLES')
    .split(',')
    .map((table) => table.trim()),
};
const logger = createLogger('reconciler');

/** Holds every raw object against what became of it; see reconcileLake. */
export async function handler(
  event: unknown,
  context: Context,
): Promise<Pick<ReconciliationReport, 'checked' | 'counts'>> {
  logger.addContext(context);
  const now = Date.now();
  const report = await reconcileLake(decodeEvent(event, now, lookbackMs), now, dependencies);
  const { checked, counts, missing, mismatched, drivenAgain } = report;
  for (const { key, reason } of missing) {
    logger.error('object missing', { correlation_id: key, reason });
  }
  for (const { key, reason } of mismatched) {
    logger.error('object mismatched', { correlation_id: key, reason });
  }
  for (const key of drivenAgain) logger.warn('object driven again', { correlation_id: key });
  logger.info('reconciled', { checked, ...counts });
  return { checked, counts };
}
