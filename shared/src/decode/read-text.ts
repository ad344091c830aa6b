import { source } from './byte-source';
import { SEEDS, hashText, mixA, mixB, mixC, textHash } from './hash-text';
import { MISS } from './value-reader';
import { bitsBefore } from './word-bytes';
import { addText, findAny, findShort, findText, type TextDictionary } from './text-dictionary';

const QUOTE = 0x22;

/** Where strings are put. */
export interface TextTarget {
  dictionary: TextDictionary | undefined;
  /** Of each row its text's code, where there is a dictionary. */
  codes: Uint32Array;
  /** The range of its text, where there is none. */
  start: Int32Array;
  end: Int32Array;
  /** And the hash of its text: three words a row, one behind another. */
  hashes: Int32Array;
  /** Texts of so many bytes keep the rules on length and have no other rule to keep. */
  leastBytes: number;
  mostBytes: number;
  /** Judges all other texts. */
  keepsRules(start: number, end: number): boolean;
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

// With 0x02 flipped in each byte of a word w a quote is 0x20, and the control characters, which JSON
// wants escaped, stay below; nothing else is below 0x21. And (w - 0x21…) & ~w has the top bit of the
// lowest byte set that is below 0x21.

/** Has the top bit of the first byte set that is a quote or a control character; 0 where none is. */
function findStop(word: number): number {
  const flipped = word ^ 0x02020202;
  return (flipped - 0x21212121) & ~flipped & 0x80808080;
}

export const { readText, readUniqueText, takeText } = createTextReaders();

function createTextReaders() {
  const { bytes, view } = source;

  /** Reads a string without escapes. As ValueReader. */
  function readText(target: TextTarget, quote: number, row: number): number {
    const { dictionary, guess } = target;
    if (dictionary === undefined) return readUniqueText(target, quote, row);
    if (bytes[quote] !== QUOTE) return MISS;
    const start = quote + 1;
    if (guess !== undefined && guess.credit > 0) {
      const end = guessText(target, guess, dictionary, start, row);
      if (end >= 0) return end + 1;
    }
    const first = view.getInt32(start, true);
    const second = view.getInt32(start + 4, true);
    const inFirst = findStop(first);
    const found = inFirst === 0 ? findStop(second) : inFirst;
    if (found === 0) return readLongText(target, dictionary, start, row);
    const bits = bitsBefore(found);
    const counted = (1 << bits) - 1;
    const length = inFirst === 0 ? 4 + (bits >> 3) : bits >> 3;
    const end = start + length;
    if (bytes[end] !== QUOTE) return MISS;
    // Found by its bytes: it need not be hashed.
    const code =
      inFirst === 0
        ? findShort(dictionary, first, second & counted)
        : findShort(dictionary, first & counted, 0);
    if (code >= 0) {
      target.codes[row] = code;
      return end + 1;
    }
    return addNew(target, dictionary, start, end, row, code) ? end + 1 : MISS;
  }

  function readLongText(
    target: TextTarget,
    dictionary: TextDictionary,
    start: number,
    row: number,
  ): number {
    const { guess } = target;
    let at = start;
    let hash: number = SEEDS.a;
    let word = view.getInt32(at, true);
    let found: number;
    // The first eight bytes are known to have no quote.
    do {
      hash = mixA(hash, word);
      at = (at + 4) | 0;
      word = view.getInt32(at, true);
      found = findStop(word);
    } while (found === 0);
    const bits = bitsBefore(found);
    const end = at + (bits >> 3);
    if (bytes[end] !== QUOTE) return MISS;
    hash = mixA(mixA(hash, word & ((1 << bits) - 1)), end - start);
    const code = findText(dictionary, hash, view, start, end - start);
    if (code >= 0) target.codes[row] = code;
    else if (!addNew(target, dictionary, start, end, row, code)) return MISS;
    if (guess !== undefined && guess.credit > 0) {
      guess.codes[guess.beside[row]! & (GUESSES - 1)] = target.codes[row]! + 1;
      guess.credit -= COST_OF_A_MISS;
    }
    return end + 1;
  }

  /** Takes a text that the dictionary has not; `code` is what it was looked up as. */
  function addNew(
    target: TextTarget,
    dictionary: TextDictionary,
    start: number,
    end: number,
    row: number,
    code: number,
  ): boolean {
    if (!target.keepsRules(start, end)) return false;
    hashText(view, start, end);
    target.codes[row] = addText(dictionary, bytes, start, end, -1 - code);
    return true;
  }

  /**
   * Reads a string without escapes of a column that has no dictionary. As ValueReader. The hash is
   * computed on the way: its three lanes take no longer than one, as none waits for another.
   */
  function readUniqueText(target: TextTarget, quote: number, row: number): number {
    if (bytes[quote] !== QUOTE) return MISS;
    const start = quote + 1;
    let at = start;
    let a: number = SEEDS.a;
    let b: number = SEEDS.b;
    let c: number = SEEDS.c;
    let word = view.getInt32(at, true);
    let found = findStop(word);
    while (found === 0) {
      a = mixA(a, word);
      b = mixB(b, word);
      c = mixC(c, word);
      at = (at + 4) | 0;
      word = view.getInt32(at, true);
      found = findStop(word);
    }
    const bits = bitsBefore(found);
    at += bits >> 3;
    const length = at - start;
    if (bytes[at] !== QUOTE) return MISS;
    if (length < target.leastBytes || length > target.mostBytes) {
      if (!target.keepsRules(start, at)) return MISS;
    }
    const tail = word & ((1 << bits) - 1);
    const { hashes } = target;
    hashes[row * 3] = mixA(mixA(a, tail), length);
    hashes[row * 3 + 1] = mixB(mixB(b, tail), length);
    hashes[row * 3 + 2] = mixC(mixC(c, tail), length);
    target.start[row] = start;
    target.end[row] = at;
    return at + 1;
  }

  /**
   * Compares the text at `start` with the one that stood beside the same text last. That was read
   * here, and so has nothing in it that would need an escape. It has eight bytes or more: the last
   * comparison of eight goes back over some that were compared already.
   * @returns the position of the closing quote, or MISS.
   */
  function guessText(
    { codes }: TextTarget,
    guess: TextGuess,
    { offsets, view: known }: TextDictionary,
    start: number,
    row: number,
  ): number {
    const code = guess.codes[guess.beside[row]! & (GUESSES - 1)]! - 1;
    if (code < 0) return MISS;
    const from = offsets[code]!;
    const last = offsets[code + 1]! - from - 8;
    if (bytes[start + last + 8] !== QUOTE) return MISS;
    // Eight bytes of text compare as one double: it is never a NaN, and none of two zeros.
    for (let i = 0; i < last; i += 8) {
      if (known.getFloat64(from + i, true) !== view.getFloat64(start + i, true)) return MISS;
    }
    if (known.getFloat64(from + last, true) !== view.getFloat64(start + last, true)) return MISS;
    codes[row] = code;
    if (guess.credit < MOST_CREDIT) guess.credit++;
    return start + last + 8;
  }

  /**
   * Takes the text between two positions, whose hash is in `textHash`. It keeps the column's rules.
   */
  function takeText(target: TextTarget, start: number, end: number, row: number): void {
    const { dictionary, hashes } = target;
    if (dictionary === undefined) {
      hashes[row * 3] = textHash.a;
      hashes[row * 3 + 1] = textHash.b;
      hashes[row * 3 + 2] = textHash.c;
      target.start[row] = start;
      target.end[row] = end;
      return;
    }
    const code = findAny(dictionary, view, start, end - start);
    target.codes[row] = code >= 0 ? code : addText(dictionary, bytes, start, end, -1 - code);
  }

  return { readText, readUniqueText, takeText };
}
