import { SEEDS, endHash, mixA, mixB, mixC, sameBytes, textHash } from './byte-source';
import { MISS } from './value-reader';
import { addText, findText, type TextDictionary } from './text-dictionary';

const QUOTE = 0x22;

/** Where strings are put. */
export interface TextTarget {
  dictionary: TextDictionary | undefined;
  /** Of each row its text's code, where there is a dictionary. */
  codes: Uint32Array;
  /** The range of its text, where there is none. */
  start: Int32Array;
  end: Int32Array;
  /** The hash of its text: three words a row, one behind another. */
  hashes: Int32Array;
  /** Texts of so many bytes keep the rules on length and have no other rule to keep. */
  leastBytes: number;
  mostBytes: number;
  /** Judges all other texts. */
  keepsRules(bytes: Buffer, start: number, end: number): boolean;
  guess: TextGuess | undefined;
}

/**
 * Which text of a column stood last beside a text of another: a product's name beside its id. Where
 * one follows from the other, it is compared and need not be looked up.
 */
export interface TextGuess {
  /** Of each row the code in the other column, or whatever was left there. */
  beside: Uint32Array;
  /** By the last bits of that code: the code plus one, or 0. */
  codes: Uint32Array;
  /** Guesses that may still be wrong, before guessing is given up. */
  credit: number;
}

const GUESSES = 1024;
const FIRST_CREDIT = 1024;
const MOST_CREDIT = 4096;
/** Trying in vain costs about half of what a guess saves. */
const COST_OF_A_MISS = 2;

export function createTextGuess(beside: Uint32Array): TextGuess {
  return { beside, codes: new Uint32Array(GUESSES), credit: FIRST_CREDIT };
}

/** Makes a guess forget an object. */
export function resetGuess(guess: TextGuess): void {
  guess.codes.fill(0);
  guess.credit = FIRST_CREDIT;
}

/**
 * Reads a string without escapes, four bytes at a time. With 0x02 flipped in each byte of a word w
 * a quote is 0x20, and the control characters, which JSON wants escaped, stay below; nothing else
 * is below 0x21. And (w - 0x21…) & ~w has the top bit of the lowest byte set that is below 0x21.
 * The hash is computed on the way: its three lanes take no longer than one, as none waits for
 * another. As ValueReader.
 */
export function readText(
  target: TextTarget,
  bytes: Buffer,
  view: DataView,
  quote: number,
  row: number,
): number {
  if (bytes[quote] !== QUOTE) return MISS;
  const start = quote + 1;
  const { guess } = target;
  if (guess !== undefined && guess.credit > 0) {
    const end = guessText(target, guess, bytes, view, start, row);
    if (end >= 0) return end + 1;
  }
  let at = start;
  let a: number = SEEDS.a;
  let b: number = SEEDS.b;
  let c: number = SEEDS.c;
  let word = view.getInt32(at, true);
  let flipped = word ^ 0x02020202;
  let found = (flipped - 0x21212121) & ~flipped & 0x80808080;
  while (found === 0) {
    a = mixA(a, word);
    b = mixB(b, word);
    c = mixC(c, word);
    at = (at + 4) | 0;
    word = view.getInt32(at, true);
    flipped = word ^ 0x02020202;
    found = (flipped - 0x21212121) & ~flipped & 0x80808080;
  }
  const bits = 24 - Math.clz32(found & -found);
  at += bits >> 3;
  if (bytes[at] !== QUOTE) return MISS;
  endHash(a, b, c, word & ((1 << bits) - 1), at - start);
  if (!takeText(target, bytes, view, start, at, row)) return MISS;
  if (guess !== undefined && guess.credit > 0) {
    guess.codes[guess.beside[row]! & (GUESSES - 1)] = target.codes[row]! + 1;
    guess.credit -= COST_OF_A_MISS;
  }
  return at + 1;
}

/**
 * Compares the text at `start` with the one that stood beside the same text last. That was read
 * here, and so has nothing in it that would need an escape.
 * @returns the position of the closing quote, or MISS.
 */
function guessText(
  { dictionary, codes, hashes: into }: TextTarget,
  guess: TextGuess,
  bytes: Buffer,
  view: DataView,
  start: number,
  row: number,
): number {
  const code = guess.codes[guess.beside[row]! & (GUESSES - 1)]! - 1;
  if (code < 0 || dictionary === undefined) return MISS;
  const { offsets, hashes } = dictionary;
  const from = offsets[code]!;
  const length = offsets[code + 1]! - from;
  const end = start + length;
  if (bytes[end] !== QUOTE || !sameBytes(dictionary.view, from, view, start, length)) return MISS;
  codes[row] = code;
  into[row * 3] = hashes[code * 3]!;
  into[row * 3 + 1] = hashes[code * 3 + 1]!;
  into[row * 3 + 2] = hashes[code * 3 + 2]!;
  if (guess.credit < MOST_CREDIT) guess.credit++;
  return end;
}

/**
 * Takes the text between two positions, of which `textHash` has the hash.
 * @returns whether it keeps the rules.
 */
export function takeText(
  target: TextTarget,
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  row: number,
): boolean {
  const { dictionary } = target;
  const length = end - start;
  const { a } = textHash;
  const { hashes } = target;
  hashes[row * 3] = a;
  hashes[row * 3 + 1] = textHash.b;
  hashes[row * 3 + 2] = textHash.c;
  if (dictionary === undefined) {
    if (length < target.leastBytes || length > target.mostBytes) {
      if (!target.keepsRules(bytes, start, end)) return false;
    }
    target.start[row] = start;
    target.end[row] = end;
    return true;
  }
  let code = findText(dictionary, a, view, start, length);
  if (code < 0) {
    if (!target.keepsRules(bytes, start, end)) return false;
    code = addText(dictionary, bytes, start, end, -1 - code);
  }
  target.codes[row] = code;
  return true;
}
