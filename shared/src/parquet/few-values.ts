import { putBytes, putUint32, type ByteBuffer } from './byte-buffer';
import type { Utf8Values } from './column-batch';
import { copyBytes } from './copy-bytes';
import { numberRange } from './number-range';
import { Encoding } from './parquet-format';
import type { PageRows, ValueEncoding, ValueRange } from './value-encoding';

/**
 * So few values of a column chunk are written plain: encodings make a file of them hardly smaller, and
 * to compile the kernel takes longer than to write it.
 */
export const FEW_VALUES = 8;

/** Numbers that `put` writes plain. */
export function encodeFewNumbers(
  values: Int32Array | Float64Array,
  pages: PageRows[],
  put: ValueEncoding<number>['put'],
): ValueEncoding<number> {
  const ranges = pages.map(({ start, end }) => numberRange(values, start, end));
  return { encoding: Encoding.PLAIN, put, ranges };
}

export function encodeFewStrings({ bytes, offsets }: Utf8Values): ValueEncoding<Uint8Array> {
  const ranges: ValueEncoding<Uint8Array>['ranges'] = [];
  function put(out: ByteBuffer, start: number, end: number): void {
    let range: ValueRange<Uint8Array> | undefined;
    for (let i = start; i < end; i++) {
      const text = copyBytes(bytes, offsets[i]!, offsets[i + 1]!);
      putUint32(out, text.length);
      putBytes(out, text);
      if (!range) range = { minimum: text, maximum: text };
      else if (Buffer.compare(text, range.minimum) < 0) range.minimum = text;
      else if (Buffer.compare(text, range.maximum) > 0) range.maximum = text;
    }
    ranges.push(range);
  }
  return { encoding: Encoding.PLAIN, put, ranges };
}
