import { createDayGrouper } from '@saleslake/shared/decode/day-groups';
import fc from 'fast-check';

/** The days of each group, with their rows in order. */
function group(days: number[], groupRows?: number): { day: number; rows: number[] }[][] {
  const groups = createDayGrouper(groupRows)(Int32Array.from(days), days.length);
  return Array.from(groups, ({ ranges, order }) => {
    const ordered: number[] = [];
    if (order) order.rows.forEach((row, i) => (ordered[order.places[i]!] = row));
    else ordered.push(...days.keys());
    return ranges.map(({ day, start, end }) => ({ day, rows: ordered.slice(start, end) }));
  });
}

describe('createDayGrouper', () => {
  it('tells the rows of each day, in the order of the days', () => {
    expect(group([20_000, -3, 20_000])).toEqual([
      [
        { day: -3, rows: [1] },
        { day: 20_000, rows: [0, 2] },
      ],
    ]);
  });

  it('moves nothing where the days are in order', () => {
    const [all] = createDayGrouper()(Int32Array.of(7, 7, 8, 10), 4);
    expect(all).toEqual({
      ranges: [
        { day: 7, start: 0, end: 2 },
        { day: 8, start: 2, end: 3 },
        { day: 10, start: 3, end: 4 },
      ],
    });
  });

  it('puts days together until there are enough rows', () => {
    const days = group([4, 3, 2, 1, 1, 5], 2).map((some) => some.map(({ day }) => day));
    expect(days).toEqual([[1], [2, 3], [4, 5]]);
  });

  it('looks at no more rows than it is told of', () => {
    const [all] = createDayGrouper()(Int32Array.of(7, 6, 5), 1);
    expect(all).toEqual({ ranges: [{ day: 7, start: 0, end: 1 }] });
  });

  it('has each row once, those of a day in their order, whatever the size of the groups', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (days, groupRows) => {
          const all = group(days, groupRows).flat();
          // sort() keeps the order of what is equal.
          const expected = [...days.keys()].sort((a, b) => days[a]! - days[b]!);
          expect(all.flatMap(({ rows }) => rows)).toEqual(expected);
          for (const { day, rows } of all) {
            expect(new Set(rows.map((row) => days[row]))).toEqual(new Set([day]));
          }
        },
      ),
      { seed: 20260301 },
    );
  });
});
