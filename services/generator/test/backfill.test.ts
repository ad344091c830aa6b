import fc from 'fast-check';
import { formatDate } from '@saleslake/shared/contract/timestamp';
import { validateRow } from '@saleslake/shared/contract/validate-row';
import { parseRawKey } from '@saleslake/shared/lake/raw-keys';
import { transactions, type Transaction } from '@saleslake/shared/tables/transactions';
import { backfillObjects } from '../src/backfill';
import type { RawObject } from '../src/raw-object';
import type { Period } from '../src/rhythm';
import { openShop } from '../src/shop';
import { tickObject } from '../src/tick';

const DAY_MS = 86_400_000;
const shop = openShop('saleslake');
const MARCH: Period = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1) };

const periods = fc
  .tuple(
    fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2045, 0) }),
    fc.integer({ min: 1, max: 20 * DAY_MS }),
  )
  .map(([from, length]): Period => ({ from, to: from + length }));
const counts = fc.integer({ min: 1, max: 200 });

function rowsOf({ lines }: RawObject): Transaction[] {
  return [...lines()].map((line) => {
    const validation = validateRow(transactions, JSON.parse(line));
    if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
    return validation.row;
  });
}

function keysOf(objects: RawObject[]): string[] {
  return objects.map(({ key }) => key);
}

describe('backfillObjects', () => {
  it('makes exactly as many valid transactions as asked for, whatever the period', () => {
    fc.assert(
      fc.property(periods, counts, (period, count) => {
        const objects = backfillObjects(shop, period, count);
        expect(objects.flatMap(rowsOf)).toHaveLength(count);
        expect(objects.reduce((sum, { transactions }) => sum + transactions, 0)).toBe(count);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  it('puts each, in order, into the period and the day of its key', () => {
    fc.assert(
      fc.property(periods, counts, (period, count) => {
        let previous = period.from;
        for (const object of backfillObjects(shop, period, count)) {
          const date = parseRawKey(object.key)?.date;
          for (const { timestamp } of rowsOf(object)) {
            expect(formatDate(Math.floor(timestamp / DAY_MS))).toBe(date);
            expect(timestamp).toBeGreaterThanOrEqual(previous);
            expect(timestamp).toBeLessThan(period.to);
            previous = timestamp;
          }
        }
      }),
      { seed: 2, numRuns: 50 },
    );
  });

  it('makes one object a day, each with a key of that day', () => {
    const dates = backfillObjects(shop, MARCH, 10_000).map(({ key }) => parseRawKey(key)?.date);
    expect(dates).toEqual(
      Array.from({ length: 31 }, (_, day) => formatDate(MARCH.from / DAY_MS + day)),
    );
  });

  it('makes no object for a day that gets no transaction', () => {
    const objects = backfillObjects(shop, MARCH, 3);
    expect(objects.map(({ transactions }) => transactions)).toEqual([1, 1, 1]);
  });

  it('gives the days of a weekend more than the days before', () => {
    const week = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 9) };
    const counts = backfillObjects(shop, week, 7000).map(({ transactions }) => transactions);
    expect(Math.min(...counts.slice(4))).toBeGreaterThan(Math.max(...counts.slice(0, 4)));
  });

  it('gives a day that is cut its share of the hours that are left', () => {
    const evening = { from: Date.UTC(2026, 2, 2, 18), to: Date.UTC(2026, 2, 4) };
    const [cut = 0, whole = 0] = backfillObjects(shop, evening, 1000).map((o) => o.transactions);
    expect(cut).toBeGreaterThan(0.3 * whole);
    expect(cut).toBeLessThan(0.6 * whole);
  });

  it('is the same, keys and lines, for the same seed, period and count', () => {
    const all = (objects: RawObject[]) => objects.map(({ key, lines }) => [key, [...lines()]]);
    const again = backfillObjects(openShop('saleslake'), MARCH, 500);
    expect(all(again)).toEqual(all(backfillObjects(shop, MARCH, 500)));
  });

  it('overwrites the same keys with another count', () => {
    const [some, more] = [backfillObjects(shop, MARCH, 500), backfillObjects(shop, MARCH, 900)];
    expect(keysOf(more)).toEqual(keysOf(some));
  });

  it.each([
    ['seed', openShop('other'), MARCH],
    ['start', shop, { from: MARCH.from - 1, to: MARCH.to }],
    ['end', shop, { from: MARCH.from, to: MARCH.to + 1 }],
  ])('shares no key and no id with a backfill of another %s', (_what, otherShop, period) => {
    const [one, other] = [
      backfillObjects(shop, MARCH, 500),
      backfillObjects(otherShop, period, 500),
    ];
    const ids = [...one, ...other].flatMap(rowsOf).map((row) => row.transaction_id);
    expect(new Set(ids).size).toBe(1000);
    expect(keysOf(one).filter((key) => keysOf(other).includes(key))).toEqual([]);
  });

  it('shares no id among its days, nor with a tick', () => {
    const objects = [...backfillObjects(shop, MARCH, 5000), tickObject(shop, MARCH.to, 100)];
    const ids = objects.flatMap(rowsOf).map((row) => row.transaction_id);
    expect(new Set(ids).size).toBe(5100);
  });
});
