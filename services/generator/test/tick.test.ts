import fc from 'fast-check';
import { validateRow } from '@saleslake/shared/contract/validate-row';
import { parseRawKey } from '@saleslake/shared/lake/raw-keys';
import { transactions } from '@saleslake/shared/tables/transactions';
import { openShop } from '../src/shop';
import { tickObject } from '../src/tick';

const shop = openShop('saleslake');
const TIME = Date.UTC(2026, 2, 1, 18, 5);

const times = fc
  .integer({ min: Date.UTC(2015, 0, 2), max: Date.UTC(2045, 11, 31) })
  .map((ms) => ms - (ms % 1000));

function rowsOf(lines: Iterable<string>) {
  return [...lines].map((line) => {
    const validation = validateRow(transactions, JSON.parse(line));
    if (!validation.ok) throw new Error(JSON.stringify(validation.violations));
    return validation.row;
  });
}

describe('tickObject', () => {
  it('has a key of the day of its time, with that time in it', () => {
    expect(tickObject(shop, TIME, 10).key).toMatch(
      /^raw\/transactions\/date=2026-03-01\/tick-20260301T180500Z-[0-9a-f]{16}\.json$/,
    );
  });

  it('makes exactly as many valid transactions as asked for', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 300 }), (time, count) => {
        const object = tickObject(shop, time, count);
        expect(rowsOf(object.lines())).toHaveLength(count);
        expect(object.transactions).toBe(count);
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('puts them, in order, into the five minutes before its time', () => {
    fc.assert(
      fc.property(times, (time) => {
        let previous = time - 300_000;
        for (const { timestamp } of rowsOf(tickObject(shop, time, 50).lines())) {
          expect(timestamp).toBeGreaterThanOrEqual(previous);
          expect(timestamp).toBeLessThan(time);
          previous = timestamp;
        }
      }),
      { seed: 2, numRuns: 30 },
    );
  });

  it('puts them into another interval where asked to', () => {
    const rows = rowsOf(tickObject(shop, TIME, 500, 3_600_000).lines());
    const earliest = Math.min(...rows.map(({ timestamp }) => timestamp));
    expect(earliest).toBeGreaterThanOrEqual(TIME - 3_600_000);
    expect(earliest).toBeLessThan(TIME - 3_000_000);
  });

  it('is of the day of its time where it spans midnight', () => {
    const midnight = Date.UTC(2026, 2, 2, 0, 1);
    const object = tickObject(shop, midnight, 100);
    const days = rowsOf(object.lines()).map(({ timestamp }) => new Date(timestamp).getUTCDate());
    expect(parseRawKey(object.key)?.date).toBe('2026-03-02');
    expect(new Set(days)).toEqual(new Set([1, 2]));
  });

  it('is the same, key and lines, for the same seed and time', () => {
    const [once, again] = [tickObject(shop, TIME, 50), tickObject(openShop('saleslake'), TIME, 50)];
    expect(again.key).toBe(once.key);
    expect([...again.lines()]).toEqual([...once.lines()]);
  });

  it('gives the same lines each time they are asked for', () => {
    const object = tickObject(shop, TIME, 50);
    expect([...object.lines()]).toEqual([...object.lines()]);
  });

  it('is another object with another seed', () => {
    const [one, other] = [tickObject(shop, TIME, 50), tickObject(openShop('other'), TIME, 50)];
    expect(other.key).not.toBe(one.key);
    expect([...other.lines()]).not.toEqual([...one.lines()]);
  });

  it('shares no key and no id with any other tick of a day', () => {
    const ticks = Array.from({ length: 288 }, (_, index) =>
      tickObject(shop, TIME + index * 300_000, 20),
    );
    const ids = ticks.flatMap(({ lines }) => rowsOf(lines()).map((row) => row.transaction_id));
    expect(new Set(ticks.map(({ key }) => key)).size).toBe(288);
    expect(new Set(ids).size).toBe(288 * 20);
  });
});
