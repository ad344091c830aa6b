import { AwsError } from '../core/aws-error';
import { invalidArgument, invalidParameter } from './kinesis-error';
import { optionalInteger, optionalString, requiredString, type Input } from './parameters';
import type { DataStream } from './stream';
import { ON_DEMAND_SHARDS, type KinesisStreamConfig } from './stream-config';
import type { StreamRegistry } from './stream-registry';

const CREATE_STREAM_MEMBERS = ['StreamName', 'ShardCount', 'StreamModeDetails', 'Tags'];
const DEFAULT_RETENTION_HOURS = 24;
const LONGEST_RETENTION_HOURS = 8760;

/** A stream is usable at once: there is no status CREATING. */
export function createStream(registry: StreamRegistry, input: Input): object {
  const name = requiredString(input, 'StreamName');
  const unknown = Object.keys(input).find((member) => !CREATE_STREAM_MEMBERS.includes(member));
  if (unknown !== undefined) {
    throw invalidParameter(`CreateStream with ${unknown}: not emulated by the local AWS.`);
  }
  if (registry.has(name)) {
    throw new AwsError('ResourceInUseException', `Stream ${name} already exists.`);
  }
  const details = (input.StreamModeDetails ?? {}) as Input;
  const onDemand = optionalString(details, 'StreamMode') === 'ON_DEMAND';
  const shardCount = optionalInteger(input, 'ShardCount', 1, 10_000);
  if (onDemand && shardCount !== undefined) {
    throw invalidParameter('ShardCount is not for a stream with the mode ON_DEMAND.');
  }
  if (!onDemand && shardCount === undefined) {
    throw invalidParameter('ShardCount is required for a stream with the mode PROVISIONED.');
  }
  registry.put({
    name,
    arn: registry.arnOf(name),
    shardCount: shardCount ?? ON_DEMAND_SHARDS,
    onDemand,
    retentionHours: DEFAULT_RETENTION_HOURS,
  });
  return {};
}

export function describeStream(stream: DataStream, input: Input): object {
  const limit = optionalInteger(input, 'Limit', 1, 10_000) ?? 100;
  const after = optionalString(input, 'ExclusiveStartShardId') ?? '';
  const rest = describeShards(stream).filter(({ ShardId }) => ShardId > after);
  return {
    StreamDescription: {
      ...describeConfig(stream),
      Shards: rest.slice(0, limit),
      HasMoreShards: rest.length > limit,
    },
  };
}

export function describeStreamSummary(stream: DataStream): object {
  return {
    StreamDescriptionSummary: {
      ...describeConfig(stream),
      OpenShardCount: stream.shardIds().length,
      ConsumerCount: 0,
    },
  };
}

/**
 * Every shard is open from its stream's beginning on, so of the filters only AFTER_SHARD_ID
 * leaves any out. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html
 */
export function listShards(stream: DataStream, input: Input): object {
  const limit = optionalInteger(input, 'MaxResults', 1, 10_000) ?? 1000;
  const filter = (input.ShardFilter ?? {}) as Input;
  const filteredAfter =
    optionalString(filter, 'Type') === 'AFTER_SHARD_ID' ? requiredString(filter, 'ShardId') : '';
  const after =
    readListToken(input)?.after ?? optionalString(input, 'ExclusiveStartShardId') ?? filteredAfter;
  const rest = describeShards(stream).filter(({ ShardId }) => ShardId > after);
  const shards = rest.slice(0, limit);
  const more = rest.length > limit;
  return {
    Shards: shards,
    ...(more && { NextToken: listToken(stream.name, shards.at(-1)?.ShardId ?? '') }),
  };
}

/** The stream that a NextToken of ListShards is of, as a request with one names no stream. */
export function streamOfListToken(input: Input): string | undefined {
  return readListToken(input)?.streamName;
}

function listToken(streamName: string, after: string): string {
  return Buffer.from(JSON.stringify({ streamName, after })).toString('base64');
}

function readListToken(input: Input): { streamName: string; after: string } | undefined {
  const token = optionalString(input, 'NextToken');
  if (token === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString()) as ReturnType<typeof readListToken>;
  } catch {
    throw invalidArgument('Invalid NextToken.');
  }
}

export function listStreams(registry: StreamRegistry, input: Input): object {
  const limit = optionalInteger(input, 'Limit', 1, 10_000) ?? 100;
  const after =
    optionalString(input, 'NextToken') ?? optionalString(input, 'ExclusiveStartStreamName');
  const rest = registry.all().filter(({ name }) => name > (after ?? ''));
  const streams = rest.slice(0, limit);
  const more = rest.length > limit;
  return {
    StreamNames: streams.map(({ name }) => name),
    HasMoreStreams: more,
    ...(more && { NextToken: streams.at(-1)?.name }),
    StreamSummaries: streams.map((stream) => {
      const { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp } =
        describeConfig(stream);
      return { StreamName, StreamARN, StreamStatus, StreamModeDetails, StreamCreationTimestamp };
    }),
  };
}

/** Increase or decrease: to the other side of what it is, AWS refuses either. */
export function changeRetention(
  registry: StreamRegistry,
  stream: DataStream,
  input: Input,
  direction: 'increase' | 'decrease',
): object {
  const hours = optionalInteger(input, 'RetentionPeriodHours', 24, LONGEST_RETENTION_HOURS);
  if (hours === undefined) throw invalidParameter('The request must contain RetentionPeriodHours.');
  const config: KinesisStreamConfig = stream.config();
  const present = config.retentionHours;
  if (direction === 'increase' ? hours < present : hours > present) {
    throw invalidArgument(
      `Retention of stream ${stream.name} is ${present} hours: ${hours} is no ${direction}.`,
    );
  }
  registry.put({ ...config, retentionHours: hours });
  return {};
}

function describeConfig(stream: DataStream) {
  const { name, arn, onDemand, retentionHours } = stream.config();
  return {
    StreamName: name,
    StreamARN: arn,
    StreamStatus: 'ACTIVE',
    StreamModeDetails: { StreamMode: onDemand ? 'ON_DEMAND' : 'PROVISIONED' },
    RetentionPeriodHours: retentionHours,
    StreamCreationTimestamp: stream.createdAt / 1000,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: 'NONE',
  };
}

function describeShards(stream: DataStream) {
  return stream.shards().map(({ shardId, hashKeys, startingSequenceNumber }) => ({
    ShardId: shardId,
    HashKeyRange: hashKeys,
    SequenceNumberRange: { StartingSequenceNumber: startingSequenceNumber },
  }));
}
