import { reserve } from './byte-buffer';
import { Encoding } from './parquet-format';
import type { PageRows, ValueEncoding, ValueRange } from './value-encoding';
import { setBigEndian } from './value-order';

/** INT64 values that a double may not hold, plain. */
export function encodeBigint64(values: bigint[], pages: PageRows[]): ValueEncoding<bigint> {
  return {
    encoding: Encoding.PLAIN,
    put(out, start, end) {
      reserve(out, (end - start) * 8);
      for (let i = start; i < end; i++, out.length += 8) {
        out.view.setBigInt64(out.length, values[i]!, true);
      }
    },
    ranges: rangesOf(values, pages),
  };
}

/** FIXED_LEN_BYTE_ARRAY values of `size` bytes, big-endian in two's complement, plain. */
export function encodeFixedBytes(
  values: bigint[],
  pages: PageRows[],
  size: number,
): ValueEncoding<bigint> {
  return {
    encoding: Encoding.PLAIN,
    put(out, start, end) {
      reserve(out, (end - start) * size);
      for (let i = start; i < end; i++, out.length += size) {
        setBigEndian(out.view, out.length, size, values[i]!);
      }
    },
    ranges: rangesOf(values, pages),
  };
}

function rangesOf(values: bigint[], pages: PageRows[]): (ValueRange<bigint> | undefined)[] {
  return pages.map(({ start, end }) => {
    if (start === end) return undefined;
    let minimum = values[start]!;
    let maximum = minimum;
    for (let i = start + 1; i < end; i++) {
      if (values[i]! < minimum) minimum = values[i]!;
      if (values[i]! > maximum) maximum = values[i]!;
    }
    return { minimum, maximum };
  });
}
