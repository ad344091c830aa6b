import type { Message } from '@aws-sdk/client-sqs';
import {
  functionNameOf,
  parseDeadLetter,
  type DeadLetter,
} from '@saleslake/shared/lake/dead-letter';
import { sourceUri } from '@saleslake/shared/lake/source-id';

/** A message in a dead-letter or failure queue. */
export interface DeadMessage {
  id: string;
  letter: DeadLetter;
  /** What it is about, for people. */
  about: string;
  /** How often it was tried, where that is known. */
  attempts?: number;
  /** Why it failed; undefined where the message does not say. */
  reason?: string;
  sentAt: Date;
}

const SHOWN_BODY = 100;

/**
 * Reads a message as SQS gives it, with its attributes; there is none that cannot be read.
 * @param receives after how many receives in vain the queue that it was on gives a message up
 */
export function readDeadMessage(message: Message, receives?: number): DeadMessage {
  const letter = parseDeadLetter(message);
  return {
    id: message.MessageId ?? '',
    letter,
    ...told(letter, message, receives),
    sentAt: new Date(Number(message.Attributes?.SentTimestamp ?? 0)),
  };
}

function told(
  letter: DeadLetter,
  { Body = '', Attributes }: Message,
  receives: number | undefined,
): Pick<DeadMessage, 'about' | 'attempts' | 'reason'> {
  switch (letter.kind) {
    case 'invocation': {
      const { functionArn, payload, attempts, error, condition } = letter;
      const about = `${functionNameOf(functionArn)} ${shown(JSON.stringify(payload))}`;
      return { about, attempts, reason: error.message ?? condition ?? '' };
    }
    case 'stream position': {
      const { streamArn, startSequenceNumber, batchSize } = letter.position;
      const table = streamArn.split('/')[1] ?? streamArn;
      return {
        about: `${batchSize} changes of ${table} from ${startSequenceNumber}`,
        reason: letter.condition ?? '',
      };
    }
    case 'queued': {
      const { object, error, retries } = letter;
      return {
        about: object ? sourceUri(object) : shown(Body),
        // SQS goes on counting receives in the dead-letter queue, by whoever looks into it.
        attempts: Attributes?.DeadLetterQueueSourceArn === undefined ? retries : receives,
        reason: error.code === undefined ? undefined : `${error.code}: ${error.message ?? ''}`,
      };
    }
  }
}

function shown(body: string): string {
  return body.length <= SHOWN_BODY ? body : `${body.slice(0, SHOWN_BODY)}…`;
}
