import fc from 'fast-check';
import { shareOut } from '../src/largest-remainder';

const weights = fc
  .array(fc.nat({ max: 2 ** 40 }), { minLength: 1, maxLength: 50 })
  .filter((weights) => weights.some((weight) => weight > 0));
const totals = fc.nat({ max: 10_000_000 });

describe('shareOut', () => {
  it('gives the largest remainders what rounding down leaves', () => {
    // The quotas are 4.7, 3.4 and 1.9.
    expect(shareOut(10, [47, 34, 19])).toEqual([5, 3, 2]);
  });

  it('prefers the earlier of equal remainders', () => {
    expect(shareOut(2, [1, 1, 1])).toEqual([1, 1, 0]);
  });

  it('gives nothing to a weight of 0', () => {
    expect(shareOut(5, [0, 1, 0])).toEqual([0, 5, 0]);
  });

  it('shares out exactly the total', () => {
    fc.assert(
      fc.property(totals, weights, (total, weights) => {
        expect(shareOut(total, weights).reduce((sum, share) => sum + share, 0)).toBe(total);
      }),
      { seed: 1 },
    );
  });

  it('gives nobody a whole one more or less than their quota', () => {
    fc.assert(
      fc.property(totals, weights, (total, weights) => {
        const sum = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
        shareOut(total, weights).forEach((share, index) => {
          const difference = BigInt(share) * sum - BigInt(total) * BigInt(weights[index] ?? 0);
          expect(difference < sum && difference > -sum).toBe(true);
        });
      }),
      { seed: 2 },
    );
  });
});
