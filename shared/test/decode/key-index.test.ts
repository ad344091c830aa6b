import { int32, string } from '@saleslake/shared/contract/column';
import { createArena, memory } from '@saleslake/shared/decode/arena';
import { STAGE_ROWS, source } from '@saleslake/shared/decode/kernel-source';
import { createKeyIndex, type KeyIndex } from '@saleslake/shared/decode/key-index';
import { createInt32Column } from '@saleslake/shared/decode/number-column';
import {
  KEYED_ROWS_BYTES,
  createKeyedRows,
  createRowHasher,
} from '@saleslake/shared/decode/row-hash';
import { createTextColumn } from '@saleslake/shared/decode/text-column';
import { below, oneOf, randomOf } from './random-records';

/** A key that repeats, whether its row does too, and the line of the first. */
type Repeated = [string, boolean, number];

const arena = createArena();
const keyColumn = createTextColumn(string({ comment: 'x' }), undefined, arena);
const content = createInt32Column(int32({ comment: 'x' }), arena);
const hashed = createKeyedRows(memory.buffer, arena.allocate(KEYED_ROWS_BYTES));
const hash = createRowHasher([keyColumn.hashed!], [content.hashed!], hashed, arena);

/** Adds texts as keys on lines 1, 2, …; the content of each row is its key's length. */
function addAll(index: KeyIndex, texts: string[], firstLine = 1): Repeated[] {
  const repeated: Repeated[] = [];
  for (let from = 0; from < texts.length; from += STAGE_ROWS) {
    const stage = texts.slice(from, from + STAGE_ROWS);
    source.spare = source.start;
    for (const [row, text] of stage.entries()) {
      keyColumn.set(row, text);
      content.set(row, text.length);
      hashed.lines[row] = firstLine + from + row;
    }
    hash(stage.length);
    hashed.bad.fill(0);
    index.add(stage.length, hashed, (row, same, line) => {
      repeated.push([stage[row]!, same, line]);
    });
  }
  return repeated;
}

/** A row by its hashes, each in two words. */
interface HashedRow {
  key: readonly [number, number];
  whole: readonly [number, number];
  line: number;
  bad?: boolean;
}

const made = createKeyedRows(new ArrayBuffer(KEYED_ROWS_BYTES), 0);

/** Adds rows of given hashes, STAGE_ROWS at most. @returns of which rows the index told. */
function addRows(index: KeyIndex, rows: HashedRow[]): [number, boolean, number][] {
  made.bad.fill(0);
  for (const [i, { key, whole, line, bad = false }] of rows.entries()) {
    made.keys.set(key, i * 2);
    made.whole.set(whole, i * 2);
    made.lines[i] = line;
    made.bad[i] = Number(bad);
  }
  const repeated: [number, boolean, number][] = [];
  index.add(rows.length, made, (...said) => repeated.push(said));
  return repeated;
}

const distinct = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);

describe('the key index', () => {
  it('takes none of many similar keys for another, while it grows', () => {
    const keys = Array.from({ length: 250_000 }, (_, i) => `T-2026-${String(i).padStart(8, '0')}`);
    const index = createKeyIndex();
    expect(addAll(index, keys)).toEqual([]);
    const again = keys.filter((_, i) => i % 50_000 === 7);
    expect(addAll(index, again, 1_000_000)).toEqual(
      again.map((key, i) => [key, true, i * 50_000 + 8]),
    );
  });

  it('still has all keys after it has grown several times', () => {
    const keys = distinct(20_000);
    const index = createKeyIndex();
    addAll(index, keys);
    expect(addAll(index, keys, 100_000)).toEqual(keys.map((key, i) => [key, true, i + 1]));
  });

  it('knows no key any more when it was cleared, of few keys or of many', () => {
    const index = createKeyIndex();
    for (const count of [220_000, 10, 3000]) {
      expect(addAll(index, distinct(count))).toEqual([]);
      expect(addAll(index, ['k7'])).toEqual([['k7', true, 8]]);
      index.clear();
    }
  });

  it.each([
    ['more than a million keys', 1_800_000, true],
    ['fewer', 100_000, false],
  ])('is large where it has had %s', (_, rows, isLarge) => {
    const index = createKeyIndex();
    made.bad.fill(0);
    for (let from = 0; from < rows; from += STAGE_ROWS) {
      for (let i = 0; i < STAGE_ROWS; i++) made.keys[i * 2] = from + i;
      index.add(STAGE_ROWS, made, () => undefined);
    }
    expect(index.isLarge).toBe(isLarge);
  });

  it('finds a key that repeats within the rows that are added together', () => {
    expect(addAll(createKeyIndex(), ['a', 'b', 'a'])).toEqual([['a', true, 1]]);
  });

  it('marks the rows of which it tells as bad, and no others', () => {
    addAll(createKeyIndex(), ['a', 'b', 'a', 'c', 'b']);
    expect([...hashed.bad.subarray(0, 5)]).toEqual([0, 0, 1, 0, 1]);
  });

  it('tells the line of the first row with a key, not of a repeated one', () => {
    const index = createKeyIndex();
    addAll(index, ['x', 'a', 'a']);
    expect(addAll(index, ['a', 'y', 'a'], 4)).toEqual([
      ['a', true, 2],
      ['a', true, 2],
    ]);
  });

  it('tells rows of the same key apart by their contents', () => {
    const rows: HashedRow[] = [
      { key: [0, 0], whole: [0, 0], line: 1 },
      { key: [0, 0], whole: [1, 0], line: 2 },
      { key: [0, 0], whole: [0, 1], line: 3 },
      { key: [0, 0], whole: [0, 0], line: 4 },
    ];
    expect(addRows(createKeyIndex(), rows)).toEqual([
      [1, false, 1],
      [2, false, 1],
      [3, true, 1],
    ]);
  });

  it.each([
    ['the first word', (i: number) => [7, i] as const],
    ['the second word', (i: number) => [i, -7] as const],
    ['all but the top bits of one', (i: number) => [i << 22, 0] as const],
    ['all but the top bits of the other', (i: number) => [0, i << 22] as const],
  ])('tells keys apart whose hashes share %s', (_, keyOf) => {
    const index = createKeyIndex();
    const rows = Array.from({ length: 1000 }, (_, i): HashedRow => {
      return { key: keyOf(i), whole: [0, 0], line: i };
    });
    for (let from = 0; from < rows.length; from += STAGE_ROWS) {
      expect(addRows(index, rows.slice(from, from + STAGE_ROWS))).toEqual([]);
    }
    expect(addRows(index, rows.slice(500, 700))).toEqual(
      rows.slice(500, 700).map(({ line }, i) => [i, true, line]),
    );
  });

  it('leaves out bad rows, and does not find their keys later', () => {
    const index = createKeyIndex();
    const row = (key: number, line: number, bad = false): HashedRow => {
      return { key: [key, key], whole: [key, 0], line, bad };
    };
    expect(addRows(index, [row(1, 1, true), row(2, 2), row(2, 3, true), row(1, 4)])).toEqual([]);
    expect(addRows(index, [row(1, 5), row(2, 6)])).toEqual([
      [0, true, 4],
      [1, true, 2],
    ]);
  });

  it('takes no more rows than it is told to', () => {
    const index = createKeyIndex();
    addRows(index, [
      { key: [1, 1], whole: [0, 0], line: 1 },
      { key: [2, 2], whole: [0, 0], line: 2 },
    ]);
    const other = createKeyIndex();
    other.add(1, made, () => undefined);
    expect(addRows(other, [{ key: [2, 2], whole: [0, 0], line: 3 }])).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])('agrees with a map of keys, seed %i', (seed) => {
    const random = randomOf(seed);
    const word = () =>
      oneOf(random, [0, 1, -1, 1 << 31, below(random, 50), below(random, 2 ** 32)]);
    const index = createKeyIndex();
    let known = new Map<string, { whole: string; line: number }>();
    let line = 0;
    for (let stage = 0; stage < 60; stage++) {
      const rows = Array.from({ length: below(random, STAGE_ROWS + 1) }, (): HashedRow => {
        const whole = [below(random, 2), 0] as const;
        return { key: [word() | 0, word() | 0], whole, line: ++line, bad: random() < 0.2 };
      });
      const expected: [number, boolean, number][] = [];
      for (const [i, row] of rows.entries()) {
        if (row.bad) continue;
        const [key, whole] = [row.key.join(), row.whole.join()];
        const first = known.get(key);
        if (first) expected.push([i, first.whole === whole, first.line]);
        else known.set(key, { whole, line: row.line });
      }
      expect(addRows(index, rows)).toEqual(expected);
      if (random() < 0.05) {
        index.clear();
        known = new Map();
      }
    }
  });
});
