import fc from 'fast-check';
import { formatDate } from '@saleslake/shared/contract/timestamp';
import { parseRawKey, rawKey } from '@saleslake/shared/lake/raw-keys';

describe('rawKey', () => {
  it('puts an object under its table and its day', () => {
    expect(rawKey('transactions', '2026-03-01', 'tick-1')).toBe(
      'raw/transactions/date=2026-03-01/tick-1.json',
    );
  });

  it.each([
    ['a day that the calendar does not have', 'transactions', '2026-02-30', 'a'],
    ['a day with a time', 'transactions', '2026-02-28T00:00:00Z', 'a'],
    ['a table that is no name', 'Trans/actions', '2026-02-28', 'a'],
    ['an empty table', '', '2026-02-28', 'a'],
    ['an empty id', 'transactions', '2026-02-28', ''],
    ['an id with a slash', 'transactions', '2026-02-28', 'a/b'],
  ])('refuses %s', (_what, table, date, id) => {
    expect(() => rawKey(table, date, id)).toThrow(RangeError);
  });

  it('is read back by parseRawKey, whatever the table, day and id', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9_]+$/),
        fc.integer({ min: 16_436, max: 27_758 }).map(formatDate),
        fc.stringMatching(/^[A-Za-z0-9._-]+$/),
        (table, date, id) => {
          const expected = { table, date, id, extension: 'json' };
          expect(parseRawKey(rawKey(table, date, id))).toEqual(expected);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('parseRawKey', () => {
  it.each([
    ['raw/transactions/my file.json.gz', { id: 'my file', extension: 'json.gz' }],
    ['raw/transactions/Export.CSV', { id: 'Export', extension: 'CSV' }],
    ['raw/transactions/v1.2.csv', { id: 'v1.2', extension: 'csv' }],
    ['raw/transactions/2026/03/a.json', { id: '2026/03/a', extension: 'json' }],
    ['raw/transactions/v1.2/part-0', { id: 'v1.2/part-0', extension: '' }],
    ['raw/transactions/.hidden', { id: '.hidden', extension: '' }],
    ['raw/transactions/a/.hidden', { id: 'a/.hidden', extension: '' }],
    ['raw/transactions/Mr. Smith', { id: 'Mr. Smith', extension: '' }],
    ['raw/transactions/date=today/a.json', { id: 'date=today/a', extension: 'json' }],
    ['raw/transactions/date=2026-02-30/a.json', { id: 'date=2026-02-30/a', extension: 'json' }],
    ['raw/transactions/date=2026-03-01', { id: 'date=2026-03-01', extension: '' }],
    ['raw/transactions/a\nb.json', { id: 'a\nb', extension: 'json' }],
  ])('reads %j, which has no day', (key, expected) => {
    expect(parseRawKey(key)).toEqual({ table: 'transactions', ...expected });
  });

  it('reads a key in a folder of its day', () => {
    expect(parseRawKey('raw/orders/date=2026-03-01/shop 7/a.json')).toEqual({
      table: 'orders',
      date: '2026-03-01',
      id: 'shop 7/a',
      extension: 'json',
    });
  });

  it.each([
    'raw/a.json',
    'raw/transactions/',
    'raw/transactions/date=2026-03-01/',
    'raw//a.json',
    'processed/transactions/a.parquet',
    'other/raw/transactions/a.json',
    '',
  ])('takes %j for no object of the raw zone', (key) => {
    expect(parseRawKey(key)).toBeUndefined();
  });
});
