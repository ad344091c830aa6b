import { isJsonObject, type JsonObject } from '../runtime/json-object';
import type { SourceObject } from './source-id';

/** Where in a DynamoDB stream the changes are that a pipe gave up. */
export interface StreamPosition {
  streamArn: string;
  shardId: string;
  startSequenceNumber: string;
  endSequenceNumber: string;
  batchSize: number;
  /** When the first of them was made, in milliseconds since the epoch, where that is told. */
  firstAt?: number;
}

/** What a message in a dead-letter or failure queue is, by its own shape, and why it is there. */
export type DeadLetter =
  /** A Lambda destination record: an event that a function failed on. */
  | {
      kind: 'invocation';
      functionArn: string;
      payload: unknown;
      attempts?: number;
      /** Such as `RetriesExhausted`. */
      condition?: string;
      error: { type?: string; message?: string };
    }
  /** What a pipe leaves of a batch of changes. */
  | {
      kind: 'stream position';
      position: StreamPosition;
      pipeArn?: string;
      /** Such as `RecordAgeExceeded`. */
      condition?: string;
    }
  /** A message that was for another queue; `object` where it tells of one. */
  | {
      kind: 'queued';
      object?: SourceObject;
      /** Of EventBridge, where that could not deliver it. */
      error: { code?: string; message?: string };
      retries?: number;
    };

/** As much of a message as its reading takes, as SQS gives it. */
export interface QueuedMessage {
  Body?: string;
  MessageAttributes?: Record<string, { StringValue?: string }>;
}

/** Reads a message; there is none that cannot be read. */
export function parseDeadLetter(message: QueuedMessage): DeadLetter {
  const body = parsed(message.Body ?? '');
  return invocation(body) ?? streamPosition(body) ?? queued(body, message);
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function invocation(body: JsonObject): DeadLetter | undefined {
  const context = member(body, 'requestContext');
  const functionArn = text(context['functionArn']);
  if (functionArn === undefined || !('requestPayload' in body)) return undefined;
  const attempts = context['approximateInvokeCount'];
  const { errorType, errorMessage } = member(body, 'responsePayload');
  return {
    kind: 'invocation',
    functionArn,
    payload: body['requestPayload'],
    attempts: typeof attempts === 'number' ? attempts : undefined,
    condition: text(context['condition']),
    error: { type: text(errorType), message: text(errorMessage) },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html */
function streamPosition(body: JsonObject): DeadLetter | undefined {
  const batch = member(body, 'DDBStreamBatchInfo');
  const [streamArn, shardId] = [text(batch['streamArn']), text(batch['shardId'])];
  const startSequenceNumber = text(batch['startSequenceNumber']);
  const endSequenceNumber = text(batch['endSequenceNumber']);
  if (!streamArn || !shardId || !startSequenceNumber || !endSequenceNumber) return undefined;
  const batchSize = Number(batch['batchSize'] ?? 0);
  const firstAt = Date.parse(text(batch['approximateArrivalOfFirstRecord']) ?? '');
  const context = member(body, 'context');
  return {
    kind: 'stream position',
    position: {
      streamArn,
      shardId,
      startSequenceNumber,
      endSequenceNumber,
      batchSize,
      ...(!Number.isNaN(firstAt) && { firstAt }),
    },
    pipeArn: text(context['partnerResourceArn']),
    condition: text(context['condition']),
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function queued(body: JsonObject, { MessageAttributes }: QueuedMessage): DeadLetter {
  const attribute = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue;
  const retries = attribute('RETRY_ATTEMPTS');
  return {
    kind: 'queued',
    object: objectOfEvent(body),
    error: { code: attribute('ERROR_CODE'), message: attribute('ERROR_MESSAGE') },
    retries: retries === undefined ? undefined : Number(retries),
  };
}

/** The object that an event of S3 on EventBridge is about; undefined where it is no such event. */
export function objectOfEvent(event: unknown): SourceObject | undefined {
  const detail = member({ event }, 'event', 'detail');
  const bucket = text(member(detail, 'bucket')['name']);
  const key = text(member(detail, 'object')['key']);
  return bucket !== undefined && key !== undefined ? { bucket, key } : undefined;
}

/** The last part of `arn:…:function:<name>:$LATEST` that is a name. */
export function functionNameOf(functionArn: string): string {
  return functionArn.split(':')[6] ?? functionArn;
}

/** A message of another kind may be any text. */
function parsed(json: string): JsonObject {
  try {
    return member({ value: JSON.parse(json) as unknown }, 'value');
  } catch {
    return {};
  }
}

/** The object that a member of a member is; an empty one where it is none. */
function member(owner: JsonObject, ...path: string[]): JsonObject {
  return path.reduce((from, name) => {
    const value = from[name];
    return isJsonObject(value) ? value : {};
  }, owner);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
