import { source } from '@saleslake/shared/decode/byte-source';
import type { Layout } from '@saleslake/shared/decode/layout';
import { createLayoutReader } from '@saleslake/shared/decode/layout-reader';

/** A layout of these keys, whose values are single digits; what is read is noted. */
function digits(keys: string[], optional: string[] = []) {
  const read: string[] = [];
  const layout: Layout = keys.map((key) => ({
    literal: Buffer.from(`${JSON.stringify(key)}:`),
    member: {
      read: (at) => {
        read.push(`${key}=${String.fromCharCode(source.bytes[at]!)}`);
        return at + 1;
      },
      ...(optional.includes(key) && { absent: () => read.push(`${key} absent`) }),
    },
  }));
  const reader = createLayoutReader(layout);
  return (record: string): { end: number; read: string[] } => {
    read.length = 0;
    source.bytes.write(record);
    return { end: reader(0, 0), read: [...read] };
  };
}

describe('createLayoutReader', () => {
  const keys = ['', 'a', 'ab', 'abc', 'abcd', 'a long key', 'a key of sixteen', 'größe 🛒'];

  it.each(keys)('finds the key %j, and no other of its length', (key) => {
    const read = digits([key]);
    const record = `{${JSON.stringify(key)}:7}`;
    expect(read(record)).toEqual({ end: Buffer.byteLength(record), read: [`${key}=7`] });
    for (let i = 0; i < Buffer.byteLength(record) - 2; i++) {
      const bytes = Buffer.from(record);
      bytes[i]! ^= 1;
      expect(read(bytes.toString('latin1')).end).toBe(-1);
    }
  });

  it('reads the members in their order', () => {
    const read = digits(['a', 'b', 'c']);
    expect(read('{"a":1,"b":2,"c":3}').read).toEqual(['a=1', 'b=2', 'c=3']);
    for (const other of [
      '{"b":2,"a":1,"c":3}',
      '{"a":1,"b":2}',
      '{"a":1,"b":2,"c":3,"d":4}',
      '{}',
    ]) {
      expect(read(other).end).toBe(-1);
    }
  });

  it.each([
    ['{"a":1,"b":2,"c":3}', ['a=1', 'b=2', 'c=3']],
    ['{"b":2}', ['a absent', 'b=2', 'c absent']],
    ['{"a":1,"b":2}', ['a=1', 'b=2', 'c absent']],
    ['{"b":2,"c":3}', ['a absent', 'b=2', 'c=3']],
  ])('passes over what may be absent: %s', (record, expected) => {
    expect(digits(['a', 'b', 'c'], ['a', 'c'])(record)).toEqual({
      end: record.length,
      read: expected,
    });
  });

  it.each(['{,"b":2}', '{"a":1"b":2}', '{"a":1,,"b":2}', '{"a":1,"b":2,}', '{"b":2', '{"c":3}'])(
    'refuses %s',
    (record) => {
      expect(digits(['a', 'b', 'c'], ['a', 'c'])(record).end).toBe(-1);
    },
  );
});
