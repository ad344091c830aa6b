import { createHash } from 'node:crypto';

/** A record that a producer aggregated with others into one of Kinesis. */
export interface UserRecord {
  partitionKey: string;
  explicitHashKey?: string;
  data: Buffer;
}

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const DIGEST_BYTES = 16;

// https://protobuf.dev/programming-guides/encoding/#structure
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/**
 * Takes apart what the Kinesis Producer Library aggregated: a magic number, a protobuf message,
 * and the message's MD5. Undefined for anything else, which is a record as it stands.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
export function deaggregate(data: Buffer): UserRecord[] | undefined {
  if (!data.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const end = data.length - DIGEST_BYTES;
  if (end < MAGIC.length) return undefined;
  const message = data.subarray(MAGIC.length, end);
  if (!createHash('md5').update(message).digest().equals(data.subarray(end))) return undefined;
  try {
    return readAggregatedRecord(message);
  } catch (error) {
    // The digest is right, and yet it is no such message: somebody else's format.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readAggregatedRecord(message: Buffer): UserRecord[] {
  const partitionKeys: string[] = [];
  const explicitHashKeys: string[] = [];
  const records: Buffer[] = [];
  for (const { field, bytes } of fields(message)) {
    if (field === 1) partitionKeys.push(bytes.toString('utf8'));
    if (field === 2) explicitHashKeys.push(bytes.toString('utf8'));
    if (field === 3) records.push(bytes);
  }
  return records.map((record) => {
    let partitionKey: string | undefined;
    let explicitHashKey: string | undefined;
    let data: Buffer | undefined;
    for (const { field, number, bytes } of fields(record)) {
      if (field === 1) partitionKey = partitionKeys[number];
      if (field === 2) explicitHashKey = explicitHashKeys[number];
      if (field === 3) data = bytes;
    }
    if (partitionKey === undefined || data === undefined) {
      throw new RangeError('A record has no partition key or no data.');
    }
    return { partitionKey, ...(explicitHashKey !== undefined && { explicitHashKey }), data };
  });
}

interface Field {
  field: number;
  /** Of a varint. */
  number: number;
  /** Of a length-delimited field. */
  bytes: Buffer;
}

/** Throws RangeError where the message ends too early or has a type that protobuf has not. */
function* fields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('The message ends within a number.');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  const skip = (count: number): Buffer => {
    if (at + count > message.length) throw new RangeError('The message ends within a field.');
    at += count;
    return message.subarray(at - count, at);
  };
  const none = Buffer.alloc(0);
  while (at < message.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case VARINT:
        yield { field, number: varint(), bytes: none };
        break;
      case LENGTH_DELIMITED:
        yield { field, number: 0, bytes: skip(varint()) };
        break;
      case FIXED_64:
        skip(8);
        break;
      case FIXED_32:
        skip(4);
        break;
      default:
        throw new RangeError(`The wire type ${tag % 8} is none of protobuf's.`);
    }
  }
}
