import { string } from '@saleslake/shared/contract/column';
import { defineTable, type TableContract } from '@saleslake/shared/contract/table-contract';
import { RECORD_BYTES } from '@saleslake/shared/decode/byte-source';
import { transactions } from '@saleslake/shared/tables/transactions';
import { decode, sale } from './decoding';

// Of the size of a record only RECORD_BYTES is a limit: what is in it must not take up the memory in
// which objects are decoded.

// eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source of what is there
async function* linesOf(records: Iterable<string>): AsyncGenerator<Uint8Array> {
  for (const record of records) yield Buffer.from(`${record}\n`);
}

/** How many records of an object with these are good. */
async function goodOf(records: Iterable<string>, table: TableContract): Promise<number> {
  const counts = await decode(linesOf(records), table, {
    decoder: 'fast',
    onRows: () => undefined,
  });
  return counts.good;
}

function createVariousTable(texts: number): TableContract {
  const names = ['id', ...textNames(texts)];
  return defineTable({
    name: 'various',
    version: 1,
    comment: 'x',
    columns: Object.fromEntries(names.map((name) => [name, string({ comment: 'x' })])),
    key: ['id'],
    partitioning: undefined,
  });
}

function textNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `text_${i}`);
}

/** Each text twice, so that a column never shows that its texts hardly repeat. */
function* variousRecords(rows: number, bytes: number, texts: number): Generator<string> {
  for (let i = 0; i < rows; i++) {
    const text = String(i >> 1).padStart(bytes, 'x');
    const members = textNames(texts).map((name) => `"${name}":"${text}"`);
    yield `{"id":"${i}",${members.join(',')}}`;
  }
}

describe('the memory of the decoder', () => {
  it('has room for texts of any size in each of several columns', async () => {
    const text = () => string({ comment: 'x' });
    const names = ['a', 'b', 'c', 'd'] as const;
    const table = defineTable({
      name: 'large',
      version: 1,
      comment: 'x',
      columns: { id: text(), a: text(), b: text(), c: text(), d: text() },
      key: ['id'],
      partitioning: undefined,
    });
    const large = 'x'.repeat(RECORD_BYTES - 100);
    function* records() {
      const small = 'x'.repeat(500);
      yield JSON.stringify({ id: 'first', a: small, b: small, c: small, d: small });
      for (const name of names)
        yield JSON.stringify({ id: name, a: '', b: '', c: '', d: '', [name]: large });
    }
    expect(await goodOf(records(), table)).toBe(5);
  });

  it.each([5, 6, 9, 20])('has room for the texts that are kept of %i columns', async (texts) => {
    const records = variousRecords(68_000, 30, texts);
    expect(await goodOf(records, createVariousTable(texts))).toBe(68_000);
  });

  it('has as much room where other tables were decoded before', async () => {
    const rows = 24_000;
    for (let i = 0; i < 6; i++) {
      expect(await goodOf(variousRecords(rows, 20, 5), createVariousTable(5))).toBe(rows);
    }
    expect(await goodOf(variousRecords(68_000, 30, 5), createVariousTable(5))).toBe(68_000);
  });

  it('has room for the longest text where other tables were decoded before', async () => {
    for (let i = 0; i < 6; i++) {
      expect(await goodOf(variousRecords(24_000, 20, 5), createVariousTable(5))).toBe(24_000);
    }
    const long = 'x'.repeat(RECORD_BYTES - 100);
    function* records() {
      yield* variousRecords(3000, 300, 2);
      yield `{"id":"a","text_0":"${long}","text_1":""}`;
      yield `{"id":"b","text_0":"","text_1":"${long}"}`;
      yield `{"id":"c","text_0":"${long}","text_1":""}`;
    }
    expect(await goodOf(records(), createVariousTable(2))).toBe(3003);
  });

  it('has room for a key of any length', async () => {
    for (const length of [1000, 100_000, 1_000_000, RECORD_BYTES / 2]) {
      const record = sale('a', { ['x'.repeat(length)]: 1 });
      expect(await goodOf([record, sale('b')], transactions)).toBe(2);
    }
  });

  it('has room for several layouts with keys of any length', async () => {
    function* records() {
      for (let i = 0; i < 64; i++) {
        // What has an escape in it is missed by all layouts, so that another is learned.
        if (![0, 2, 6, 14, 30, 62].includes(i)) yield sale(`k${i}`, { product_name: '12" record' });
        else yield sale(`k${i}`, { [`${i}${'x'.repeat(RECORD_BYTES / 2)}`]: 1 });
      }
    }
    expect(await goodOf(records(), transactions)).toBe(64);
  });

  it('has room for a layout with any number of members', async () => {
    const members = Array.from({ length: 800_000 }, (_, i) => `,"_${i.toString(36)}":0`).join('');
    const record = sale('a').replace(/}$/, `${members}}`);
    expect(record.length).toBeLessThan(RECORD_BYTES);
    expect(await goodOf([record, sale('b')], transactions)).toBe(2);
  });
});
