import type { ValueRange } from './value-encoding';

/** The least and greatest of values start … end; undefined where there are none. */
export function int32Range(
  values: Int32Array,
  start: number,
  end: number,
): ValueRange<number> | undefined {
  if (start === end) return undefined;
  let minimum = values[start]!;
  let maximum = minimum;
  // Four at a time: the loop itself takes as long as what it does. Math.min would be mispredicted.
  const whole = start + ((end - start) & ~3);
  for (let i = start; i < whole; i += 4) {
    const a = values[i]!;
    const b = values[i + 1]!;
    const c = values[i + 2]!;
    const d = values[i + 3]!;
    if (a < minimum) minimum = a;
    if (a > maximum) maximum = a;
    if (b < minimum) minimum = b;
    if (b > maximum) maximum = b;
    if (c < minimum) minimum = c;
    if (c > maximum) maximum = c;
    if (d < minimum) minimum = d;
    if (d > maximum) maximum = d;
  }
  for (let i = whole; i < end; i++) {
    const value = values[i]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

/** The same of whole numbers in doubles. */
export function doubleRange(
  values: Float64Array,
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
