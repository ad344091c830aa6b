import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { createMeasure } from '@saleslake/shared/runtime/metrics';
import { transformBatch, type PutBack } from './transform-batch';

const logger = createLogger('firehose-transformer');
const measure = createMeasure('firehose-transformer');
const streamPrefix = requiredEnv('STREAM_PREFIX');

// Loaded when it is needed, which is next to never: the clients would double the time of a start.
const putBack: PutBack = async (event, records) => {
  const { openPutBack } = await import('./put-back');
  return openPutBack(logger)(event, records);
};

/**
 * Makes rows of the records of a delivery stream, as Firehose's record transformation, and measures
 * how many came and how many of them failed. A batch that Firehose has transformed once more, as the
 * answer got lost, counts twice.
 */
export async function handler(
  event: FirehoseTransformationEvent,
): Promise<FirehoseTransformationResult> {
  const answer = await transformBatch(event, { streamPrefix, putBack, logger });
  const failed = answer.records.filter(({ result }) => result === 'ProcessingFailed');
  measure({ RecordsIn: answer.records.length, RecordsFailed: failed.length });
  return answer;
}
