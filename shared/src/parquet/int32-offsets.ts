import { give, kernel, outputInts, outputRange } from './kernel';
import type { PageRows, ValueRange } from './value-encoding';

/** Offsets of this magnitude differ by an INT32. */
const BOUND = 2 ** 30;

/** Whole numbers as offsets from one of them. */
export interface Int32Offsets {
  base: number;
  /** A view that the next column overwrites. */
  offsets: Int32Array;
  /** Of the offsets of each page; none for a page of nulls alone. */
  ranges: (ValueRange<number> | undefined)[];
}

// Encoding never waits in between, so every column of every file can use the same.
let scratch = new Int32Array(0);

/**
 * The values of the pages, of which there is at least one, as offsets from the first: everything
 * takes half the time on integers of 32 bits. Undefined where one is too far away.
 */
export function int32Offsets(values: Float64Array, pages: PageRows[]): Int32Offsets | undefined {
  const count = pages.at(-1)!.end;
  if (scratch.length < count) scratch = new Int32Array(count);
  const base = values[0]!;
  const ranges: Int32Offsets['ranges'] = [];
  for (const { start, end } of pages) {
    if (start === end) {
      ranges.push(undefined);
      continue;
    }
    give(values, start, end);
    kernel().toOffsets(end - start, base);
    const [minimum, maximum] = outputRange as unknown as [number, number];
    if (minimum <= -BOUND || maximum >= BOUND) return undefined;
    ranges.push({ minimum, maximum });
    scratch.set(outputInts.subarray(0, end - start), start);
  }
  return { base, offsets: scratch, ranges };
}
