import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { transformBatch, type PutBack } from './transform-batch';

const logger = createLogger('firehose-transformer');
const streamPrefix = requiredEnv('STREAM_PREFIX');

// Loaded when it is needed, which is next to never: the clients would double the time of a start.
const putBack: PutBack = async (event, records) => {
  const { openPutBack } = await import('./put-back');
  return openPutBack(logger)(event, records);
};

/** Makes rows of the records of a delivery stream, as Firehose's record transformation. */
export async function handler(
  event: FirehoseTransformationEvent,
): Promise<FirehoseTransformationResult> {
  return transformBatch(event, { streamPrefix, putBack, logger });
}
