/** A record as a delivery stream took it in. The n-th of a stream has the position n. */
export interface SourceRecord {
  /** Base64. */
  data: string;
  /** Milliseconds since the epoch. */
  arrivedAt: number;
  kinesis?: KinesisOrigin;
}

/** Where in a data stream a record comes from. */
export interface KinesisOrigin {
  shardId: string;
  position: number;
  sequenceNumber: string;
  partitionKey: string;
  /** Which of the records that a producer aggregated into one of Kinesis, where it did. */
  subSequence?: number;
  /** Whether no other of the same Kinesis record follows. */
  last: boolean;
}

/** What became of the source record at the same position. */
export interface ReadyRecord {
  /** Null where there is nothing to deliver: the function dropped it. */
  lane: Lane | null;
  /** Base64 of what is delivered; of an error, its line. */
  data: string;
  /** When the source record arrived. */
  arrivedAt: number;
}

/** Records that go into the same objects. */
export type Lane =
  | { kind: 'data'; partitionKeys: Record<string, string> }
  | { kind: 'error'; errorOutputType: ErrorOutputType }
  | { kind: 'backup' };

/**
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html and, for the last,
 * https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
 */
export type ErrorOutputType =
  'processing-failed' | 'format-conversion-failed' | 'activePartitionExceeded';

/** The same text for the same lane. */
export function laneId(lane: Lane): string {
  return JSON.stringify(lane);
}

/** Unique within a stream, and the same each time the record is tried. */
export function recordIdOf(position: number): string {
  return `49${String(position).padStart(54, '0')}000000`;
}

/** Of the data, not of its base64. */
export function dataBytes(record: { data: string }): number {
  return Buffer.byteLength(record.data, 'base64');
}
