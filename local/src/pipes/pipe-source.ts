import type { TableStream } from '../dynamodb/table-stream';
import type { KinesisRecord, KinesisStream } from '../kinesis/shard-reader';

/** A record of a source as a pipe handles it. */
export interface PipeEvent {
  position: number;
  eventId: string;
  sequenceNumber: string;
  /** Milliseconds since the epoch. */
  arrivedAt: number;
  /** What the target gets where no template says otherwise. */
  payload: object;
  /** The payload with its encoded field decoded: what filters, templates and paths look at. */
  decoded: object;
}

/** A stream that a pipe reads, whichever service it is of. */
export interface PipeSource {
  /** Tells the stream from others, also from an earlier one of its name. */
  identity: string;
  /** What AWS calls the details of a batch in a dead-letter message. */
  batchInfo: 'DDBStreamBatchInfo' | 'KinesisBatchInfo';
  shardIds(): string[];
  /** Up to `limit` events from `position` on, or from the oldest that is kept. */
  read(shardId: string, position: number, limit: number): PipeEvent[];
  /** The position of the oldest event that is kept, or the end. */
  oldest(shardId: string): number;
  end(shardId: string): number;
  /** Calls back after each new event, until the returned function is called. */
  onEvent(listener: () => void): () => void;
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html */
export function tableSource(stream: TableStream): PipeSource {
  return {
    // A table whose stream is made anew gives it another ARN.
    identity: stream.arn,
    batchInfo: 'DDBStreamBatchInfo',
    shardIds: () => stream.shardIds(),
    read: (shardId, from, limit) =>
      stream.read(shardId, from, limit).map(({ position, record }) => ({
        position,
        eventId: record.eventID,
        sequenceNumber: record.dynamodb.SequenceNumber,
        arrivedAt: record.dynamodb.ApproximateCreationDateTime * 1000,
        payload: record,
        decoded: record,
      })),
    oldest: (shardId) => stream.read(shardId, 0, 1)[0]?.position ?? stream.end(shardId),
    end: (shardId) => stream.end(shardId),
    onEvent: (listener) => stream.onChange(listener),
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html */
export function kinesisSource(stream: KinesisStream, roleArn: string): PipeSource {
  return {
    identity: `${stream.arn} ${stream.createdAt}`,
    batchInfo: 'KinesisBatchInfo',
    shardIds: () => stream.shardIds(),
    read: (shardId, from, limit) =>
      stream.read(shardId, from, limit).map((record) => kinesisEvent(stream.arn, roleArn, record)),
    oldest: (shardId) => stream.read(shardId, 0, 1)[0]?.position ?? stream.end(shardId),
    end: (shardId) => stream.end(shardId),
    onEvent: (listener) => stream.onPut(listener),
  };
}

/** What a pipe adds to a Kinesis record; AWS lets no filter look at it. */
export const ADDED_TO_KINESIS_RECORDS = [
  'awsRegion',
  'eventID',
  'eventName',
  'eventSource',
  'eventSourceARN',
  'eventVersion',
  'invokeIdentityArn',
];

function kinesisEvent(streamArn: string, roleArn: string, record: KinesisRecord): PipeEvent {
  const { position, shardId, sequenceNumber, approximateArrivalTimestamp: arrivedAt } = record;
  const eventId = `${shardId}:${sequenceNumber}`;
  const data = record.data.toString('base64');
  const payload = {
    kinesisSchemaVersion: '1.0',
    partitionKey: record.partitionKey,
    sequenceNumber,
    data,
    approximateArrivalTimestamp: arrivedAt / 1000,
    eventSource: 'aws:kinesis',
    eventVersion: '1.0',
    eventID: eventId,
    eventName: 'aws:kinesis:record',
    invokeIdentityArn: roleArn,
    awsRegion: streamArn.split(':')[3],
    eventSourceARN: streamArn,
  };
  const decoded = { ...payload, data: parsedOr(data, record.data.toString()) };
  return { position, eventId, sequenceNumber, arrivedAt, payload, decoded };
}

function parsedOr(otherwise: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return otherwise;
  }
}
