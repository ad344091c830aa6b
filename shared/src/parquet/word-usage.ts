import type { Utf8Values } from './column-batch';
import { compareBytes, putSortKeys } from './compare-bytes';
import { copyBytes } from './copy-bytes';
import { give, kernel, keyRange, lastPages, wordKeys } from './kernel';
import type { PageRows, ValueRange } from './value-encoding';

/** Which words of a dictionary its codes use. */
export interface WordUsage {
  used: number;
  isUsed: (code: number) => boolean;
  /** The lowest and highest word of each page. */
  ranges: (ValueRange<Uint8Array> | undefined)[];
}

/**
 * Looks at each code once. What it returns is good until the next call.
 * @throws RangeError where there are more than MOST_WORDS.
 */
export function wordUsage(dictionary: Utf8Values, codes: Int32Array, pages: PageRows[]): WordUsage {
  const size = dictionary.offsets.length - 1;
  // And of some behind, at which the kernel looks too.
  lastPages.fill(0, 0, size + 3);
  putSortKeys(dictionary, wordKeys);
  const ranges = pages.map(({ start, end }, i) => {
    if (start === end) return undefined;
    give(codes, start, end);
    kernel.meetWords(end - start, i + 1);
    return rangeOfWords(dictionary, size, i + 1);
  });
  let used = 0;
  for (let code = 0; code < size; code++) if (lastPages[code] !== 0) used++;
  return { used, isUsed: (code) => lastPages[code] !== 0, ranges };
}

/** Of the words that the page has met, of which there is at least one. */
function rangeOfWords(
  { bytes, offsets }: Utf8Values,
  size: number,
  page: number,
): ValueRange<Uint8Array> {
  kernel.findKeyRange(size, page);
  const [least, greatest] = keyRange as unknown as [number, number];
  const compare = (a: number, b: number): number =>
    compareBytes(bytes, offsets[a]!, offsets[a + 1]!, bytes, offsets[b]!, offsets[b + 1]!);
  /** Of the words that share the key. */
  const farthest = (key: number, sign: number): Uint8Array => {
    const next = (start: number): number => kernel.findWord(start, size, page, key);
    let word = next(0);
    for (let other = next(word + 1); other < size; other = next(other + 1)) {
      if (compare(other, word) * sign > 0) word = other;
    }
    return copyBytes(bytes, offsets[word]!, offsets[word + 1]!);
  };
  return { minimum: farthest(least, -1), maximum: farthest(greatest, 1) };
}
