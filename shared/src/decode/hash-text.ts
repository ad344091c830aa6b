// One step of each of three lanes: takes a word in. Each is a bijection for a given word or state.
// Odd factors of no structure; and the shifts differ, so that a difference which cancels itself in
// one lane does not in the others.

export function mixA(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0x9e3779b1);
  return x ^ (x >>> 15);
}

export function mixB(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0x85ebca77);
  return x ^ (x >>> 13);
}

export function mixC(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0xc2b2ae3d);
  return x ^ (x >>> 16);
}

/** What hashText has computed last: an object for each text would take longer than its hash. */
export const textHash = { a: 0, b: 0, c: 0 };

/**
 * With which the lanes begin: nobody can prepare texts that share a hash. node:crypto would be no
 * safer, as no seed is ever seen from outside, and takes longer to load than all of this.
 */
export const SEEDS = { a: seed(), b: seed(), c: seed() } as const;

function seed(): number {
  return (Math.random() * 2 ** 32) | 0;
}

/** Hashes the bytes from `start` to `end`, four at a time, in three lanes into `textHash`. */
export function hashText(view: DataView, start: number, end: number): void {
  let a: number = SEEDS.a;
  let b: number = SEEDS.b;
  let c: number = SEEDS.c;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    a = mixA(a, word);
    b = mixB(b, word);
    c = mixC(c, word);
  }
  // The last 0 to 3 bytes, and the length.
  const tail = view.getInt32(at, true) & ((1 << ((end - at) << 3)) - 1);
  const length = end - start;
  textHash.a = mixA(mixA(a, tail), length);
  textHash.b = mixB(mixB(b, tail), length);
  textHash.c = mixC(mixC(c, tail), length);
}
