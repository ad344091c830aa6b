import { randomStream } from '@saleslake/shared/synthetic/random';
import { weightedChoice, zipfWeights } from '../src/weighted-choice';

describe('weightedChoice', () => {
  it('chooses each index as often as its weight asks', () => {
    const weights = [1, 0, 2, 5];
    const choose = weightedChoice(weights);
    const random = randomStream('choice');
    const counts = [0, 0, 0, 0];
    for (let draw = 0; draw < 8000; draw += 1) {
      const index = choose(random);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    counts.forEach((count, index) => {
      // Four standard deviations of a binomial distribution.
      const expected = (weights[index] ?? 0) / 8;
      const deviation = Math.sqrt(8000 * expected * (1 - expected));
      expect(Math.abs(count - 8000 * expected)).toBeLessThanOrEqual(4 * deviation);
    });
  });
});

describe('zipfWeights', () => {
  it('halves from the first rank to the second without an offset', () => {
    expect(zipfWeights(4, 0)).toEqual([1_000_000, 500_000, 333_333, 250_000]);
  });

  it('falls slower with an offset', () => {
    expect(zipfWeights(2, 9)).toEqual([100_000, 90_909]);
  });
});
