import { createHash } from 'node:crypto';

/** A record as the Kinesis Producer Library aggregates it, every field of a user record given. */
export function aggregated(records: readonly (string | Uint8Array)[]): Buffer {
  const message = Buffer.concat([
    field(1, Buffer.from('partition-key')),
    field(2, Buffer.from('hash-key')),
    ...records.map((record) =>
      field(
        3,
        Buffer.concat([
          Buffer.from([0x08, 0x00, 0x10, 0x00]),
          field(3, Buffer.from(record as string)),
          field(4, field(1, Buffer.from('tag'))),
        ]),
      ),
    ),
  ]);
  return Buffer.concat([
    Buffer.from('f3899ac2', 'hex'),
    message,
    createHash('md5').update(message).digest(),
  ]);
}

/** A length-delimited field of Protocol Buffers. */
function field(number: number, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2]), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const bytes = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Buffer.from([...bytes, value]);
}
