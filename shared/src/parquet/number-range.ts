import { give, kernel, outputRange } from './kernel';
import type { ValueRange } from './value-encoding';

/** The least and greatest of many values start … end of a page; undefined where there are none. */
export function int32Range(
  values: Int32Array,
  start: number,
  end: number,
): ValueRange<number> | undefined {
  if (start === end) return undefined;
  give(values, start, end);
  kernel().findRange(end - start);
  return { minimum: outputRange[0]!, maximum: outputRange[1]! };
}

/** The same of few, or of whole numbers in doubles. */
export function numberRange(
  values: Int32Array | Float64Array,
  start: number,
  end: number,
): ValueRange<number> | undefined {
  if (start === end) return undefined;
  let minimum = values[start]!;
  let maximum = minimum;
  for (let i = start + 1; i < end; i++) {
    const value = values[i]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

/** The range of all pages; they must have at least one value. */
export function rangeOfAll(ranges: readonly (ValueRange<number> | undefined)[]): {
  minimum: number;
  maximum: number;
} {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (const range of ranges) {
    if (!range) continue;
    minimum = Math.min(minimum, range.minimum);
    maximum = Math.max(maximum, range.maximum);
  }
  return { minimum, maximum };
}
