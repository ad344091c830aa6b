import { createRowBuffer } from '@saleslake/shared/parquet/row-buffer';
import { everyType, everyTypeRow, everyTypeRows, toBatch } from './support';

function column(rowCount: number, name: string) {
  const index = Object.keys(everyType.columns).indexOf(name);
  return toBatch(everyType, everyTypeRows(rowCount)).columns[index]!;
}

describe('createRowBuffer', () => {
  it('counts its rows, and is empty after it was taken', () => {
    const buffer = createRowBuffer(everyType);
    buffer.append(everyTypeRow(1));
    expect(buffer.rowCount).toBe(1);
    expect(buffer.byteSize).toBeGreaterThan(100);
    expect(buffer.take().rowCount).toBe(1);
    expect(buffer).toMatchObject({ rowCount: 0, byteSize: 0 });
    expect(buffer.take().rowCount).toBe(0);
  });

  it('gives a string column that repeats a dictionary in order of appearance', () => {
    const vector = column(100, 'maybe_id');
    expect(vector.kind).toBe('dictionary');
    if (vector.kind !== 'dictionary') return;
    const { bytes, offsets } = vector.dictionary;
    expect(Buffer.from(bytes.subarray(0, offsets[1])).toString()).toBe('Käufer 🛒 0');
    expect(offsets.length - 1).toBe(10); // nine words, and the empty one in place of null
  });

  it('gives a string column that does not repeat its text', () => {
    expect(column(100, 'id').kind).toBe('utf8');
  });

  it('marks nulls in a byte a row, and only where there are any', () => {
    expect([...column(6, 'maybe_small').validity!]).toEqual([0, 1, 1, 1, 1, 0]);
    expect(column(6, 'small').validity).toBeUndefined();
  });

  it('holds decimals of up to 15 digits as doubles and longer ones as bigints', () => {
    expect(column(3, 'medium').kind).toBe('int64');
    expect(column(3, 'large').kind).toBe('bigint');
  });

  it('refuses null where the column is required', () => {
    const row = { ...everyTypeRow(1), small: null as unknown as bigint };
    expect(() => toBatch(everyType, [row])).toThrow('Column small is required, but has nulls');
  });
});
