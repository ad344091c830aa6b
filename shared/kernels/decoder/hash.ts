import { firstBytes } from './bytes';

// Two lanes of 64 bits, each with a seed and factors of its own. A step is a bijection of the state
// for a given word and of the word for a given state.

const FACTOR_1: u64 = 0x9e3779b97f4a7c15;
const FACTOR_2: u64 = 0xbf58476d1ce4e5b9;
const FACTOR_3: u64 = 0x94d049bb133111eb;

export let seedA: u64 = 0;
export let seedB: u64 = 0;
/** Odd. The upper bits of products with such a factor tell where short texts are looked for. */
export let textFactor: u64 = 1;
/** Odd. By it the second eight bytes of a text are added to the first. */
export let wordFactor: u64 = 1;

/**
 * With seeds that nobody knows, nobody can prepare texts that share both hashes. Texts that share one can
 * be prepared: changes of the upper bits of one word may be undone by the next.
 */
export function seedHashes(a: f64, b: f64): void {
  seedA = reinterpret<u64>(a) * FACTOR_2;
  seedB = reinterpret<u64>(b) * FACTOR_3;
  textFactor = seedA | 1;
  wordFactor = seedB | 1;
}

export function mixA(state: u64, word: u64): u64 {
  const mixed = (state ^ word) * FACTOR_1;
  return mixed ^ (mixed >> 32);
}

export function mixB(state: u64, word: u64): u64 {
  const mixed = (state ^ word) * FACTOR_3;
  return mixed ^ (mixed >> 29);
}

/** Takes sixteen bytes of a text in. */
export function mixTextA(state: u64, chunk: v128): u64 {
  return mixA(mixA(state, v128.extract_lane<u64>(chunk, 0)), v128.extract_lane<u64>(chunk, 1));
}

export function mixTextB(state: u64, chunk: v128): u64 {
  return mixB(mixB(state, v128.extract_lane<u64>(chunk, 0)), v128.extract_lane<u64>(chunk, 1));
}

/** The hash of a text, from the state behind its last chunk, which zeros fill up, and its length. */
export function endText(state: u64, length: i32): u64 {
  const mixed = (state ^ (<u64>length)) * FACTOR_2;
  return mixed ^ (mixed >> 31);
}

/** The first hash of a text of at most eight bytes, which zeros fill up. */
export function hashShort(text: u64, length: i32): u64 {
  return endText(mixA(seedA, text), length);
}

/** The first of a text's two hashes. */
export function hashText(start: usize, length: i32): u64 {
  if (length <= 8) return hashShort(v128.extract_lane<u64>(lastChunk(start, length), 0), length);
  let state = seedA;
  let i = 0;
  for (; i + 16 <= length; i += 16) state = mixTextA(state, v128.load(start + i));
  return endText(mixTextA(state, lastChunk(start + i, length - i)), length);
}

/** Puts both hashes of a text at `into`. */
export function putTextHashes(start: usize, length: i32, into: usize): void {
  store<u64>(into, hashText(start, length));
  let state = seedB;
  let i = 0;
  for (; i + 16 <= length; i += 16) state = mixTextB(state, v128.load(start + i));
  store<u64>(into, endText(mixTextB(state, lastChunk(start + i, length - i)), length), 8);
}

function lastChunk(at: usize, length: i32): v128 {
  return v128.and(v128.load(at), firstBytes(length));
}
