import { createHash } from 'node:crypto';

export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** From `least` to `most`, both among them. */
  integer(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
}

/** The same numbers for the same seed, whatever other seeds and streams give. */
export function seeded(seed: number, stream: string): Random {
  let drawn = 0;
  const next = (): number => {
    const digest = createHash('sha256').update(`${seed} ${stream} ${drawn++}`).digest();
    return digest.readUIntBE(0, 6) / 2 ** 48;
  };
  const integer = (least: number, most: number): number =>
    least + Math.floor(next() * (most - least + 1));
  return { next, integer, pick: (from) => from[integer(0, from.length - 1)]! };
}
