import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { transformBatch, type PutBack } from '../src/transform-batch';
import { base64, batch, PREFIX, type StreamName } from './events';

const neverPutBack: PutBack = () => Promise.reject(new Error('Nothing was to be put back.'));

/** What the function answers, and what it logged as errors. */
export async function runBatch(
  event: FirehoseTransformationEvent,
  putBack = neverPutBack,
): Promise<FirehoseTransformationResult & { errors: Record<string, unknown>[] }> {
  const errors: Record<string, unknown>[] = [];
  const logger = createLogger('test');
  logger.setLogLevel('SILENT');
  jest.spyOn(logger, 'error').mockImplementation((message, ...extra) => {
    errors.push({ message, ...(extra[0] as object) });
  });
  const { records } = await transformBatch(event, { streamPrefix: PREFIX, putBack, logger });
  return { records, errors };
}

/** The answer for one record of these bytes or this JSON value, and the reason that was logged. */
export async function runOne(stream: StreamName, record: unknown) {
  const data =
    typeof record === 'string' || record instanceof Uint8Array ? record : JSON.stringify(record);
  const { records, errors } = await runBatch(batch(stream, [base64(data)]));
  expect(records).toHaveLength(1);
  return { answer: records[0]!, reason: errors[0]?.['reason'] };
}
