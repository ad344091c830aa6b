import { createHash } from 'node:crypto';
import { PayloadError } from './payload-error';

const MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const DIGEST_BYTES = 16;
// Field numbers of the messages AggregatedRecord and Record.
const RECORDS = 3;
const DATA = 3;
// Wire types of Protocol Buffers: https://protobuf.dev/programming-guides/encoding/
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

/** Whether a record is one that the Kinesis Producer Library put together of several. */
export function isAggregated(bytes: Uint8Array): boolean {
  return bytes[0] === MAGIC[0] && MAGIC.equals(bytes.subarray(0, MAGIC.length));
}

/**
 * The user records within an aggregated record: magic number, protobuf message, MD5 of the message.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 * @throws PayloadError where the digest is wrong or the message is broken.
 */
export function deaggregate(bytes: Uint8Array): Uint8Array[] {
  const end = bytes.length - DIGEST_BYTES;
  const message = bytes.subarray(MAGIC.length, Math.max(end, MAGIC.length));
  const digest = createHash('md5').update(message).digest();
  if (!digest.equals(bytes.subarray(MAGIC.length + message.length))) {
    throw new PayloadError('expected a KPL-aggregated record whose MD5 digest fits its content');
  }
  return fieldsOf(message, RECORDS).map((record) => {
    const [data] = fieldsOf(record, DATA);
    if (!data) throw broken();
    return data;
  });
}

/** The values of a length-delimited field of a protobuf message, in order. */
function fieldsOf(message: Uint8Array, field: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  let at = 0;

  function varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 63; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw broken();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw broken();
  }

  while (at < message.length) {
    const tag = varint();
    const wireType = tag % 8;
    if (wireType === VARINT) varint();
    else if (wireType === FIXED_64) at += 8;
    else if (wireType === FIXED_32) at += 4;
    else if (wireType === LENGTH_DELIMITED) {
      const length = varint();
      if (length > message.length - at) throw broken();
      if (Math.floor(tag / 8) === field) values.push(message.subarray(at, at + length));
      at += length;
    } else throw broken();
  }
  if (at > message.length) throw broken();
  return values;
}

function broken(): PayloadError {
  return new PayloadError('expected a KPL-aggregated record in valid Protocol Buffers');
}
