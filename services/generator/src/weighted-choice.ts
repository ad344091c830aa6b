import { shareOut } from './largest-remainder';
import type { Random } from '@saleslake/shared/synthetic/random';

const SLOTS = 2 ** 16;

/**
 * Chooses an index as often as its weight asks, in one step: each index stands in a table of 65,536
 * slots by its share, so a weight below 1/65,536 of the whole may never be chosen.
 * @param weights whole numbers of at least 0, not all 0.
 */
export function weightedChoice(weights: readonly number[]): (random: Random) => number {
  const table = new Uint16Array(SLOTS);
  let filled = 0;
  shareOut(SLOTS, weights).forEach((share, index) => {
    table.fill(index, filled, filled + share);
    filled += share;
  });
  return (random) => table[random() >>> 16] as number;
}

/**
 * The weights of `count` ranks by Zipf and Mandelbrot: 1 / (rank + offset), as whole numbers. The
 * larger the offset, the less the first ranks stand out.
 * https://en.wikipedia.org/wiki/Zipf%E2%80%93Mandelbrot_law
 */
export function zipfWeights(count: number, offset: number): number[] {
  return Array.from({ length: count }, (_, rank) => Math.round(1e6 / (rank + 1 + offset)));
}
