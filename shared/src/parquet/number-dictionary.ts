import { grown } from './grown';
import { distinctDoubles, distinctInts, give, kernel, MOST_VALUES, outputInts } from './kernel';
import { MOST_DISTINCT } from './kernel-code';
import type { ValueRange } from './value-encoding';

/** Distinct numbers, and a code for each value. The next overwrites it. */
export interface NumberDictionary<A extends Int32Array | Float64Array> {
  /** And `base` more each. */
  codes: Int32Array;
  base: number;
  values: A;
}

// Encoding never waits in between, so every column of every file can use the same.
let codes = new Int32Array(0);

/** All numbers of a range, which makes its values codes as they are. */
export function denseDictionary(
  values: Int32Array,
  { minimum, maximum }: ValueRange<number>,
): NumberDictionary<Int32Array> {
  const all = distinctInts.subarray(0, maximum - minimum + 1);
  for (let i = 0; i < all.length; i++) all[i] = minimum + i;
  return { codes: values, base: minimum, values: all };
}

/**
 * The dictionary of the first `count` values, in order of appearance; undefined where it would be
 * too large.
 */
export function int32Dictionary(
  values: Int32Array,
  count: number,
): NumberDictionary<Int32Array> | undefined {
  const size = lookUp(kernel().lookUpInts, values, count);
  return size === undefined
    ? undefined
    : { codes, base: 0, values: distinctInts.subarray(0, size) };
}

/** The same of doubles. */
export function doubleDictionary(
  values: Float64Array,
  count: number,
): NumberDictionary<Float64Array> | undefined {
  const size = lookUp(kernel().lookUpDoubles, values, count);
  return size === undefined
    ? undefined
    : { codes, base: 0, values: distinctDoubles.subarray(0, size) };
}

/** Looks up the codes of the first `count` values. @returns how many are distinct, where not too many. */
function lookUp(
  lookUpSome: (count: number, size: number) => number,
  values: Int32Array | Float64Array,
  count: number,
): number | undefined {
  codes = grown(codes, count);
  let size = 0;
  for (let start = 0; start < count; start += MOST_VALUES) {
    const end = Math.min(start + MOST_VALUES, count);
    give(values, start, end);
    size = lookUpSome(end - start, size);
    if (size > MOST_DISTINCT) return undefined;
    codes.set(outputInts.subarray(0, end - start), start);
  }
  return size;
}
