import { ATTRIBUTE_NAME_RULE, isAttributeName, isAttributeNumber } from '../sqs/message-attributes';
import { entries, optionalString, type QueryInput } from './query-protocol';
import { invalidParameter } from './sns-error';

/** Attributes of a message: a type of `String`, `String.Array`, `Number` or `Binary`. */
export type MessageAttributes = Record<string, MessageAttribute>;

export interface MessageAttribute {
  type: string;
  /** Of a Binary the base64, of a String.Array the JSON. */
  value: string;
}

const TYPES = ['String', 'String.Array', 'Number', 'Binary'];

/**
 * Reads MessageAttributes off a request. Throws InvalidParameter naming the attribute that breaks
 * a rule of https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */
export function readMessageAttributes(input: QueryInput): MessageAttributes {
  const read = entries(input, 'MessageAttributes', 'Name', 'Value').map(
    ([name, value]) => [name, readAttribute(name, value)] as const,
  );
  const attributes = Object.fromEntries(read);
  checkMessageAttributes(attributes);
  return attributes;
}

/** Throws InvalidParameter naming the attribute that SNS would refuse. */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  for (const [name, { type, value }] of Object.entries(attributes)) {
    if (!isAttributeName(name)) {
      throw invalidParameter(`Message attribute name '${name}' Reason: ${ATTRIBUTE_NAME_RULE}`);
    }
    if (!TYPES.includes(type) && !/^(String|Number|Binary)\./.test(type)) {
      throw invalidParameter(
        `Message attribute '${name}' Reason: its type is '${type}'; expected ${TYPES.join(', ')}`,
      );
    }
    if (value === '') throw invalidParameter(`Message attribute '${name}' Reason: no value`);
    if (type.startsWith('Number') && !isAttributeNumber(value)) {
      throw invalidParameter(`Message attribute '${name}' Reason: '${value}' is no number`);
    }
  }
}

/** What the attributes count toward the size of a message: names, types and values, in bytes. */
export function attributesSize(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce((size, [name, { type, value }]) => {
    const encoding = type.startsWith('Binary') ? 'base64' : 'utf8';
    return (
      size + Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value, encoding)
    );
  }, 0);
}

/** As notifications show them; undefined where there is none, as SNS then leaves them out. */
export function shownAttributes(
  attributes: MessageAttributes,
): Record<string, { Type: string; Value: string }> | undefined {
  const shown = Object.entries(attributes).map(
    ([name, { type, value }]) => [name, { Type: type, Value: value }] as const,
  );
  return shown.length === 0 ? undefined : Object.fromEntries(shown);
}

function readAttribute(name: string, input: string | QueryInput): MessageAttribute {
  if (typeof input === 'string') {
    throw invalidParameter(`Message attribute '${name}' Reason: expected DataType and a value`);
  }
  const type = optionalString(input, 'DataType') ?? '';
  const member = type.startsWith('Binary') ? 'BinaryValue' : 'StringValue';
  return { type, value: optionalString(input, member) ?? '' };
}
