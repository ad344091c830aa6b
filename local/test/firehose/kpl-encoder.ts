import { createHash } from 'node:crypto';
import type { UserRecord } from '../../src/firehose/kpl-aggregation';

/** Aggregates as the Kinesis Producer Library does. */
export function aggregate(records: readonly UserRecord[]): Buffer {
  const partitionKeys = [...new Set(records.map(({ partitionKey }) => partitionKey))];
  const hashKeys = [...new Set(records.flatMap(({ explicitHashKey }) => explicitHashKey ?? []))];
  const message = Buffer.concat([
    ...partitionKeys.map((key) => bytesField(1, Buffer.from(key))),
    ...hashKeys.map((key) => bytesField(2, Buffer.from(key))),
    ...records.map(({ partitionKey, explicitHashKey, data }) =>
      bytesField(
        3,
        Buffer.concat([
          numberField(1, partitionKeys.indexOf(partitionKey)),
          ...(explicitHashKey === undefined
            ? []
            : [numberField(2, hashKeys.indexOf(explicitHashKey))]),
          bytesField(3, data),
          // A tag, which a reader passes over.
          bytesField(4, bytesField(1, Buffer.from('tag'))),
        ]),
      ),
    ),
  ]);
  return framed(message);
}

/** Any message as a producer would frame it. */
export function framed(message: Buffer): Buffer {
  const digest = createHash('md5').update(message).digest();
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, digest]);
}

function bytesField(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}
