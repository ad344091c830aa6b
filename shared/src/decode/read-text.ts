import { SEEDS, endHash, mixA, mixB, mixC, textHash } from './byte-source';
import { MISS } from './value-reader';
import { addText, findText, type TextDictionary } from './text-dictionary';

const QUOTE = 0x22;

/** Where strings are put: as codes where there is a dictionary, as ranges where there is none. */
export interface TextTarget {
  dictionary: TextDictionary | undefined;
  codes: Uint32Array;
  start: Int32Array;
  end: Int32Array;
  /** The hash of each range. */
  a: Int32Array;
  b: Int32Array;
  c: Int32Array;
  /** Texts of so many bytes keep the rules on length and have no other rule to keep. */
  leastBytes: number;
  mostBytes: number;
  /** Judges all other texts. */
  keepsRules(bytes: Buffer, start: number, end: number): boolean;
}

/**
 * Reads a string without escapes, four bytes at a time. With 0x02 flipped in each byte of a word w
 * a quote is 0x20, and the control characters, which JSON wants escaped, stay below; nothing else
 * is below 0x21. And (w - 0x21…) & ~w has the top bit of the lowest byte set that is below 0x21.
 * The hash of a dictionary is computed on the way. As ValueReader.
 */
export function readText(
  target: TextTarget,
  bytes: Buffer,
  view: DataView,
  quote: number,
  row: number,
): number {
  const { dictionary } = target;
  if (dictionary === undefined) return readRange(target, bytes, view, quote, row);
  if (bytes[quote] !== QUOTE) return MISS;
  const start = quote + 1;
  let at = start;
  let hash = 0;
  let word = view.getInt32(at, true);
  let flipped = word ^ 0x02020202;
  let found = (flipped - 0x21212121) & ~flipped & 0x80808080;
  while (found === 0) {
    hash = mixA(hash, word);
    at = (at + 4) | 0;
    word = view.getInt32(at, true);
    flipped = word ^ 0x02020202;
    found = (flipped - 0x21212121) & ~flipped & 0x80808080;
  }
  const bits = 24 - Math.clz32(found & -found);
  at += bits >> 3;
  if (bytes[at] !== QUOTE) return MISS;
  hash = mixA(hash, word & ((1 << bits) - 1));
  let code = findText(dictionary, hash, view, start, at - start);
  if (code < 0) {
    if (!target.keepsRules(bytes, start, at)) return MISS;
    code = addText(dictionary, hash, bytes, start, at, -1 - code);
  }
  target.codes[row] = code;
  return at + 1;
}

/** The hash that readText computes of a text. */
export function hashOf(view: DataView, start: number, end: number): number {
  let hash = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixA(hash, view.getInt32(at, true));
  return mixA(hash, view.getInt32(at, true) & ((1 << ((end - at) << 3)) - 1));
}

/** Reads a string that has no dictionary: its range and the hash that hashText computes of it. */
export function readRange(
  target: TextTarget,
  bytes: Buffer,
  view: DataView,
  quote: number,
  row: number,
): number {
  if (bytes[quote] !== QUOTE) return MISS;
  const start = quote + 1;
  let at = start;
  let a: number = SEEDS[0];
  let b: number = SEEDS[1];
  let c: number = SEEDS[2];
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
  const length = at - start;
  if (length < target.leastBytes || length > target.mostBytes) {
    if (!target.keepsRules(bytes, start, at)) return MISS;
  }
  endHash(a, b, c, word & ((1 << bits) - 1), length);
  target.start[row] = start;
  target.end[row] = at;
  target.a[row] = textHash.a;
  target.b[row] = textHash.b;
  target.c[row] = textHash.c;
  return at + 1;
}
