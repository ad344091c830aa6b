import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { invalidArgument, invalidParameter } from './kinesis-error';
import {
  optionalInteger,
  optionalString,
  requiredBytes,
  requiredString,
  type Input,
} from './parameters';
import { decodeIterator, encodeIterator } from './shard-iterator';
import type { KinesisEntry } from './shard-reader';
import { sizeOf, type DataStream } from './stream';

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
const MOST_RECORDS_PUT = 500;
const MOST_BYTES_PUT = 10 * 1024 * 1024;

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
const MOST_RECORDS_GOT = 10_000;
const MOST_BYTES_GOT = 10 * 1024 * 1024;

export function putRecord(stream: DataStream, input: Input): object {
  const [result] = stream.put([readEntry(input)]);
  if (result && 'sequenceNumber' in result) {
    const { shardId, sequenceNumber } = result;
    return { ShardId: shardId, SequenceNumber: sequenceNumber, EncryptionType: 'NONE' };
  }
  throw new AwsError(result?.errorCode ?? 'InternalFailure', result?.errorMessage ?? '');
}

/** Each record succeeds or fails on its own; only an invalid one fails the request as a whole. */
export function putRecords(stream: DataStream, input: Input): object {
  const list: unknown[] = Array.isArray(input.Records) ? input.Records : [];
  if (list.length < 1 || list.length > MOST_RECORDS_PUT) {
    throw invalidParameter(`Records must have 1 to ${MOST_RECORDS_PUT}; it has ${list.length}.`);
  }
  const entries = list.map((entry) => readEntry((entry ?? {}) as Input));
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > MOST_BYTES_PUT) {
    throw invalidArgument(`Records have ${bytes} bytes; expected at most ${MOST_BYTES_PUT}.`);
  }
  const results = stream.put(entries);
  return {
    FailedRecordCount: results.filter((result) => 'errorCode' in result).length,
    Records: results.map((result) =>
      'errorCode' in result
        ? { ErrorCode: result.errorCode, ErrorMessage: result.errorMessage }
        : { ShardId: result.shardId, SequenceNumber: result.sequenceNumber },
    ),
    EncryptionType: 'NONE',
  };
}

function readEntry(input: Input): KinesisEntry {
  return {
    partitionKey: requiredString(input, 'PartitionKey'),
    data: requiredBytes(input, 'Data'),
    explicitHashKey: optionalString(input, 'ExplicitHashKey'),
  };
}

export function getShardIterator(context: AwsContext, stream: DataStream, input: Input): object {
  const shardId = requiredString(input, 'ShardId');
  const position = startingPosition(stream, shardId, input);
  return { ShardIterator: iteratorAt(context, stream, shardId, position) };
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
function startingPosition(stream: DataStream, shardId: string, input: Input): number {
  const type = requiredString(input, 'ShardIteratorType');
  if (type === 'TRIM_HORIZON') return stream.start(shardId);
  if (type === 'LATEST') return stream.end(shardId);
  if (type === 'AT_TIMESTAMP') {
    if (typeof input.Timestamp !== 'number') {
      throw invalidArgument('Must specify Timestamp with ShardIteratorType AT_TIMESTAMP.');
    }
    return stream.positionAt(shardId, input.Timestamp * 1000);
  }
  if (type !== 'AT_SEQUENCE_NUMBER' && type !== 'AFTER_SEQUENCE_NUMBER') {
    throw invalidParameter(
      `ShardIteratorType is ${type}; expected AT_SEQUENCE_NUMBER, AFTER_SEQUENCE_NUMBER, ` +
        'AT_TIMESTAMP, TRIM_HORIZON or LATEST.',
    );
  }
  const sequence = requiredString(input, 'StartingSequenceNumber');
  const position = stream.positionOf(shardId, sequence);
  // The end too: it is what a shard without records has for its starting sequence number.
  if (position === undefined || position > stream.end(shardId)) {
    throw invalidArgument(
      `StartingSequenceNumber ${sequence} is none of shard ${shardId} in stream ${stream.name}.`,
    );
  }
  return type === 'AT_SEQUENCE_NUMBER' ? position : position + 1;
}

function iteratorAt(
  { clock }: AwsContext,
  stream: DataStream,
  shardId: string,
  position: number,
): string {
  return encodeIterator({
    streamName: stream.name,
    streamCreatedAt: stream.createdAt,
    shardId,
    position,
    issuedAt: clock.now(),
  });
}

/** `streamOf` finds the stream of a name, for callers that may read it. */
export function getRecords(
  context: AwsContext,
  streamOf: (name: string) => DataStream,
  input: Input,
): object {
  const now = context.clock.now();
  const limit = optionalInteger(input, 'Limit', 1, MOST_RECORDS_GOT) ?? MOST_RECORDS_GOT;
  const iterator = decodeIterator(requiredString(input, 'ShardIterator'), now);
  const stream = streamOf(iterator.streamName);
  if (stream.createdAt !== iterator.streamCreatedAt) {
    throw invalidArgument(`The iterator is of an earlier stream ${stream.name}.`);
  }
  const { shardId } = iterator;
  const found = stream.read(shardId, iterator.position, limit);
  let bytes = 0;
  const fitting = found.findIndex((record, index) => {
    bytes += sizeOf(record);
    return bytes > MOST_BYTES_GOT && index > 0;
  });
  const records = fitting < 0 ? found : found.slice(0, fitting);
  const next = (records.at(-1)?.position ?? iterator.position - 1) + 1;
  const [unread] = stream.read(shardId, next, 1);
  return {
    Records: records.map((record) => ({
      SequenceNumber: record.sequenceNumber,
      ApproximateArrivalTimestamp: record.approximateArrivalTimestamp / 1000,
      Data: record.data.toString('base64'),
      PartitionKey: record.partitionKey,
      EncryptionType: 'NONE',
    })),
    NextShardIterator: iteratorAt(context, stream, shardId, next),
    // 0 tells a consumer that it has read everything, so less than that is never rounded to it.
    MillisBehindLatest: unread
      ? Math.max(1, Math.floor(now - unread.approximateArrivalTimestamp))
      : 0,
  };
}
