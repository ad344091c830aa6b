import { createHash } from 'node:crypto';

/** A stream of pseudorandom numbers: each call gives the next whole number of 0 … 2^32 - 1. */
export type Random = () => number;

/**
 * The stream of that name. The same names give the same numbers on every machine; other names give
 * numbers that have nothing to do with them, so that no two objects share or continue a stream.
 *
 * The generator is sfc32 of Chris Doty-Humphrey's PractRand (https://pracrand.sourceforge.net),
 * its 96 bits of state taken from the SHA-256 of the names.
 */
export function randomStream(...names: readonly string[]): Random {
  const digest = createHash('sha256').update(JSON.stringify(names)).digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = 1;
  return () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
}

/** A whole number of 0 … limit - 1. Only what IEEE 754 fixes is used: the same everywhere. */
export function below(random: Random, limit: number): number {
  return Math.floor((random() / 2 ** 32) * limit);
}

/** The items in random order (Fisher and Yates). */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = below(random, last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
