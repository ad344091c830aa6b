import type { Message } from '@aws-sdk/client-sqs';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { safeError, safeKey, safeName } from './safe-text';
import { count, utc } from './evidence';

/** What a dead letter is about. */
export interface DeadLetter {
  /** In one line: which function or object, and why. */
  description: string;
  /** Where the data is that it stands for. */
  whereabouts: string;
  /** The function that failed; undefined where the message does not tell. */
  functionName?: string;
}

type Fields = Record<string, unknown>;

/**
 * Tells by its own shape what a message in a queue of failures is: the record of a failed event of
 * Lambda, the place in a stream of what a pipe gave up, or an event of S3 itself.
 */
export function readDeadLetter({ Body = '', Attributes, MessageAttributes }: Message): DeadLetter {
  const body = parse(Body);
  const context = member(body, 'requestContext');
  if (typeof context['functionArn'] === 'string') return failedEvent(body, context);
  const position = body['DDBStreamBatchInfo'] ?? body['KinesisBatchInfo'];
  if (isJsonObject(position)) return streamPosition(body, position);
  const times = Number(Attributes?.ApproximateReceiveCount);
  const code = MessageAttributes?.['ERROR_CODE']?.StringValue;
  const why = code === undefined ? '' : `, ${safeError(code, undefined)}`;
  const object = objectOf(body);
  if (object === undefined) {
    return {
      description: `a message of ${count(Buffer.byteLength(Body), 'byte')}${why}`,
      whereabouts: 'The messages themselves are in the queue.',
    };
  }
  // Each look at the message counts as well, so how often it failed is no longer to be known.
  const tried = Number.isNaN(times) ? '' : ', after several attempts';
  return {
    description: `${object}${why || tried}`,
    whereabouts: 'The objects are unharmed in the raw bucket; their rows are not in the lake.',
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
function failedEvent(body: Fields, context: Fields): DeadLetter {
  const functionName = safeName(String(context['functionArn']).split(':')[6]);
  const { errorType, errorMessage } = member(body, 'responsePayload');
  const times = Number(context['approximateInvokeCount']);
  const condition = safeName(context['condition']);
  const why = errorType === undefined ? condition : safeError(errorType, errorMessage);
  return {
    description:
      `${functionName} failed ${count(times || 0, 'time')} on ${eventOf(body['requestPayload'])}: ` +
      why,
    whereabouts: 'The events are whole in the queue; what they ask for has not been done.',
    functionName,
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html */
function streamPosition(body: Fields, position: Fields): DeadLetter {
  const { condition, partnerResourceArn } = member(body, 'context');
  const { batchSize, shardId, approximateArrivalOfFirstRecord: arrival } = position;
  const arrived = Date.parse(String(arrival));
  const size = count(Number(batchSize) || 0, 'change');
  const pipe = safeName(String(partnerResourceArn).split('/').at(-1));
  return {
    description: `${size} in ${safeName(shardId)}, given up by the pipe ${pipe}: ${safeName(condition)}`,
    whereabouts: Number.isNaN(arrived)
      ? "The changes are in the table's stream, which keeps them for 24 hours."
      : `The changes are in the table's stream, until ${utc(arrived + 24 * 3_600_000)}: redrive them before then.`,
  };
}

/** What an event asked for, as far as it can be told without its data. */
function eventOf(payload: unknown): string {
  const event = isJsonObject(payload) ? payload : {};
  const type = event['detail-type'];
  const time = Date.parse(String(event['time']));
  if (type === 'Scheduled Event' && !Number.isNaN(time)) return `the tick of ${utc(time)}`;
  if (type === 'CloudWatch Alarm State Change') {
    return `a change of the alarm ${safeName(member(event, 'detail')['alarmName'])}`;
  }
  return objectOf(event) ?? 'an event';
}

/** `s3://bucket/key` of S3's event on EventBridge, also one that is in a string. */
function objectOf(event: Fields): string | undefined {
  const detail = member(event, 'detail');
  const bucket = member(detail, 'bucket')['name'];
  const key = member(detail, 'object')['key'];
  return typeof bucket === 'string' && typeof key === 'string'
    ? `s3://${safeName(bucket)}/${safeKey(key)}`
    : undefined;
}

function parse(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    // A message of another kind, which is told of as such.
    return {};
  }
}

function member(owner: Fields, name: string): Fields {
  const value = owner[name];
  return isJsonObject(value) ? value : {};
}
