import { randomUUID } from 'node:crypto';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import type { AwsContext } from '../core/aws-context';
import type { AwsEvent, PublishEvent } from '../core/event';
import { eventTime } from './event-time';

const MOST_ENTRIES = 10;
const LARGEST_TOTAL = 1024 * 1024;

interface Entry {
  Time?: number;
  Source?: string;
  Resources?: string[];
  DetailType?: string;
  Detail?: string;
  EventBusName?: string;
}

type Result = { EventId: string } | { ErrorCode: string; ErrorMessage: string };

/**
 * PutEvents: publishes the entries that are events and says of each other one why it is none.
 * Throws ValidationException where there are none or more than ten entries, or more than 1 MiB.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function putEvents(context: AwsContext, publish: PublishEvent, entries: unknown): object {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > MOST_ENTRIES) {
    const found = Array.isArray(entries) ? `${entries.length} entries` : 'no list';
    throw validation(`Entries must have 1 to ${MOST_ENTRIES} entries; it has ${found}.`);
  }
  const total = (entries as Entry[]).reduce((sum, entry) => sum + entrySize(entry), 0);
  if (total > LARGEST_TOTAL) {
    throw validation(`Total size of the entries in the request is over the limit: ${total} bytes.`);
  }
  const results = (entries as Entry[]).map((entry) => putEvent(context, publish, entry));
  return {
    FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
    Entries: results,
  };
}

function putEvent(context: AwsContext, publish: PublishEvent, entry: Entry): Result {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[name]) {
      return failed(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
    }
  }
  const { Source = '', DetailType = '', Detail = '', Resources = [], Time } = entry;
  if (Source.startsWith('aws.')) {
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.');
  }
  if (!isDefaultBus(context, entry.EventBusName)) {
    return failed(
      'InvalidArgument',
      `Event bus ${entry.EventBusName} does not exist: the local AWS has the default bus only.`,
    );
  }
  const detail = parseObject(Detail);
  if (!detail) return failed('MalformedDetail', 'Detail is malformed.');
  const event: AwsEvent = {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: context.accountId,
    time: eventTime(Time === undefined ? context.clock.now() : Time * 1000),
    region: context.region,
    resources: Resources,
    detail,
  };
  publish(event);
  return { EventId: event.id };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size */
function entrySize(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  const timeSize = entry.Time === undefined ? 0 : 14;
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), timeSize);
}

/** Whether this names the default bus, which is the only one here. */
export function isDefaultBus(context: AwsContext, nameOrArn: unknown): boolean {
  const arn = `arn:aws:events:${context.region}:${context.accountId}:event-bus/default`;
  return nameOrArn === undefined || nameOrArn === 'default' || nameOrArn === arn;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function failed(ErrorCode: string, ErrorMessage: string): Result {
  return { ErrorCode, ErrorMessage };
}

function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
