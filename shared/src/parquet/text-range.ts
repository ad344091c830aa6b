import type { Utf8Values } from './column-batch';
import { copyBytes } from './copy-bytes';
import { giveTexts, outputRange } from './kernel';
import type { ValueRange } from './value-encoding';

/**
 * Gives the kernel the texts start … end, as many at a time as it takes, and has `find` let it find
 * the range of those `count` from text `first` on.
 */
export function textRange(
  values: Utf8Values,
  start: number,
  end: number,
  find: (count: number, first: number) => void,
): ValueRange<Uint8Array> | undefined {
  let range: ValueRange<Uint8Array> | undefined;
  for (let first = start; first < end;) {
    const count = giveTexts(values, first, end);
    find(count, first);
    const found = foundRange(values, first);
    if (!range) range = found;
    else if (found) {
      if (Buffer.compare(found.minimum, range.minimum) < 0) range.minimum = found.minimum;
      if (Buffer.compare(found.maximum, range.maximum) > 0) range.maximum = found.maximum;
    }
    first += count;
  }
  return range;
}

/** What the kernel has found among the texts that it was given, from text `first` on. */
export function foundRange(
  { bytes, offsets }: Utf8Values,
  first: number,
): ValueRange<Uint8Array> | undefined {
  const least = outputRange[0]!;
  const greatest = outputRange[1]!;
  if (least < 0) return undefined;
  const text = (i: number): Uint8Array => copyBytes(bytes, offsets[i]!, offsets[i + 1]!);
  return { minimum: text(first + least), maximum: text(first + greatest) };
}
