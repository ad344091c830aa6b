import type { Message } from '@aws-sdk/client-sqs';

/** Where in a DynamoDB stream the changes are that a pipe gave up. */
export interface StreamPosition {
  streamArn: string;
  shardId: string;
  startSequenceNumber: string;
  endSequenceNumber: string;
  batchSize: number;
}

/** What a message in a dead-letter or failure queue is, by its own shape. */
export type Letter =
  /** A Lambda destination record: an event that a function failed on. */
  | { kind: 'invocation'; functionArn: string; payload: unknown }
  /** What a pipe leaves of a batch of changes. */
  | { kind: 'stream position'; position: StreamPosition }
  /** A message that was for another queue; `object` where it tells of one. */
  | { kind: 'queued'; object?: { bucket: string; key: string } };

/** A message of such a queue. */
export interface DeadMessage {
  id: string;
  letter: Letter;
  /** What it is about, for people. */
  about: string;
  /** How often it was tried, where that is known. */
  attempts?: number;
  /** Why it failed; undefined where the message does not say. */
  reason?: string;
  sentAt: Date;
}

type Fields = Record<string, unknown>;

const SHOWN_BODY = 100;

/**
 * Reads a message as SQS gives it, with its attributes; there is none that cannot be read.
 * @param receives after how many receives in vain the queue that it was on gives a message up
 */
export function readDeadMessage(message: Message, receives?: number): DeadMessage {
  const body = fieldsOf(message.Body ?? '');
  const base = {
    id: message.MessageId ?? '',
    sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)),
  };
  return {
    ...base,
    ...(invocation(body) ?? streamPosition(body) ?? queued(message, body, receives)),
  };
}

type Read = Omit<DeadMessage, 'id' | 'sentAt'>;

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function invocation(body: Fields): Read | undefined {
  const context = member(body, 'requestContext');
  const functionArn = context['functionArn'];
  if (typeof functionArn !== 'string' || !('requestPayload' in body)) return undefined;
  const attempts = context['approximateInvokeCount'];
  const error = member(body, 'responsePayload');
  return {
    letter: { kind: 'invocation', functionArn, payload: body['requestPayload'] },
    about: `${functionNameOf(functionArn)} ${shown(JSON.stringify(body['requestPayload']))}`,
    ...(typeof attempts === 'number' && { attempts }),
    reason: String(text(error['errorMessage']) ?? text(context['condition']) ?? ''),
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html */
function streamPosition(body: Fields): Read | undefined {
  const batch = member(body, 'DDBStreamBatchInfo');
  const [streamArn, shardId] = [text(batch['streamArn']), text(batch['shardId'])];
  const startSequenceNumber = text(batch['startSequenceNumber']);
  const endSequenceNumber = text(batch['endSequenceNumber']);
  if (!streamArn || !shardId || !startSequenceNumber || !endSequenceNumber) return undefined;
  const batchSize = Number(batch['batchSize'] ?? 0);
  const table = streamArn.split('/')[1] ?? streamArn;
  return {
    letter: {
      kind: 'stream position',
      position: { streamArn, shardId, startSequenceNumber, endSequenceNumber, batchSize },
    },
    about: `${batchSize} changes of ${table} from ${startSequenceNumber}`,
    reason: text(member(body, 'context')['condition']) ?? '',
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
function queued(
  { Body = '', Attributes, MessageAttributes }: Message,
  body: Fields,
  receives?: number,
): Read {
  const detail = member(body, 'detail');
  const bucket = text(member(detail, 'bucket')['name']);
  const key = text(member(detail, 'object')['key']);
  const object = bucket !== undefined && key !== undefined ? { bucket, key } : undefined;
  const attribute = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue;
  const code = attribute('ERROR_CODE');
  const retries = attribute('RETRY_ATTEMPTS');
  // SQS goes on counting receives in the dead-letter queue, by whoever looks into it.
  const attempts = Attributes?.DeadLetterQueueSourceArn === undefined ? retries : receives;
  return {
    letter: { kind: 'queued', ...(object && { object }) },
    about: object ? `s3://${object.bucket}/${object.key}` : shown(Body),
    ...(attempts !== undefined && { attempts: Number(attempts) }),
    ...(code !== undefined && { reason: `${code}: ${attribute('ERROR_MESSAGE') ?? ''}` }),
  };
}

/** The last part of `arn:…:function:<name>:$LATEST` that is a name. */
export function functionNameOf(functionArn: string): string {
  return functionArn.split(':')[6] ?? functionArn;
}

function fieldsOf(json: string): Fields {
  try {
    return member({ value: JSON.parse(json) as unknown }, 'value');
  } catch {
    return {};
  }
}

/** The object that a member is; an empty one where it is none. */
function member(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function shown(body: string): string {
  return body.length <= SHOWN_BODY ? body : `${body.slice(0, SHOWN_BODY)}…`;
}
