import { createHash } from 'node:crypto';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';

import { invalidParameter } from './sqs-error';

/** A custom attribute of a message, as sent. Exactly one of the two values is there. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, optionally with a label of the sender's, as `Number.int`. */
  DataType: string;
  StringValue?: string;
  /** Base64. */
  BinaryValue?: string;
}

export type MessageAttributes = Record<string, MessageAttribute>;

const MOST_ATTRIBUTES = 10;
const LONGEST_NAME = 256;
const STRING_TYPE = 1;
const BINARY_TYPE = 2;

/**
 * Reads the attributes of a message off a request. Throws InvalidParameterValue naming the
 * attribute that breaks a rule of
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function readMessageAttributes(input: unknown): MessageAttributes {
  if (input === undefined || input === null) return {};
  if (!isJsonObject(input)) throw invalidParameter('MessageAttributes must be an object.');
  const entries = Object.entries(input);
  if (entries.length > MOST_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, readAttribute(name, value)]));
}

function readAttribute(name: string, input: unknown): MessageAttribute {
  checkName(name);
  if (!isJsonObject(input) || typeof input.DataType !== 'string' || input.DataType === '') {
    throw invalidParameter(
      `The message attribute '${name}' must contain a non-empty message attribute type.`,
    );
  }
  const { DataType } = input;
  const kind = DataType.split('.', 1)[0] ?? '';
  if (!['String', 'Number', 'Binary'].includes(kind)) {
    throw invalidParameter(
      `The message attribute '${name}' has an invalid message attribute type '${DataType}'; ` +
        'it starts with String, Number or Binary.',
    );
  }
  const member = kind === 'Binary' ? 'BinaryValue' : 'StringValue';
  const value = input[member];
  if (typeof value !== 'string' || value === '') {
    throw invalidParameter(
      `The message attribute '${name}' of type '${DataType}' must contain a non-empty ${member}.`,
    );
  }
  if (kind === 'Number' && !isAttributeNumber(value)) {
    throw invalidParameter(
      `The message attribute '${name}' of type '${DataType}' must be a number; it is '${value}'.`,
    );
  }
  return { DataType, [member]: value };
}

function checkName(name: string): void {
  if (isAttributeName(name)) return;
  throw invalidParameter(`Message attribute name '${name}' is invalid: ${ATTRIBUTE_NAME_RULE}.`);
}

/** What an attribute's name must be, of SNS's messages too, in words. */
export const ATTRIBUTE_NAME_RULE =
  `expected up to ${LONGEST_NAME} letters, digits, '_', '-' and single '.', not starting with ` +
  "'AWS.' or 'Amazon.'";

/** Whether an attribute may have the name, of SNS's messages too. */
export function isAttributeName(name: string): boolean {
  const wellFormed = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/.test(name);
  return wellFormed && name.length <= LONGEST_NAME && !/^(aws|amazon)\./i.test(name);
}

/** Whether the text may be the value of an attribute of type Number, of SNS's messages too. */
export function isAttributeNumber(value: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
}

/**
 * The attributes that a receiver asked for: by name, by prefix (`trace.*`), or all of them
 * (`All`, `.*`).
 */
export function selectAttributes(
  attributes: MessageAttributes,
  selectors: string[],
): MessageAttributes {
  const selected = (name: string): boolean =>
    selectors.some(
      (selector) =>
        selector === 'All' ||
        selector === name ||
        (selector.endsWith('.*') && name.startsWith(selector.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => selected(name)));
}

/** What the attributes count toward the size of a message: names, types and values, in bytes. */
export function attributesSize(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (size, [name, attribute]) =>
      size +
      Buffer.byteLength(name) +
      Buffer.byteLength(attribute.DataType) +
      value(attribute).length,
    0,
  );
}

/**
 * What the MD5 of attributes is taken of: for each, by name, the name, the data type, one byte
 * for string or binary, and the value, with lengths as 32-bit big-endian numbers.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function encodeAttributes(attributes: MessageAttributes): Buffer {
  return Buffer.concat(
    Object.entries(attributes)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, attribute]) => [
        ...withLength(Buffer.from(name)),
        ...withLength(Buffer.from(attribute.DataType)),
        Buffer.of(attribute.BinaryValue === undefined ? STRING_TYPE : BINARY_TYPE),
        ...withLength(value(attribute)),
      ]),
  );
}

/** The MD5 of `encodeAttributes`, in hex; undefined where there is no attribute. */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  if (Object.keys(attributes).length === 0) return undefined;
  return md5(encodeAttributes(attributes));
}

/** In hex, as SQS answers it. */
export function md5(content: string | Uint8Array): string {
  return createHash('md5').update(content).digest('hex');
}

function value(attribute: MessageAttribute): Buffer {
  const { BinaryValue, StringValue = '' } = attribute;
  return BinaryValue === undefined ? Buffer.from(StringValue) : Buffer.from(BinaryValue, 'base64');
}

function withLength(content: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return [length, content];
}
