import { mixA } from './byte-source';
import { MISS } from './value-reader';
import { addText, findText, type TextDictionary } from './text-dictionary';

const QUOTE = 0x22;

/** Where strings are put: as codes where there is a dictionary, as ranges where there is none. */
export interface TextTarget {
  dictionary: TextDictionary | undefined;
  codes: Uint32Array;
  start: Int32Array;
  end: Int32Array;
  seed: number;
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
  if (bytes[quote] !== QUOTE) return MISS;
  const start = quote + 1;
  let at = start;
  let hash = target.seed;
  let word = view.getInt32(at, true);
  let flipped = word ^ 0x02020202;
  let found = (flipped - 0x21212121) & ~flipped & 0x80808080;
  while (found === 0) {
    hash = mixA(hash, word);
    word = view.getInt32(at + 4, true);
    flipped = word ^ 0x02020202;
    found = (flipped - 0x21212121) & ~flipped & 0x80808080;
    at += 4;
    if (found !== 0) break;
    hash = mixA(hash, word);
    word = view.getInt32(at + 4, true);
    flipped = word ^ 0x02020202;
    found = (flipped - 0x21212121) & ~flipped & 0x80808080;
    at += 4;
  }
  const bits = 24 - Math.clz32(found & -found);
  at += bits >> 3;
  if (bytes[at] !== QUOTE) return MISS;
  const { dictionary } = target;
  if (dictionary === undefined) {
    if (at - start < target.leastBytes || at - start > target.mostBytes) {
      if (!target.keepsRules(bytes, start, at)) return MISS;
    }
    target.start[row] = start;
    target.end[row] = at;
    return at + 1;
  }
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
export function hashOf(view: DataView, start: number, end: number, seed: number): number {
  let hash = seed;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = mixA(hash, view.getInt32(at, true));
  return mixA(hash, view.getInt32(at, true) & ((1 << ((end - at) << 3)) - 1));
}
