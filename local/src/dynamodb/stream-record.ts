import { createHash } from 'node:crypto';
import type { LogEntry } from '../core/shard-log';
import { sameItem, type Item } from './item';
import { itemSize } from './item-size';
import { keyOf, type Table } from './table';
import type { StreamViewType } from './table-config';
import type { StreamRecord } from './table-stream';
import type { ItemChange } from './write-buffer';

/** A change as a stream's log keeps it. What follows from its place in the log is left out. */
export interface CapturedChange {
  eventName: StreamRecord['eventName'];
  keys: Item;
  newImage?: Item;
  oldImage?: Item;
  /** Of keys and images together. */
  sizeBytes: number;
  viewType: StreamViewType;
}

/**
 * What a stream of this view type records of a change; undefined where the item stays as it was.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
 */
export function captureChange(
  { oldItem, newItem }: ItemChange,
  table: Table,
  viewType: StreamViewType,
): CapturedChange | undefined {
  const item = newItem ?? oldItem;
  if (item === undefined || sameItem(oldItem, newItem)) return undefined;
  const keys = keyOf(table, item);
  const newImage = viewType.startsWith('NEW_') ? newItem : undefined;
  const oldImage =
    viewType.endsWith('OLD_IMAGE') || viewType.endsWith('OLD_IMAGES') ? oldItem : undefined;
  return {
    eventName: oldItem === undefined ? 'INSERT' : newItem === undefined ? 'REMOVE' : 'MODIFY',
    keys,
    ...(newImage && { newImage }),
    ...(oldImage && { oldImage }),
    sizeBytes: itemSize(keys) + itemSize(newImage ?? {}) + itemSize(oldImage ?? {}),
    viewType,
  };
}

const SEQUENCE_NUMBER_PREFIX = '1';
const POSITION_DIGITS = 20;

/** 21 digits, that grow as text and as a number. */
export function sequenceNumberOf(position: number): string {
  return SEQUENCE_NUMBER_PREFIX + String(position).padStart(POSITION_DIGITS, '0');
}

/** Undefined where it is no sequence number of these streams. */
export function positionOf(sequenceNumber: string): number | undefined {
  const digits = /^1(\d{20})$/.exec(sequenceNumber)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** The record that consumers are handed. */
export function streamRecord(
  { position, arrivedAt, value }: LogEntry<CapturedChange>,
  streamArn: string,
): StreamRecord {
  const [, , , awsRegion = '', , resource = ''] = streamArn.split(':');
  const sequenceNumber = sequenceNumberOf(position);
  return {
    // The same for each reader and each time.
    eventID: createHash('md5').update(`${resource}/${sequenceNumber}`).digest('hex'),
    eventName: value.eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(arrivedAt / 1000),
      Keys: value.keys,
      ...(value.newImage && { NewImage: value.newImage }),
      ...(value.oldImage && { OldImage: value.oldImage }),
      SequenceNumber: sequenceNumber,
      SizeBytes: value.sizeBytes,
      StreamViewType: value.viewType,
    },
    eventSourceARN: streamArn,
  };
}
