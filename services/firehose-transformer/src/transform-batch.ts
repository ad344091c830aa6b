import type {
  FirehoseTransformationEvent,
  FirehoseTransformationEventRecord,
  FirehoseTransformationResult,
  FirehoseTransformationResultRecord,
} from 'aws-lambda';
import { EventError } from '@saleslake/shared/runtime/errors';
import type { Logger } from '@saleslake/shared/runtime/logger';
import { ANSWER_BYTES, fitResponse } from './fit-response';
import { tableOfStream, type StreamTable } from './streams';
import { createTransformation, type Outcome } from './transform-record';

/**
 * Puts records into the stream that they came from once more.
 * @returns of each whether it was taken.
 */
export type PutBack = (
  event: FirehoseTransformationEvent,
  records: readonly FirehoseTransformationEventRecord[],
) => Promise<boolean[]>;

export interface BatchDependencies {
  /** What the names of all delivery streams begin with. */
  streamPrefix: string;
  putBack: PutBack;
  logger: Logger;
}

const transformations = new WeakMap<StreamTable, (data: unknown) => Outcome>();

/**
 * Answers for each record of a batch once, in order: `Ok` with the rows as lines of JSON and the
 * keys of their partition, `Dropped` where it holds nothing but white space, `ProcessingFailed`
 * where it cannot be used, with the reason in the log.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 *
 * Rows that do not fit the response are not lost: their records are put back into the stream and
 * answered as `Dropped`, or as `ProcessingFailed`, with which Firehose keeps them under its error
 * prefix, where that cannot be done or would only happen again.
 * @throws EventError where the event is of no delivery stream that is known.
 */
export async function transformBatch(
  event: FirehoseTransformationEvent,
  { streamPrefix, putBack, logger }: BatchDependencies,
): Promise<FirehoseTransformationResult> {
  const stream = tableOfStream(event.deliveryStreamArn, streamPrefix);
  if (!Array.isArray(event.records)) throw new EventError('The event has no records.');
  let transform = transformations.get(stream);
  if (!transform) transformations.set(stream, (transform = createTransformation(stream)));

  function fail(index: number, reason: string): FirehoseTransformationResultRecord {
    const { recordId, kinesisRecordMetadata } = event.records[index]!;
    logger.error('record failed', {
      correlation_id: recordId,
      table: stream.contract.name,
      ...(kinesisRecordMetadata && { sequence_number: kinesisRecordMetadata.sequenceNumber }),
      reason,
    });
    return { recordId, result: 'ProcessingFailed' };
  }

  const records: FirehoseTransformationResultRecord[] = [];
  for (let index = 0; index < event.records.length; index++) {
    const { recordId, data } = event.records[index]!;
    const outcome = transform(data);
    if (outcome.result === 'Ok') {
      const { partitionKeys } = outcome;
      records.push({ recordId, result: 'Ok', data: outcome.data, metadata: { partitionKeys } });
    } else if (outcome.result === 'Dropped') records.push({ recordId, result: 'Dropped' });
    else records.push(fail(index, outcome.reason));
  }

  const { tooLarge, noRoom } = fitResponse(records);
  for (const index of tooLarge) {
    records[index] = fail(index, `expected rows of at most ${ANSWER_BYTES} bytes in the response`);
  }
  if (noRoom.length > 0) {
    const taken = await putBack(
      event,
      noRoom.map((index) => event.records[index]!),
    );
    noRoom.forEach((index, position) => {
      const { recordId } = event.records[index]!;
      records[index] = taken[position]
        ? { recordId, result: 'Dropped' }
        : fail(index, 'the response had no room for it, and it could not be put back');
    });
  }
  const counts = { Ok: 0, Dropped: 0, ProcessingFailed: 0 };
  for (const { result } of records) counts[result] += 1;
  logger.info('batch transformed', {
    correlation_id: event.invocationId,
    table: stream.contract.name,
    ok: counts.Ok,
    dropped: counts.Dropped,
    failed: counts.ProcessingFailed,
    withoutRoom: noRoom.length,
  });
  return { records };
}
