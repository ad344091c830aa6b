import { randomUUID } from 'node:crypto';
import {
  attributesSize,
  checkMessageAttributes,
  type MessageAttributes,
} from './message-attributes';
import { invalidParameter } from './sns-error';
import type { SubscriptionProtocol } from './topic-config';

/** What a publisher says. */
export interface NewMessage {
  subject?: string;
  message: string;
  /** Texts of their own for some protocols, from MessageStructure `json`. */
  byProtocol?: Record<string, string>;
  attributes?: MessageAttributes;
}

/** A message that SNS has accepted. */
export interface Message extends NewMessage {
  id: string;
  topicArn: string;
  /** Milliseconds since the epoch. */
  publishedAt: number;
  attributes: MessageAttributes;
}

const LARGEST_BYTES = 262_144;

/**
 * Accepts what a publisher says. Throws InvalidParameter for what SNS refuses.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export function acceptMessage(topicArn: string, message: NewMessage, now: number): Message {
  const { subject, attributes = {} } = message;
  if (message.message === '') throw invalidParameter('Empty message');
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) {
    throw invalidParameter(
      `Subject Reason: ${JSON.stringify(subject)}; expected 1 to 100 printable ASCII characters on ` +
        'one line, the first no space',
    );
  }
  checkMessageAttributes(attributes);
  const size = messageSize(message);
  if (size > LARGEST_BYTES) {
    throw invalidParameter(`Message too long: ${size} bytes; expected at most ${LARGEST_BYTES}`);
  }
  return { ...message, attributes, id: randomUUID(), topicArn, publishedAt: now };
}

/** What counts toward SNS's limits, in bytes. */
function messageSize({ message, attributes = {} }: NewMessage): number {
  return Buffer.byteLength(message) + attributesSize(attributes);
}

/**
 * The texts by protocol in a Message of MessageStructure `json`. Throws InvalidParameter where
 * there is no `default` among them.
 */
export function readStructure(text: string): Record<string, string> {
  let structure: unknown;
  try {
    structure = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = Object.entries((structure ?? {}) as Record<string, unknown>).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const byProtocol = Object.fromEntries(texts);
  if (!Object.hasOwn(byProtocol, 'default')) {
    throw invalidParameter('Message Structure - No default entry in JSON message body');
  }
  return byProtocol;
}

/** What a message says to the subscribers of a protocol. */
export function textFor({ message, byProtocol }: Message, protocol: SubscriptionProtocol): string {
  if (!byProtocol) return message;
  return byProtocol[protocol] ?? byProtocol['default'] ?? message;
}
