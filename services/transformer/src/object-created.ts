import { isSequencer } from '@saleslake/shared/lake/sequencer';
import type { SourceObject } from '@saleslake/shared/lake/source-id';
import { EventError } from '@saleslake/shared/runtime/errors';

/** One version of a source object, as the event of its creation tells. */
export interface ObjectVersion extends SourceObject {
  /** Without quotes. */
  etag: string;
  /** In bytes. */
  size: number;
  /** Orders the versions of one key. */
  sequencer: string;
  /** When it was created, ISO 8601. */
  time: string;
}

type Checks<T> = { [K in keyof T]: [check: (value: unknown) => boolean, expected: string] };

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isTime = (value: unknown): boolean =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value));

const checks: Checks<ObjectVersion> = {
  bucket: [isText, 'detail.bucket.name'],
  key: [isText, 'detail.object.key'],
  etag: [isText, 'detail.object.etag'],
  size: [Number.isSafeInteger, 'detail.object.size in bytes'],
  sequencer: [isSequencer, 'detail.object.sequencer in hexadecimal'],
  time: [isTime, 'time in ISO 8601'],
};

/**
 * Reads the body of an SQS message: an EventBridge event `Object Created` of S3, in which the key
 * is not url-encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * @throws EventError naming what is missing.
 */
export function parseObjectCreated(body: string): ObjectVersion {
  let event: ObjectCreatedEvent | null;
  try {
    event = JSON.parse(body) as ObjectCreatedEvent | null;
  } catch (error) {
    throw new EventError(`The message is not JSON: ${(error as Error).message}`);
  }
  if (event?.source !== 'aws.s3' || event['detail-type'] !== 'Object Created') {
    throw new EventError('The message is not an EventBridge event "Object Created" of aws.s3.');
  }
  const version: Partial<ObjectVersion> = {
    bucket: event.detail?.bucket?.name,
    key: event.detail?.object?.key,
    etag: event.detail?.object?.etag,
    size: event.detail?.object?.size,
    sequencer: event.detail?.object?.sequencer,
    time: event.time,
  };
  for (const [name, [check, expected]] of Object.entries(checks)) {
    if (!check(version[name as keyof ObjectVersion])) {
      throw new EventError(`The event Object Created has no ${expected}.`);
    }
  }
  return version as ObjectVersion;
}

/** What the event should be; nothing of it is certain. */
interface ObjectCreatedEvent {
  source?: string;
  'detail-type'?: string;
  time?: string;
  detail?: {
    bucket?: { name?: string };
    object?: { key?: string; etag?: string; size?: number; sequencer?: string };
  };
}
