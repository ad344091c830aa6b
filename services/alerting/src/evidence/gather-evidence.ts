import type { Logger } from '@saleslake/shared/runtime/logger';
import type { AlarmMetric } from '../alarm';
import type { Incident, Telling } from '../incident';
import { alarmItself } from './alarm-itself';
import { findBytesScanned } from './bytes-scanned';
import { findDeadLetters } from './dead-letters';
import type { Evidence, FindEvidence, Sources } from './evidence';
import { findFirehoseErrors } from './firehose-errors';
import { findSilence } from './freshness';
import { findFailedChecks } from './quality';
import { findQuarantined } from './quarantine';
import { findReconciliation } from './reconciliation';
import { safeError } from './safe-text';
import { findWaitingMessages } from './waiting-messages';

const KINDS: Record<string, FindEvidence> = {
  'AWS/SQS ApproximateNumberOfMessagesVisible': findDeadLetters,
  'AWS/SQS ApproximateAgeOfOldestMessage': findWaitingMessages,
  'AWS/Athena ProcessedBytes': findBytesScanned,
  RowsQuarantined: findQuarantined,
  RecordsFailed: findFirehoseErrors,
  FailedRecordObjects: findFirehoseErrors,
  MissingObjects: findReconciliation,
  MismatchedObjects: findReconciliation,
  ChecksFailed: findFailedChecks,
  MinutesSinceArrival: findSilence,
};

/** How a metric's alarm is looked into; undefined where nothing is known of it but itself. */
function finderOf({ namespace, name }: AlarmMetric, stage: string): FindEvidence | undefined {
  if (namespace === 'AWS/Firehose') return findFirehoseErrors;
  const key = namespace === `saleslake/${stage}` ? name : `${namespace} ${name}`;
  return Object.hasOwn(KINDS, key) ? KINDS[key] : undefined;
}

// A metric counts for the period in which it was measured, and some minutes pass until an alarm has
// judged that: what raised it lies that much earlier.
const JUDGING_MS = 3 * 60_000;
const LONGEST_MS = 10_000;

/**
 * Finds out what is behind an incident. Never fails: an alert without details is better than none,
 * and says that they could not be read.
 */
export async function gatherEvidence(
  { alarm, reason }: Incident,
  { began }: Telling,
  sources: Omit<Sources, 'signal'>,
  logger: Logger,
): Promise<Evidence> {
  const { metric } = alarm;
  const find = metric && finderOf(metric, sources.stage);
  if (!find) return alarmItself(alarm, reason);
  const since = began - metric.periodSeconds * 1000 - JUDGING_MS;
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    return await find({ alarm, metric, reason, began, since }, { ...sources, signal });
  } catch (error) {
    logger.error('no evidence', error as Error);
    const { name, message } = error as Error;
    const note = `What is behind it could not be read: ${safeError(name, message)}.`;
    return alarmItself(alarm, reason, note);
  }
}
