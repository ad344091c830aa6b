import { AthenaClient } from '@aws-sdk/client-athena';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import {
  formatQualityReport,
  passed,
  QUALITY_REPORT_KEY,
} from '@saleslake/shared/lake/quality-report';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { createMeasure } from '@saleslake/shared/runtime/metrics';
import { countViolations } from './count-violations';
import { judgeChecks } from './judge-checks';
import { namedChecks } from './named-checks';

/** What is left of the function's time when checks are given up, to report them. */
const REPORTING_MS = 30_000;

const athena = new AthenaClient();
const s3 = createS3Client();
const workgroup = requiredEnv('WORKGROUP');
const bucket = requiredEnv('CURATED_BUCKET');
const logger = createLogger('quality');
const measure = createMeasure('quality');

/**
 * Runs every named query `quality/<name>` of the workgroup, writes the report and measures how many
 * checks there were and how many failed. A run that is retried reports and measures again.
 */
export async function handler(
  _event: unknown,
  context: Context,
): Promise<{ checks: number; failed: number }> {
  logger.addContext(context);
  const time = Math.max(0, context.getRemainingTimeInMillis() - REPORTING_MS);
  const signal = AbortSignal.timeout(time);
  const checks = await namedChecks(athena, workgroup);
  const verdicts = await judgeChecks(checks, (check) =>
    countViolations(athena, workgroup, check, signal),
  );
  const failed = verdicts.filter((verdict) => !passed(verdict));
  for (const verdict of failed) {
    // Why there is no answer, Athena may say in words that quote a row: the report alone has them.
    const violations = 'violations' in verdict ? verdict.violations : 'see the report';
    logger.warn('check failed', { check: verdict.name, violations });
  }
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: QUALITY_REPORT_KEY,
      Body: formatQualityReport({ at: new Date().toISOString(), checks: verdicts }),
      ContentType: 'application/json',
    }),
  );
  // After the report, which whoever is alerted by it reads.
  measure({ ChecksRun: verdicts.length, ChecksFailed: failed.length });
  const counts = { checks: verdicts.length, failed: failed.length };
  logger.info('checks run', counts);
  return counts;
}
