import type { Message } from '@aws-sdk/client-sqs';
import {
  functionNameOf,
  objectOfEvent,
  parseDeadLetter,
  type DeadLetter as Letter,
} from '@saleslake/shared/lake/dead-letter';
import type { SourceObject } from '@saleslake/shared/lake/source-id';
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

/** Tells what a message in a queue of failures is about, in words that hold no data. */
export function readDeadLetter(message: Message): DeadLetter {
  const letter = parseDeadLetter(message);
  switch (letter.kind) {
    case 'invocation':
      return failedEvent(letter);
    case 'stream position':
      return streamPosition(letter);
    case 'queued':
      return queued(letter, message);
  }
}

type Of<Kind extends Letter['kind']> = Extract<Letter, { kind: Kind }>;

function failedEvent({ functionArn, payload, attempts, condition, error }: Of<'invocation'>) {
  const functionName = safeName(functionNameOf(functionArn));
  const why = error.type === undefined ? safeName(condition) : safeError(error.type, error.message);
  return {
    description:
      `${functionName} failed ${count(attempts ?? 0, 'time')} on ${eventOf(payload)}: ` + why,
    whereabouts: 'The events are whole in the queue; what they ask for has not been done.',
    functionName,
  };
}

function streamPosition({ position, pipeArn, condition }: Of<'stream position'>) {
  const { batchSize, shardId, firstAt } = position;
  const size = count(batchSize, 'change');
  const pipe = safeName(pipeArn?.split('/').at(-1));
  return {
    description: `${size} in ${safeName(shardId)}, given up by the pipe ${pipe}: ${safeName(condition)}`,
    whereabouts:
      firstAt === undefined
        ? "The changes are in the table's stream, which keeps them for 24 hours."
        : `The changes are in the table's stream, until ${utc(firstAt + 24 * 3_600_000)}: redrive them before then.`,
  };
}

function queued({ object, error }: Of<'queued'>, { Body = '', Attributes }: Message) {
  const why = error.code === undefined ? '' : `, ${safeError(error.code, undefined)}`;
  if (object === undefined) {
    return {
      description: `a message of ${count(Buffer.byteLength(Body), 'byte')}${why}`,
      whereabouts: 'The messages themselves are in the queue.',
    };
  }
  // Each look at the message counts as well, so how often it failed is no longer to be known.
  const times = Number(Attributes?.ApproximateReceiveCount);
  const tried = Number.isNaN(times) ? '' : ', after several attempts';
  return {
    description: `${safeUri(object)}${why || tried}`,
    whereabouts: 'The objects are unharmed in the raw bucket; their rows are not in the lake.',
  };
}

/** What an event asked for, as far as it can be told without its data. */
function eventOf(payload: unknown): string {
  const event = isJsonObject(payload) ? payload : {};
  const type = event['detail-type'];
  const time = Date.parse(String(event['time']));
  if (type === 'Scheduled Event' && !Number.isNaN(time)) return `the tick of ${utc(time)}`;
  if (type === 'CloudWatch Alarm State Change') {
    const detail = event['detail'];
    const alarm = isJsonObject(detail) ? detail['alarmName'] : undefined;
    return `a change of the alarm ${safeName(alarm)}`;
  }
  const object = objectOfEvent(event);
  return object ? safeUri(object) : 'an event';
}

function safeUri({ bucket, key }: SourceObject): string {
  return `s3://${safeName(bucket)}/${safeKey(key)}`;
}
