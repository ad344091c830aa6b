import { toJsonLine } from '@saleslake/shared/contract/json-line';
import { validateRow, type Violation } from '@saleslake/shared/contract/validate-row';
import { transactions, type Transaction } from '@saleslake/shared/tables/transactions';

const valid = {
  transaction_id: 't-1',
  timestamp: '2026-03-01T22:15:30.250Z',
  customer_id: 'C00001',
  product_id: 'P0001',
  product_name: 'Desk lamp',
  category: 'Home',
  quantity: 3,
  price: 19.99,
  total_amount: 59.97,
};

const row: Transaction = {
  transaction_id: 't-1',
  timestamp: Date.UTC(2026, 2, 1, 22, 15, 30, 250),
  customer_id: 'C00001',
  product_id: 'P0001',
  product_name: 'Desk lamp',
  category: 'Home',
  quantity: 3,
  price: 1999n,
  total_amount: 5997n,
  hour: 22,
  day_of_week: 6,
};

function violationsOf(record: unknown): Violation[] {
  const result = validateRow(transactions, record);
  return result.ok ? [] : result.violations;
}

describe('validateRow', () => {
  it('reads a valid record into a typed row and computes what is derived', () => {
    expect(validateRow(transactions, valid)).toEqual({ ok: true, row });
  });

  it('reads back the line that toJsonLine writes', () => {
    const line = toJsonLine(transactions, row);
    expect(validateRow(transactions, JSON.parse(line))).toEqual({ ok: true, row });
  });

  it('leaves members out that the contract does not know', () => {
    expect(validateRow(transactions, { ...valid, coupon: 'x' })).toEqual({ ok: true, row });
  });

  it.each([
    ['a price of 1e2', { price: 1e2, total_amount: 300 }],
    ['a price as a string of decimal text', { price: '19.99' }],
    ['a price with zeros beyond its scale', { price: '19.9900' }],
    ['a timestamp with another offset', { timestamp: '2026-03-02T00:15:30.250+02:00' }],
    ['a timestamp with microseconds', { timestamp: '2026-03-01T22:15:30.250999Z' }],
    ['a derived column that agrees', { hour: 22, day_of_week: 6 }],
    ['a partition column that agrees', { year: 2026, month: 3, day: 1 }],
    ['a price of -0', { price: -0, total_amount: 0 }],
  ])('accepts %s', (_name, change) => {
    expect(violationsOf({ ...valid, ...change })).toEqual([]);
  });

  it.each([
    ['quantity', '"12"', 'an int32, at least 1', { quantity: '12' }],
    ['quantity', '1.5', 'an int32, at least 1', { quantity: 1.5 }],
    ['quantity', '2147483648', 'an int32, at least 1', { quantity: 2 ** 31 }],
    ['quantity', '0', 'an int32, at least 1', { quantity: 0, total_amount: 0 }],
    ['price', '1.005', 'a decimal(10,2), at least 0.00', { price: 1.005 }],
    ['price', '-1', 'a decimal(10,2), at least 0.00', { price: -1 }],
    ['price', '"1e2"', 'a decimal(10,2), at least 0.00', { price: '1e2' }],
    ['price', '123456789.01', 'a decimal(10,2), at least 0.00', { price: 123456789.01 }],
    ['total_amount', '59.98', '59.97, which is quantity × price', { total_amount: 59.98 }],
    [
      'timestamp',
      '"2026-03-01T22:15:30"',
      'an ISO 8601 timestamp with an offset',
      { timestamp: '2026-03-01T22:15:30' },
    ],
    [
      'timestamp',
      '"2026-02-29T00:00:00Z"',
      'an ISO 8601 timestamp with an offset',
      { timestamp: '2026-02-29T00:00:00Z' },
    ],
    [
      'timestamp',
      '"1999-01-01T00:00:00Z"',
      'a year from 2015 to 2045, UTC',
      { timestamp: '1999-01-01T00:00:00Z' },
    ],
    ['hour', '23', '22, the hour of timestamp', { hour: 23 }],
    ['day', '2', '1, the day of timestamp', { day: 2 }],
    [
      'customer_id',
      'missing',
      'a string, at least 1 character, at most 64 characters',
      { customer_id: undefined },
    ],
    [
      'category',
      'null',
      'a string, at least 1 character, at most 64 characters',
      { category: null },
    ],
    [
      'category',
      '"\\ud800"',
      'a string, at least 1 character, at most 64 characters',
      { category: '\ud800' },
    ],
  ])('rejects %s of %s, expecting %s', (field, value, expected, change) => {
    expect(violationsOf({ ...valid, ...change })).toEqual([{ field, value, expected }]);
  });

  it.each([
    ['an array', [], '[]'],
    ['a string', 'x', '"x"'],
    ['null', null, 'null'],
  ])('rejects %s as a record', (_name, record, value) => {
    expect(violationsOf(record)).toEqual([{ field: null, value, expected: 'a JSON object' }]);
  });

  it('takes a timestamp of any year where the table has no partitions', () => {
    const unpartitioned = { ...transactions, partitioning: undefined, partitionColumns: {} };
    const record = { ...valid, timestamp: '1969-07-20T20:17:40Z' };
    expect(validateRow(unpartitioned, record)).toMatchObject({ ok: true });
  });

  it('names every field that is wrong', () => {
    const fields = violationsOf({ ...valid, price: 'x', quantity: -1 }).map(({ field }) => field);
    expect(fields).toEqual(['quantity', 'price']);
  });

  it('does not take an inherited member for a value', () => {
    const record = Object.assign(Object.create({ category: 'Home' }) as object, valid, {
      category: undefined,
    });
    expect(violationsOf(record).map(({ field }) => field)).toEqual(['category']);
  });
});
