import type { PipeConfig } from './pipe-config';
import type { PipeEvent, PipeSource } from './pipe-source';

export type DeadLetterCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/**
 * What a dead-letter queue gets for events that are given up: not the events, but where in the
 * stream they are, for as long as it keeps them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
 */
export function deadLetterMessage(
  config: PipeConfig,
  source: PipeSource,
  shardId: string,
  events: PipeEvent[],
  condition: DeadLetterCondition,
  now: number,
): string {
  const first = events[0] as PipeEvent;
  const last = events.at(-1) as PipeEvent;
  return JSON.stringify({
    context: { partnerResourceArn: config.arn, condition },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    [source.batchInfo]: {
      shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
      batchSize: events.length,
      streamArn: config.sourceArn,
    },
  });
}
