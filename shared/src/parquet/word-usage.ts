import type { Utf8Values } from './column-batch';
import { compareBytes, sortKeys } from './compare-bytes';
import { grown } from './grown';
import type { PageRows, ValueRange } from './value-encoding';

/** Which words of a dictionary its codes use. */
export interface WordUsage {
  used: number;
  isUsed: (code: number) => boolean;
  /** The lowest and highest word of each page. */
  ranges: (ValueRange<Uint8Array> | undefined)[];
}

// The page, counted from 1, that met a word last. Encoding never waits in between, so every
// column of every file can use the same.
let lastPages = new Uint32Array(1024);

/** Looks at each code once. What it returns is good until the next call. */
export function wordUsage(dictionary: Utf8Values, codes: Int32Array, pages: PageRows[]): WordUsage {
  const size = dictionary.offsets.length - 1;
  lastPages = grown(lastPages, size);
  lastPages.fill(0, 0, size);
  const keys = sortKeys(dictionary);
  const ranges = pages.map(({ start, end }, i) => {
    if (start === end) return undefined;
    mark(lastPages, codes, start, end, i + 1);
    return rangeOfMarked(dictionary, keys, size, i + 1);
  });
  let used = 0;
  for (let code = 0; code < size; code++) if (lastPages[code] !== 0) used++;
  return { used, isUsed: (code) => lastPages[code] !== 0, ranges };
}

function mark(
  marks: Uint32Array,
  codes: Int32Array,
  start: number,
  end: number,
  page: number,
): void {
  // Eight at a time: the loop itself takes longer than what it does.
  const whole = start + ((end - start) & ~7);
  for (let i = start; i < whole; i += 8) {
    marks[codes[i]!] = page;
    marks[codes[i + 1]!] = page;
    marks[codes[i + 2]!] = page;
    marks[codes[i + 3]!] = page;
    marks[codes[i + 4]!] = page;
    marks[codes[i + 5]!] = page;
    marks[codes[i + 6]!] = page;
    marks[codes[i + 7]!] = page;
  }
  for (let i = whole; i < end; i++) marks[codes[i]!] = page;
}

/** Of the words that the page has met, of which there is at least one. */
function rangeOfMarked(
  { bytes, offsets }: Utf8Values,
  keys: Float64Array,
  size: number,
  page: number,
): ValueRange<Uint8Array> {
  const isLess = (a: number, b: number): boolean =>
    compareBytes(bytes, offsets[a]!, offsets[a + 1]!, bytes, offsets[b]!, offsets[b + 1]!) < 0;
  let lowest = -1;
  let highest = -1;
  let lowestKey = Infinity;
  let highestKey = -Infinity;
  for (let code = 0; code < size; code++) {
    if (lastPages[code] !== page) continue;
    const key = keys[code]!;
    if (key < lowestKey || (key === lowestKey && isLess(code, lowest))) {
      lowest = code;
      lowestKey = key;
    }
    if (key > highestKey || (key === highestKey && isLess(highest, code))) {
      highest = code;
      highestKey = key;
    }
  }
  const word = (code: number): Uint8Array => bytes.slice(offsets[code], offsets[code + 1]);
  return { minimum: word(lowest), maximum: word(highest) };
}
