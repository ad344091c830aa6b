import { orderByDay } from '@saleslake/shared/decode/day-order';
import fc from 'fast-check';

const rangesOf = (...days: number[]) => orderByDay(Int32Array.from(days), days.length).ranges;

describe('orderByDay', () => {
  it('tells where the rows of each day come to stand, in the order of the days', () => {
    expect(rangesOf(20_000, -3, 20_000)).toEqual([
      { day: -3, start: 0, end: 1 },
      { day: 20_000, start: 1, end: 3 },
    ]);
  });

  it('moves nothing where the days are in order', () => {
    expect(orderByDay(Int32Array.of(7, 7, 8, 10), 4)).toEqual({
      ranges: [
        { day: 7, start: 0, end: 2 },
        { day: 8, start: 2, end: 3 },
        { day: 10, start: 3, end: 4 },
      ],
      places: undefined,
    });
  });

  it('looks at no more rows than it is told of', () => {
    expect(orderByDay(Int32Array.of(7, 6, 5), 1).ranges).toEqual([{ day: 7, start: 0, end: 1 }]);
  });

  it('keeps the rows of a day in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1 }), (days) => {
        const { ranges, places } = orderByDay(Int32Array.from(days), days.length);
        const ordered: number[] = [];
        days.forEach((_, row) => (ordered[places?.[row] ?? row] = row));
        // sort() keeps the order of what is equal.
        expect(ordered).toEqual([...days.keys()].sort((a, b) => days[a]! - days[b]!));
        for (const { day, start, end } of ranges) {
          expect(new Set(ordered.slice(start, end).map((row) => days[row]))).toEqual(
            new Set([day]),
          );
        }
      }),
      { seed: 20260301 },
    );
  });
});
