import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol, type JsonOperation } from '../core/json-protocol';
import { invalidParameter } from './kinesis-error';
import { optionalString, requiredString, type Input } from './parameters';
import { getRecords, getShardIterator, putRecord, putRecords } from './record-operations';
import type { DataStream } from './stream';
import {
  changeRetention,
  createStream,
  describeStream,
  describeStreamSummary,
  listShards,
  listStreams,
  streamOfListToken,
} from './stream-operations';
import type { StreamRegistry } from './stream-registry';

type Operation = (input: Input, accessKeyId: string | undefined) => object;

/** The Kinesis API. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
export function kinesisHandler(context: AwsContext, registry: StreamRegistry): ServiceHandler {
  const operations = Object.entries(kinesisOperations(context, registry)).map(
    ([name, operation]): [string, JsonOperation] => [
      name,
      (input, { accessKeyId }) => {
        try {
          return operation(input, accessKeyId);
        } catch (error) {
          if (!(error instanceof AwsError) || error.code !== 'AccessDenied') throw error;
          throw new AwsError('AccessDeniedException', error.message);
        }
      },
    ],
  );
  return jsonProtocol('1.1', Object.fromEntries(operations));
}

function kinesisOperations(
  context: AwsContext,
  registry: StreamRegistry,
): Record<string, Operation> {
  const allowed = (action: string, arn: string, accessKeyId: string | undefined): DataStream => {
    context.authorize(accessKeyId, `kinesis:${action}`, arn);
    return registry.get(arn);
  };

  const arnIn = (input: Input): string => {
    const arn = optionalString(input, 'StreamARN');
    if (arn !== undefined) return arn;
    const name = optionalString(input, 'StreamName') ?? streamOfListToken(input);
    if (name !== undefined) return registry.arnOf(name);
    throw invalidParameter('The request must contain StreamName or StreamARN.');
  };

  /** An operation on the stream that the request names, for callers allowed the action on it. */
  const onStream =
    (action: string, run: (stream: DataStream, input: Input) => object): Operation =>
    (input, accessKeyId) =>
      run(allowed(action, arnIn(input), accessKeyId), input);

  return {
    CreateStream: (input, accessKeyId) => {
      const arn = registry.arnOf(requiredString(input, 'StreamName'));
      context.authorize(accessKeyId, 'kinesis:CreateStream', arn);
      return createStream(registry, input);
    },
    DeleteStream: onStream('DeleteStream', (stream) => {
      registry.remove(stream.name);
      return {};
    }),
    DescribeStream: onStream('DescribeStream', describeStream),
    DescribeStreamSummary: onStream('DescribeStreamSummary', describeStreamSummary),
    ListShards: onStream('ListShards', listShards),
    ListStreams: (input, accessKeyId) => {
      context.authorize(accessKeyId, 'kinesis:ListStreams', '*');
      return listStreams(registry, input);
    },
    IncreaseStreamRetentionPeriod: onStream('IncreaseStreamRetentionPeriod', (stream, input) =>
      changeRetention(registry, stream, input, 'increase'),
    ),
    DecreaseStreamRetentionPeriod: onStream('DecreaseStreamRetentionPeriod', (stream, input) =>
      changeRetention(registry, stream, input, 'decrease'),
    ),
    PutRecord: onStream('PutRecord', putRecord),
    PutRecords: onStream('PutRecords', putRecords),
    GetShardIterator: onStream('GetShardIterator', (stream, input) =>
      getShardIterator(context, stream, input),
    ),
    GetRecords: (input, accessKeyId) =>
      getRecords(
        context,
        (name) => allowed('GetRecords', registry.arnOf(name), accessKeyId),
        input,
      ),
  };
}
