import type { Utf8Values } from './column-batch';
import { give, kernel, lastPages } from './kernel';
import { textRange } from './text-range';
import type { PageRows, ValueRange } from './value-encoding';

/** How many words of a dictionary its codes use. */
export interface WordUsage {
  used: number;
  /** The lowest and highest word of each page. */
  ranges: (ValueRange<Uint8Array> | undefined)[];
}

/**
 * Looks at each code once.
 * @throws RangeError where there are more than MOST_WORDS.
 */
export function wordUsage(
  dictionary: Utf8Values,
  codes: Uint32Array,
  pages: PageRows[],
): WordUsage {
  const size = dictionary.offsets.length - 1;
  lastPages.fill(0, 0, size);
  const ranges = pages.map(({ start, end }, i) => {
    if (start === end) return undefined;
    const page = i + 1;
    give(codes, start, end);
    kernel().meetWords(end - start, page);
    return textRange(dictionary, 0, size, (count, first) =>
      kernel().findWordRange(count, first, page),
    );
  });
  let used = 0;
  for (let code = 0; code < size; code++) if (lastPages[code] !== 0) used++;
  return { used, ranges };
}
