import fc from 'fast-check';
import { randomStream } from '@saleslake/shared/synthetic/random';
import { daysOf, momentsIn, weightOf, type Period } from '../src/rhythm';

const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2026, 2, 2);

const periods = fc
  .tuple(fc.integer({ min: MONDAY, max: MONDAY + 9 * DAY_MS }), fc.integer({ min: 1, max: 9e8 }))
  .map(([from, length]): Period => ({ from, to: from + length }));

function day(index: number): Period {
  return { from: MONDAY + index * DAY_MS, to: MONDAY + (index + 1) * DAY_MS };
}

describe('daysOf', () => {
  it('cuts a period at every midnight, UTC', () => {
    const noon = MONDAY + DAY_MS / 2;
    expect(daysOf({ from: noon, to: noon + 2 * DAY_MS })).toEqual([
      { from: noon, to: MONDAY + DAY_MS },
      day(1),
      { from: MONDAY + 2 * DAY_MS, to: noon + 2 * DAY_MS },
    ]);
  });

  it('covers any period without a gap, each piece within a day', () => {
    fc.assert(
      fc.property(periods, (period) => {
        const days = daysOf(period);
        expect(days.at(0)?.from).toBe(period.from);
        expect(days.at(-1)?.to).toBe(period.to);
        days.forEach(({ from, to }, index) => {
          expect(days[index + 1]?.from ?? to).toBe(to);
          expect(Math.floor((to - 1) / DAY_MS)).toBe(Math.floor(from / DAY_MS));
        });
      }),
      { seed: 1 },
    );
  });
});

describe('weightOf', () => {
  it('lifts Friday, Saturday and Sunday above the other days', () => {
    const weights = [0, 1, 2, 3, 4, 5, 6].map((index) => weightOf(day(index)));
    expect(Math.min(...weights.slice(4))).toBeGreaterThan(Math.max(...weights.slice(0, 4)));
  });

  it('is the sum of its parts, wherever a period is cut', () => {
    fc.assert(
      fc.property(periods, fc.double({ min: 0, max: 1, noNaN: true }), ({ from, to }, where) => {
        const middle = from + Math.floor((to - from) * where);
        const parts = weightOf({ from, to: middle }) + weightOf({ from: middle, to });
        expect(parts).toBe(weightOf({ from, to }));
      }),
      { seed: 2 },
    );
  });
});

describe('momentsIn', () => {
  it('gives exactly so many moments, in order, inside of the period', () => {
    fc.assert(
      fc.property(periods, fc.nat({ max: 200 }), (period, count) => {
        const moments = [...momentsIn(period, count, randomStream('moments'))];
        expect(moments).toHaveLength(count);
        moments.forEach((moment, index) => {
          expect(moment).toBeGreaterThanOrEqual(moments[index - 1] ?? 0);
          expect(moment).toBeLessThan(period.to - period.from);
        });
      }),
      { seed: 3 },
    );
  });

  it('makes the evening busier than noon and noon busier than the night', () => {
    const hours = new Array<number>(24).fill(0);
    for (const moment of momentsIn(day(0), 24_000, randomStream('hours'))) {
      const hour = Math.floor(moment / 3_600_000);
      hours[hour] = (hours[hour] ?? 0) + 1;
    }
    const [night = 0, noon = 0, evening = 0] = [3, 12, 19].map((hour) => hours[hour]);
    expect(noon).toBeGreaterThan(5 * night);
    expect(evening).toBeGreaterThan(noon);
  });
});
