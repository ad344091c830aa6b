/** The bytes that are being decoded; at least 8 more may be read behind the end of a record. */
export interface ByteSource {
  bytes: Buffer;
  view: DataView;
  /** Where text may be put that a record has only in escaped form: over the record itself. */
  spare: number;
}

/** A 64-bit hash of each row's value, in two lanes of 32 bits. */
export interface Hashes {
  a: Int32Array;
  b: Int32Array;
}

/** How many rows are decoded together: their values and their text stay in the caches. */
export const STAGE_ROWS = 1024;

export function createHashes(): Hashes {
  return { a: new Int32Array(STAGE_ROWS), b: new Int32Array(STAGE_ROWS) };
}

// One step of each of four lanes: takes a word in. Each is a bijection for a given word or state.
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

export function mixD(state: number, word: number): number {
  const x = Math.imul(state ^ word, 0x27d4eb2f);
  return x ^ (x >>> 14);
}

/** Puts a hash of the bytes from `start` to `end` at `row`. Bytes are taken four at a time. */
export function hashBytes(
  view: DataView,
  start: number,
  end: number,
  seedA: number,
  seedB: number,
  { a: lanesA, b: lanesB }: Hashes,
  row: number,
): void {
  let a = seedA;
  let b = seedB;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word = view.getInt32(at, true);
    a = mixA(a, word);
    b = mixB(b, word);
  }
  const tail = view.getInt32(at, true) & ((1 << ((end - at) << 3)) - 1);
  a = mixA(a, tail);
  b = mixB(b, tail);
  lanesA[row] = mixA(a, end - start);
  lanesB[row] = mixB(b, end - start);
}

/** Whether two ranges of `length` bytes are the same. */
export function sameBytes(
  one: DataView,
  oneAt: number,
  other: DataView,
  otherAt: number,
  length: number,
): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    if (one.getInt32(oneAt + i, true) !== other.getInt32(otherAt + i, true)) return false;
  }
  const difference = one.getInt32(oneAt + i, true) ^ other.getInt32(otherAt + i, true);
  return (difference & ((1 << ((length - i) << 3)) - 1)) === 0;
}
