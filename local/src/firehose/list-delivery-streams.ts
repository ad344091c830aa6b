import type { DeliveryStream } from './delivery-stream';
import { invalidArgument } from './invalid-argument';

const DEFAULT_LIMIT = 10;
const TYPES = new Map<unknown, string>([
  ['DirectPut', 'DirectPut'],
  ['KinesisStreamAsSource', 'Kinesis'],
]);

/**
 * Names in order, a page at a time.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html
 */
export function listDeliveryStreams(
  streams: DeliveryStream[],
  input: Record<string, unknown>,
): object {
  const { Limit: limit = DEFAULT_LIMIT, DeliveryStreamType: type } = input;
  const after = input.ExclusiveStartDeliveryStreamName ?? '';
  if (typeof limit !== 'number' || typeof after !== 'string') {
    throw invalidArgument('Limit must be a number, ExclusiveStartDeliveryStreamName a string.');
  }
  const names = streams
    .filter(({ config }) => type === undefined || config.source.kind === TYPES.get(type))
    .map(({ config }) => config.name)
    .sort()
    .filter((name) => name > after);
  return {
    DeliveryStreamNames: names.slice(0, limit),
    HasMoreDeliveryStreams: names.length > limit,
  };
}
