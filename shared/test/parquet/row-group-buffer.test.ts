import type { ColumnBatch } from '@saleslake/shared/parquet/column-batch';
import { createRowGroupBuffer } from '@saleslake/shared/parquet/row-group-buffer';
import { everyType, everyTypeRows, toBatch, valuesOf } from './support';

function regroup(rowGroupRows: number, batches: ColumnBatch[]): unknown[][][] {
  const buffer = createRowGroupBuffer(everyType, rowGroupRows);
  const groups: unknown[][][] = [];
  for (const batch of batches) {
    for (const group of buffer.add(batch)) groups.push(valuesOf(group));
  }
  const rest = buffer.rest();
  if (rest) groups.push(valuesOf(rest));
  return groups;
}

const rows = everyTypeRows(100);
/** All rows, column by column, whatever their groups. */
function joined(groups: unknown[][][]): unknown[][] {
  return Object.keys(everyType.columns).map((_, i) => groups.flatMap((group) => group[i]!));
}

describe('createRowGroupBuffer', () => {
  it.each([
    [1, [1, 3, 7, 13]],
    [10, [1, 3, 7, 13]],
    [33, [40, 2, 30]],
    [50, [50]],
    [100, [5]],
    [1000, [9]],
    [1000, [1]],
  ])(
    'makes row groups of up to %i rows, and at least half, of batches of %p rows',
    (rowGroupRows, sizes) => {
      const batches: ColumnBatch[] = [];
      for (let start = 0; start < rows.length;) {
        const size = sizes[batches.length % sizes.length]!;
        batches.push(toBatch(everyType, rows.slice(start, start + size)));
        start += size;
      }
      const groups = regroup(rowGroupRows, batches);
      expect(joined(groups)).toEqual(valuesOf(toBatch(everyType, rows)));
      const sizesOut = groups.map((group) => group[0]!.length);
      expect(Math.max(...sizesOut)).toBeLessThanOrEqual(rowGroupRows);
      expect(Math.min(...sizesOut.slice(0, -1), Infinity)).toBeGreaterThanOrEqual(rowGroupRows / 2);
    },
  );

  it('copies what it keeps but dictionaries, so that a batch may be overwritten', () => {
    const buffer = createRowGroupBuffer(everyType, 200);
    const batch = toBatch(everyType, rows);
    expect([...buffer.add({ ...batch, rowCount: 50 })]).toEqual([]);
    for (const vector of batch.columns) {
      if (vector.kind === 'int32' || vector.kind === 'int64') vector.values.fill(0);
      if (vector.kind === 'utf8') vector.values.bytes.fill(0);
      if (vector.kind === 'dictionary') vector.codes.fill(0);
      vector.validity?.fill(0);
    }
    expect(valuesOf(buffer.rest()!)).toEqual(valuesOf(toBatch(everyType, rows.slice(0, 50))));
  });

  it('copies nothing of the last batch where it holds nothing', () => {
    const batch = toBatch(everyType, rows);
    const buffer = createRowGroupBuffer(everyType, 1000);
    expect([...buffer.add(batch, true)][0]).toBe(batch);
    expect(buffer.byteSize).toBe(0);
    expect(buffer.rest()).toBeUndefined();
  });

  it.each([
    [1000, [100]],
    [80, [80, 20]],
    [60, [60, 40]],
  ])('holds nothing behind the last batch, with row groups of %i rows', (rowGroupRows, sizes) => {
    const buffer = createRowGroupBuffer(everyType, rowGroupRows);
    const [held, last] = [rows.slice(0, 20), rows.slice(20)].map((some) =>
      toBatch(everyType, some),
    );
    expect([...buffer.add(held!)]).toEqual([]);
    // Each is good until the next is asked for.
    const groups = Array.from(buffer.add(last!, true), valuesOf);
    expect(groups.map((group) => group[0]!.length)).toEqual(sizes);
    expect(joined(groups)).toEqual(valuesOf(toBatch(everyType, rows)));
    expect(buffer.rest()).toBeUndefined();
  });

  it('loses nothing where more comes behind the last batch', () => {
    const buffer = createRowGroupBuffer(everyType, 1000);
    const groups = [40, 60].flatMap((end) => {
      const batch = toBatch(everyType, rows.slice(end === 40 ? 0 : 40, end));
      return Array.from(buffer.add(batch, end === 40), valuesOf);
    });
    const rest = buffer.rest();
    expect(joined([...groups, valuesOf(rest!)])).toEqual(
      valuesOf(toBatch(everyType, rows.slice(0, 60))),
    );
  });

  it('keeps nulls empty when a column turns from a dictionary to text', () => {
    const words = (count: number) =>
      rows.slice(0, 40).map((row, i) => ({ ...row, maybe_id: i === 3 ? null : `w${i % count}` }));
    const batches = [words(2), words(40)].map((some) => toBatch(everyType, some));
    const buffer = createRowGroupBuffer(everyType, 1000);
    for (const batch of batches) expect([...buffer.add(batch)]).toEqual([]);
    const vector = buffer.rest()!.columns[8]!;
    if (vector.kind !== 'utf8') throw new TypeError(vector.kind);
    const { bytes, offsets } = vector.values;
    const texts = Array.from({ length: 80 }, (_, i) =>
      Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString(),
    );
    expect(texts).toEqual([...words(2), ...words(40)].map(({ maybe_id: word }) => word ?? ''));
    expect(vector.validity?.[43]).toBe(0);
  });

  it('puts the words of several batches into one dictionary, from the first batch on', () => {
    const some = (words: string[]) =>
      rows.slice(0, 40).map((row, i) => ({ ...row, maybe_id: words[i % words.length]! }));
    const batches = [some(['a', 'b', 'c']), some(['d', 'c', 'a']), some(['b', 'e', 'd'])];
    const buffer = createRowGroupBuffer(everyType, 1000);
    // Of the first batch's words, `c` is not used.
    const first = toBatch(everyType, batches[0]!);
    const vector = first.columns[8]!;
    if (vector.kind !== 'dictionary') throw new TypeError(vector.kind);
    vector.codes.forEach((code, i) => (vector.codes[i] = Math.min(code, 1)));
    for (const batch of [first, ...batches.slice(1).map((others) => toBatch(everyType, others))]) {
      expect([...buffer.add(batch)]).toEqual([]);
    }
    const merged = buffer.rest()!;
    expect(merged.columns[8]!.kind).toBe('dictionary');
    const expected = batches.flat().map(({ maybe_id: word }) => word);
    for (let i = 2; i < 40; i += 3) expected[i] = 'b';
    expect(valuesOf(merged)[8]).toEqual(expected);
    // And it begins anew.
    expect([...buffer.add(toBatch(everyType, batches[2]!))]).toEqual([]);
    expect(valuesOf(buffer.rest()!)[8]).toEqual(batches[2]!.map(({ maybe_id: word }) => word));
  });

  it('keeps the codes of dictionaries of which each begins with the one before', () => {
    const buffer = createRowGroupBuffer(everyType, 1000);
    const words = ['a', 'b', 'c', 'd'];
    for (const known of [2, 2, 4]) {
      const some = rows.slice(0, 40).map((row, i) => ({ ...row, maybe_id: words[i % known]! }));
      const batch = toBatch(everyType, some);
      expect([...buffer.add(batch)]).toEqual([]);
    }
    const vector = buffer.rest()!.columns[8]!;
    if (vector.kind !== 'dictionary') throw new TypeError(vector.kind);
    expect(Buffer.from(vector.dictionary.bytes).toString()).toBe('abcd');
    expect([...vector.codes]).toEqual(
      [2, 2, 4].flatMap((known) => Array.from({ length: 40 }, (_, i) => i % known)),
    );
  });

  it('keeps a dictionary when a few rows come as text, nulls among them', () => {
    const withWords = rows.slice(0, 40).map((row, i) => ({ ...row, maybe_id: `w${i % 4}` }));
    const withTexts = rows
      .slice(0, 3)
      .map((row, i) => ({ ...row, maybe_id: i ? `w${i + 2}` : null }));
    const buffer = createRowGroupBuffer(everyType, 1000);
    for (const some of [withWords, withTexts, withWords]) {
      expect([...buffer.add(toBatch(everyType, some))]).toEqual([]);
    }
    const merged = buffer.rest()!;
    expect(merged.columns[8]!.kind).toBe('dictionary');
    expect(valuesOf(merged)[8]).toEqual(
      [...withWords, ...withTexts, ...withWords].map((row) => row.maybe_id),
    );
  });

  it('does not copy a dictionary, which batches may share', () => {
    const buffer = createRowGroupBuffer(everyType, 1000);
    const batch = toBatch(
      everyType,
      rows.map((row) => ({ ...row, maybe_id: row.maybe_id && 'one' })),
    );
    for (let i = 0; i < 2; i++) expect([...buffer.add(batch)]).toEqual([]);
    const [given, kept] = [batch, buffer.rest()!].map(({ columns }) => columns[8]!);
    if (given?.kind !== 'dictionary' || kept?.kind !== 'dictionary')
      throw new TypeError(kept?.kind);
    expect(kept.dictionary).toBe(given.dictionary);
  });

  it('does not copy rows that are enough for a row group', () => {
    const batch = toBatch(everyType, rows);
    expect([...createRowGroupBuffer(everyType, 100).add(batch)]).toEqual([batch]);
    expect([...createRowGroupBuffer(everyType, 150).add(batch)][0]).toBe(batch);
  });

  it('says how much it holds', () => {
    const buffer = createRowGroupBuffer(everyType, 1000);
    expect(buffer.byteSize).toBe(0);
    expect([...buffer.add(toBatch(everyType, rows))]).toEqual([]);
    expect(buffer.rowCount).toBe(100);
    expect(buffer.byteSize).toBeGreaterThan(100 * 60);
  });

  it('names the column that is not as the contract has it', () => {
    const buffer = createRowGroupBuffer(everyType, 10);
    const batch = toBatch(everyType, rows);
    const columns = batch.columns.with(1, batch.columns[0]!);
    expect(() => [...buffer.add({ ...batch, columns })]).toThrow('Column at is utf8, not int64');
    expect(() => [...buffer.add({ ...batch, columns: [] })]).toThrow('0 columns, the contract 16');
  });

  it('refuses nulls in a required column', () => {
    const buffer = createRowGroupBuffer(everyType, 10);
    const batch = toBatch(everyType, rows);
    batch.columns[3]!.validity = new Uint8Array(100);
    expect(() => [...buffer.add(batch)]).toThrow('Column count is required, but has nulls');
  });
});
