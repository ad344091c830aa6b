import { createHash } from 'node:crypto';
import { below, randomStream, shuffled } from '../../src/synthetic/random';

/** sfc32 as its author states it, over whole numbers reduced to 32 bits. */
function sfc32(state: readonly [bigint, bigint, bigint], steps: number): number[] {
  let [a, b, c] = state;
  const mask = 0xffff_ffffn;
  return Array.from({ length: steps }, (_, step) => {
    const result = (a + b + BigInt(step) + 1n) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) | (c >> 11n)) & mask) + result) & mask;
    return Number(result);
  });
}

function take(count: number, next: () => number): number[] {
  return Array.from({ length: count }, next);
}

describe('randomStream', () => {
  it('is sfc32 over the SHA-256 of its names', () => {
    const digest = createHash('sha256').update('["seed","day"]').digest();
    const state = [0, 4, 8].map((at) => BigInt(digest.readUInt32LE(at)));
    expect(take(1000, randomStream('seed', 'day'))).toEqual(
      sfc32(state as [bigint, bigint, bigint], 1000),
    );
  });

  it.each([
    ['another seed', ['other', 'day']],
    ['another name', ['seed', 'night']],
    ['the same letters in other names', ['seedd', 'ay']],
    ['one name more', ['seed', 'day', '']],
  ])('gives other numbers for %s', (_what, names) => {
    const numbers = new Set(take(100, randomStream('seed', 'day')));
    expect(take(100, randomStream(...names)).filter((number) => numbers.has(number))).toEqual([]);
  });
});

describe('below', () => {
  it('gives each number about as often', () => {
    const random = randomStream('even');
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const number = below(random, 10);
      counts[number] = (counts[number] ?? 0) + 1;
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The 99.9th percentile for 9 degrees of freedom.
    expect(chiSquare).toBeLessThan(27.88);
  });

  it('stays below its limit at the largest number of the stream', () => {
    expect(below(() => 2 ** 32 - 1, 86_400_000)).toBe(86_399_999);
  });
});

describe('shuffled', () => {
  it('gives the same items in another order', () => {
    const items = take(100, randomStream('items'));
    const result = shuffled(randomStream('shuffle'), items);
    expect(result).not.toEqual(items);
    expect(result.sort()).toEqual(items.sort());
  });
});
