import { createArena, type Arena } from '@saleslake/shared/decode/arena';
import { source } from '@saleslake/shared/decode/kernel-source';
import { hostReader, kernel, MISS } from '@saleslake/shared/decode/kernel';
import { learnMembers, type Layout, type Member } from '@saleslake/shared/decode/layout';
import { putLayout } from '@saleslake/shared/decode/layout-plan';

let arena: Arena;
beforeEach(() => {
  arena = createArena();
});
afterEach(() => arena.release());

/** A member whose value is a single digit; what is read is noted. */
function digit(key: string, read: string[], optional: boolean): Member {
  const reader = (at: number): number => {
    read.push(at === MISS ? `${key} absent` : `${key}=${String.fromCharCode(source.bytes[at]!)}`);
    return at + 1;
  };
  return { kind: 'hosted', target: hostReader(reader, arena), validity: undefined, optional };
}

const LITERAL = (key: string): string => `${JSON.stringify(key)}:`;

/** The reader of a layout of these keys. */
function digits(keys: string[], optional: string[] = [], literalOf = LITERAL) {
  const read: string[] = [];
  const layout: Layout = keys.map((key) => ({
    literal: literalOf(key),
    member: digit(key, read, optional.includes(key)),
  }));
  const address = putLayout(layout, arena);
  return (record: string | Uint8Array, offset = 0): { end: number; read: string[] } => {
    read.length = 0;
    const start = source.start + offset;
    source.bytes.set(Buffer.from(record), start);
    const behind = kernel.readRecord(address, start, 0);
    return { end: behind < 0 ? -1 : behind - start, read: [...read] };
  };
}

const oneKeyRecord = (key: string, value = '7'): Buffer =>
  Buffer.from(`{${JSON.stringify(key)}:${value}}`);

/** A key of so many bytes; each is unlike its neighbours. */
const keyOf = (length: number): string =>
  Array.from({ length }, (_, i) => String.fromCharCode(0x61 + ((i * 7) % 26))).join('');

describe('a layout that is put where the kernel reads it', () => {
  const lengths = Array.from({ length: 81 }, (_, i) => i);
  const keys = ['größe 🛒', 'ключ — 16 bytes and more 🛒🛒🛒', ...lengths.map(keyOf)];
  const optionality: [string, (key: string) => string[]][] = [
    ['that must be there', () => []],
    ['that may be absent', (key) => [key]],
  ];

  describe.each(optionality)('of one member %s', (_, optional) => {
    it.each(keys)('finds the key %j, and no other of its length', (key) => {
      const read = digits([key], optional(key));
      const record = oneKeyRecord(key);
      expect(read(record)).toEqual({ end: record.length, read: [`${key}=7`] });
      for (let i = 0; i < record.length - 2; i++) {
        for (const bit of [1, 0x20, 0x80]) {
          const other = Buffer.from(record);
          other[i]! ^= bit;
          expect(read(other).end).toBe(-1);
        }
      }
    });

    it('finds no key that is longer or shorter by a byte', () => {
      for (const length of lengths.slice(1, -1)) {
        const read = digits([keyOf(length)], optional(keyOf(length)));
        for (const other of [length - 1, length + 1]) {
          expect(read(oneKeyRecord(keyOf(other))).end).toBe(-1);
        }
      }
    });

    it('reads a record wherever it stands, and whatever is behind it', () => {
      const read = digits([keyOf(20)], optional(keyOf(20)));
      const record = oneKeyRecord(keyOf(20));
      for (let offset = 0; offset < 20; offset++) {
        for (const behind of ['\n', '}', ',"b":1}', '\0'.repeat(20), '"'.repeat(20)]) {
          const text = Buffer.concat([record, Buffer.from(behind)]);
          expect(read(text, offset)).toEqual({ end: record.length, read: [`${keyOf(20)}=7`] });
        }
      }
    });
  });

  it.each([
    '',
    '{',
    '}',
    '{}',
    '[]',
    '{"a":7',
    '{"a":7,}',
    '{"a":7]',
    '{"a":7 }',
    ' {"a":7}',
    '"a":7}',
  ])('refuses %j', (record) => {
    const text = Buffer.from(`${record}\n`);
    expect(digits(['a'])(text).end).toBe(-1);
    // A record has at least its key, so that a layout has at least one member that must be there.
    expect(digits(['b', 'a'], ['b'])(text).end).toBe(-1);
  });

  it('reads the members in their order', () => {
    const read = digits(['a', 'b', 'c']);
    expect(read('{"a":1,"b":2,"c":3}').read).toEqual(['a=1', 'b=2', 'c=3']);
    for (const other of [
      '{"b":2,"a":1,"c":3}',
      '{"a":1,"b":2}\n',
      '{"a":1,"b":2,"c":3,"d":4}',
      '{}\n',
    ]) {
      expect(read(other).end).toBe(-1);
    }
  });

  it('reads many members with keys of every length', () => {
    const all = lengths.slice(1).map(keyOf);
    const record = `{${all.map((key, i) => `"${key}":${i % 10}`).join()}}`;
    const expected = { end: record.length, read: all.map((key, i) => `${key}=${i % 10}`) };
    expect(digits(all)(record)).toEqual(expected);
    expect(digits(all, all)(record)).toEqual(expected);
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

  it.each([
    ['{"a":1,"b":2,"c":3}', ['a=1', 'b=2', 'c=3']],
    ['{"a":1}', ['a=1', 'b absent', 'c absent']],
    ['{"a":1,"c":3}', ['a=1', 'b absent', 'c=3']],
  ])('passes over what may be absent behind what may not: %s', (record, expected) => {
    expect(digits(['a', 'b', 'c'], ['b', 'c'])(record)).toEqual({
      end: record.length,
      read: expected,
    });
  });

  it.each(['{,"b":2}', '{"a":1"b":2}', '{"a":1,,"b":2}', '{"a":1,"b":2,}', '{"b":2', '{"c":3}'])(
    'refuses %s',
    (record) => {
      expect(digits(['a', 'b', 'c'], ['a', 'c'])(`${record}\n`).end).toBe(-1);
    },
  );

  it.each([
    ['{"a":1"b":2}', ['b']],
    ['{"a":1,,"b":2}', ['b']],
    ['{"a":1,"b":2,}', ['b']],
    ['{"b":2}', ['b']],
    ['{,"a":1}', ['b']],
    [',"a":1}', ['b']],
    ['{"a":1{"b":2}', ['b']],
    ['{"a":1,"b":2', ['b']],
  ])('refuses %s, where the first must be there', (record, optional) => {
    expect(digits(['a', 'b'], optional)(`${record}\n`).end).toBe(-1);
  });

  it('stops where a value cannot be read', () => {
    const read: string[] = [];
    const member: Member = {
      kind: 'hosted',
      target: hostReader(() => MISS, arena),
      validity: undefined,
      optional: false,
    };
    const layout = [
      { literal: '"a":', member },
      { literal: '"b":', member: digit('b', read, false) },
    ];
    source.bytes.write('{"a":1,"b":2}', source.start);
    expect(kernel.readRecord(putLayout(layout, arena), source.start, 0)).toBe(-1);
    expect(read).toEqual([]);
  });

  it('tells a reader the row', () => {
    const rows: [string, number][] = [];
    const noting = (key: string, optional: boolean): Member => ({
      kind: 'hosted',
      target: hostReader((at, row) => {
        rows.push([at === MISS ? `no ${key}` : key, row]);
        return at + 1;
      }, arena),
      validity: undefined,
      optional,
    });
    const layout = ['a', 'b'].map((key) => ({
      literal: `"${key}":`,
      member: noting(key, key === 'b'),
    }));
    source.bytes.write('{"a":1}', source.start);
    kernel.readRecord(putLayout(layout, arena), source.start, 200);
    expect(rows).toEqual([
      ['a', 200],
      ['no b', 200],
    ]);
  });

  it('knows the readers of other layouts apart, when some were given back', () => {
    const one = createArena();
    const target = hostReader(() => MISS, one);
    const read = digits(['a']);
    one.release();
    const later = digits(['b']);
    expect(target).toBeGreaterThanOrEqual(0);
    expect(read('{"a":1}').read).toEqual(['a=1']);
    expect(later('{"b":2}').read).toEqual(['b=2']);
  });

  it.each([
    ['"text of some length"', true],
    ['""', true],
    ['0', true],
    ['-12.5e-3', true],
    ['1E+5', true],
    ['true', true],
    ['false', true],
    ['null', true],
    ['"\\n"', true],
    ['"far behind the beginning: \\u00e9\\\\"', true],
    ['"\\x"', false],
    ['"\\u12"', false],
    ['"\t"', false],
    ['01', false],
    ['1.', false],
    ['.5', false],
    ['1e', false],
    ['-', false],
    ['tru', false],
    ['falsy', false],
    ['nul', false],
    ['True', false],
    ['{}', false],
    ['[]', false],
    ['', false],
  ])('passes over %s of a member that nobody wants: %j', (value, passes) => {
    const member: Member = { kind: 'skipped', target: 0, validity: undefined, optional: true };
    const address = putLayout([{ literal: '"a":', member }], arena);
    const record = `{"a":${value}}`;
    source.bytes.write(`${record}\n`, source.start);
    expect(kernel.readRecord(address, source.start, 0)).toBe(
      passes ? source.start + record.length : -1,
    );
  });

  it.each([
    '{"a":1,"bc":2}',
    '{"a": 1, "bc": 2}',
    '{ "a" : 1, \t"bc" :2}',
    '{\n  "a": 1,\n  "bc": 2}',
    '{"größe":1,"":2}',
  ])('reads the record that it was learned from: %j', (record) => {
    const members = learnMembers(Buffer.from(record))!;
    const literals = new Map(members.map(({ name, literal }) => [name, literal]));
    const names = [...literals.keys()];
    const read = digits(names, [], (name) => literals.get(name)!);
    expect(read(record)).toEqual({
      end: Buffer.byteLength(record),
      read: names.map((name, i) => `${name}=${i + 1}`),
    });
  });
});
