import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { JsonOperation } from '../core/json-protocol';
import type { Database } from './database';
import { validationError } from './dynamodb-error';
import { optionalLimit, optionalString, requiredString, type Input } from './parameters';
import { positionOf, sequenceNumberOf } from './stream-record';
import { SHARD_ID, type OpenStream } from './streams';
import { tableArn } from './table';

const MOST_STREAMS = 100;
const MOST_RECORDS = 1000;
const MOST_BYTES = 1024 * 1024;
const ITERATOR_LIFE_MS = 15 * 60 * 1000;

/** Where a reader stands; it travels as an opaque string. */
interface ShardIterator {
  streamArn: string;
  shardId: string;
  position: number;
  /** Milliseconds since the epoch. */
  issuedAt: number;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB_Streams.html */
export function streamOperations(
  context: AwsContext,
  database: Database,
): Record<string, JsonOperation> {
  const { streams } = database;
  const iterator = (streamArn: string, shardId: string, position: number): string =>
    encode({ streamArn, shardId, position, issuedAt: context.clock.now() });

  return {
    ListStreams: (input, { accessKeyId }) => {
      const tableName = optionalString(input, 'TableName');
      const arn = `${tableArn(context, tableName ?? '*')}/stream/*`;
      context.authorize(accessKeyId, 'dynamodb:ListStreams', arn);
      const limit = optionalLimit(input, 'Limit', MOST_STREAMS) ?? MOST_STREAMS;
      const after = optionalString(input, 'ExclusiveStartStreamArn') ?? '';
      const rest = streams
        .all()
        .filter((stream) => tableName === undefined || stream.tableName === tableName)
        .filter((stream) => stream.arn > after)
        .sort((a, b) => (a.arn < b.arn ? -1 : 1));
      const listed = rest.slice(0, limit);
      return {
        Streams: listed.map((stream) => ({
          StreamArn: stream.arn,
          StreamLabel: stream.label,
          TableName: stream.tableName,
        })),
        ...(rest.length > limit && { LastEvaluatedStreamArn: listed.at(-1)?.arn }),
      };
    },

    DescribeStream: (input, { accessKeyId }) => {
      const arn = requiredString(input, 'StreamArn');
      context.authorize(accessKeyId, 'dynamodb:DescribeStream', arn);
      const stream = streams.get(arn);
      const { KeySchema, StreamSpecification, CreationDateTime } = database.table(stream.tableName);
      const shard = {
        ShardId: SHARD_ID,
        SequenceNumberRange: { StartingSequenceNumber: sequenceNumberOf(stream.start()) },
      };
      const isLast = optionalString(input, 'ExclusiveStartShardId') === SHARD_ID;
      return {
        StreamDescription: {
          StreamArn: arn,
          StreamLabel: stream.label,
          StreamStatus: 'ENABLED',
          StreamViewType: StreamSpecification?.StreamViewType,
          CreationRequestDateTime: CreationDateTime,
          TableName: stream.tableName,
          KeySchema,
          Shards: isLast ? [] : [shard],
        },
      };
    },

    GetShardIterator: (input, { accessKeyId }) => {
      const arn = requiredString(input, 'StreamArn');
      context.authorize(accessKeyId, 'dynamodb:GetShardIterator', arn);
      const stream = streams.get(arn);
      const shardId = requiredString(input, 'ShardId');
      return { ShardIterator: iterator(arn, shardId, startingPosition(stream, shardId, input)) };
    },

    GetRecords: (input, { accessKeyId }) => {
      const { streamArn, shardId, position, issuedAt } = decode(
        requiredString(input, 'ShardIterator'),
      );
      context.authorize(accessKeyId, 'dynamodb:GetRecords', streamArn);
      const stream = streams.get(streamArn);
      if (issuedAt < context.clock.now() - ITERATOR_LIFE_MS) {
        throw new AwsError(
          'ExpiredIteratorException',
          'The shard iterator is older than 15 minutes.',
        );
      }
      checkKept(stream, position);
      const limit = optionalLimit(input, 'Limit', MOST_RECORDS) ?? MOST_RECORDS;
      const entries = upToBytes(stream.read(shardId, position, limit));
      const next = (entries.at(-1)?.position ?? position - 1) + 1;
      return {
        Records: entries.map(({ record }) => ({ ...record, eventSourceARN: undefined })),
        NextShardIterator: iterator(streamArn, shardId, next),
      };
    },
  };
}

function startingPosition(stream: OpenStream, shardId: string, input: Input): number {
  const end = stream.end(shardId);
  const type = requiredString(input, 'ShardIteratorType');
  if (type === 'TRIM_HORIZON') return stream.start();
  if (type === 'LATEST') return end;
  if (type !== 'AT_SEQUENCE_NUMBER' && type !== 'AFTER_SEQUENCE_NUMBER') {
    throw validationError(
      `ShardIteratorType is ${type}; expected TRIM_HORIZON, LATEST, AT_SEQUENCE_NUMBER or ` +
        'AFTER_SEQUENCE_NUMBER',
    );
  }
  const sequenceNumber = requiredString(input, 'SequenceNumber');
  const position = positionOf(sequenceNumber);
  if (position === undefined || position >= end) {
    throw validationError(`Invalid SequenceNumber: ${sequenceNumber}`);
  }
  checkKept(stream, position);
  return type === 'AT_SEQUENCE_NUMBER' ? position : position + 1;
}

function checkKept(stream: OpenStream, position: number): void {
  if (position >= stream.start()) return;
  throw new AwsError(
    'TrimmedDataAccessException',
    `The records before ${sequenceNumberOf(stream.start())} are older than 24 hours and gone; ` +
      `asked for ${sequenceNumberOf(position)}.`,
  );
}

type Entry = ReturnType<OpenStream['read']>[number];

/** As many as one answer may hold, and at least one. */
function upToBytes(entries: Entry[]): Entry[] {
  let bytes = 0;
  const beyond = entries.findIndex(({ record }, i) => {
    bytes += record.dynamodb.SizeBytes;
    return i > 0 && bytes > MOST_BYTES;
  });
  return beyond < 0 ? entries : entries.slice(0, beyond);
}

function encode(iterator: ShardIterator): string {
  return Buffer.from(JSON.stringify(iterator)).toString('base64');
}

function decode(text: string): ShardIterator {
  try {
    return JSON.parse(Buffer.from(text, 'base64').toString()) as ShardIterator;
  } catch {
    throw validationError(`Invalid ShardIterator: ${text}`);
  }
}
