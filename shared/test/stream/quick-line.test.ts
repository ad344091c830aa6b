import fc from 'fast-check';
import {
  decimal,
  nullable,
  partOf,
  string,
  timestamp,
  type Column,
} from '../../src/contract/column';
import { defineTable } from '../../src/contract/table-contract';
import { validateRow } from '../../src/contract/validate-row';
import { deliveredLine, type StreamedContract } from '../../src/stream/delivered-line';
import { createQuickLine } from '../../src/stream/quick-line';
import { orderEvents } from '../../src/tables/order-events';
import { transactions } from '../../src/tables/transactions';

const comment = 'A column.';

/** A table with what the lake's own tables have not: bounds, nulls and scales of other kinds. */
const peculiar = defineTable({
  name: 'peculiar',
  version: 1,
  comment: 'A table.',
  columns: {
    at: timestamp({ comment }),
    day_of_week: partOf('at', 'dayOfWeek', { comment }),
    text: nullable(string({ maxLength: 3, comment })),
    whole: decimal(18, 0, { minimum: -5n, maximum: 10n ** 16n, comment }),
    fine: decimal(20, 4, { comment }),
  },
  key: ['at'],
  partitioning: { column: 'at', firstYear: 2020, lastYear: 2030 },
});

const interestingNumbers = fc.oneof(
  fc.integer({ min: -10, max: 100 }),
  fc.integer({ min: -1000, max: 10_000_000 }).map((cents) => cents / 100),
  fc.double(),
  fc.constantFrom(-0, 0.1 + 0.2, 1e-7, 1e21, 2 ** 31, 99999999.99, 1e8, 999999999999999, 1e15),
);
const interestingTexts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  interestingNumbers.map(String),
  fc.constantFrom('INSERT', '1.50', '01.5', '1.', '+1', '1e2', ' 1', '\ud800', '"\\', '123'),
);
const interestingTimes = fc.oneof(
  fc
    .date({ min: new Date('2013-01-01'), max: new Date('2047-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  fc.constantFrom(
    '2026-02-28T23:59:59Z',
    '2026-02-29T00:00:00Z',
    '2026-02-28T24:00:00Z',
    '2026-02-28T00:00:00.5Z',
    '2026-02-28 00:00:00Z',
    '2026-02-28T00:00:00+01:00',
    '2026-02-28T00:00:60Z',
  ),
);

function valueOf({ type }: Column): fc.Arbitrary<unknown> {
  const ordinary = {
    string: interestingTexts,
    int32: interestingNumbers,
    decimal: fc.oneof(interestingNumbers, interestingTexts),
    timestamp: interestingTimes,
    date: interestingTexts,
  }[type.kind];
  return fc.oneof(
    { weight: 12, arbitrary: ordinary as fc.Arbitrary<unknown> },
    { weight: 1, arbitrary: fc.constantFrom(undefined, null, true, {}, []) },
  );
}

/** A valid record in which a few members are something else. */
function recordsOf(contract: StreamedContract, valid: object) {
  const given = Object.entries(contract.columns).map(([name, column]) => [
    name,
    column.derivedFrom ? fc.constantFrom(undefined, undefined, null, 3, 23) : valueOf(column),
  ]);
  const partition = [['month', fc.constantFrom(undefined, undefined, undefined, 2)]];
  const members = Object.fromEntries([...given, ...partition]) as Record<
    string,
    fc.Arbitrary<unknown>
  >;
  const changed = fc.subarray(Object.keys(members), { maxLength: 2 });
  return fc.tuple(fc.record(members), changed).map(([others, names]) => ({
    ...valid,
    ...Object.fromEntries(names.map((name) => [name, others[name]])),
  }));
}

const sale = {
  transaction_id: 't-1',
  timestamp: '2026-03-01T22:15:30.250Z',
  customer_id: 'C00001',
  product_id: 'P0001',
  product_name: 'Caf\u00e9 \ud83d\ude00',
  category: 'Home',
  quantity: 3,
  price: 19.99,
  total_amount: '59.97',
  hour: 22,
};
const change = {
  order_id: '921',
  product_name: 'Laptop',
  quantity: 1,
  price: '146.37',
  event_type: 'INSERT',
  event_time: '2025-07-10T14:43:11.000Z',
  sequence_number: '149600003405850623541670',
};
const strange = {
  at: '2025-07-10T14:43:11.000Z',
  text: 'abc',
  whole: 5,
  fine: 1.25,
};

describe('a quick line', () => {
  it.each<[string, StreamedContract, object]>([
    ['transactions', transactions, sale],
    ['order_events', orderEvents, change],
    ['a peculiar table', peculiar, strange],
  ])('is what the plain way delivers, where it is made at all: %s', (_name, contract, valid) => {
    const quickLine = createQuickLine(contract);
    let made = 0;
    fc.assert(
      fc.property(recordsOf(contract, valid), (record) => {
        const json = JSON.stringify(record);
        const value = JSON.parse(json) as Record<string, unknown>;
        const quick = quickLine(value, json.includes('\\'));
        if (!quick) return;
        made += 1;
        const validation = validateRow(contract, value);
        expect(validation).toMatchObject({ ok: true });
        if (validation.ok) expect(quick).toEqual(deliveredLine(contract, validation.row));
      }),
      { seed: 1, numRuns: 2000 },
    );
    expect(made).toBeGreaterThan(600);
  });

  it('is not made where a part of a timestamp stands before it', () => {
    const early = defineTable({
      name: 'early',
      version: 1,
      comment: 'A table.',
      columns: { hour: partOf('at', 'hour', { comment }), at: timestamp({ comment }) },
      key: ['at'],
      partitioning: { column: 'at', firstYear: 2020, lastYear: 2030 },
    });
    expect(createQuickLine(early)({ at: '2025-07-10T14:43:11Z' }, false)).toBeUndefined();
  });

  it.each([
    ['an ordinary record', sale],
    ['one with a time to the second', { ...sale, timestamp: '2026-03-01T22:15:30Z' }],
    ['one with a character to be escaped', { ...sale, category: 'a"b\\c\n' }],
  ])('is made of %s', (_name, record) => {
    const validation = validateRow(transactions, record);
    if (!validation.ok) throw new Error('The record is not valid.');
    expect(createQuickLine(transactions)(record, true)).toEqual(
      deliveredLine(transactions, validation.row),
    );
  });
});
