import { putByte, reserve, type ByteBuffer } from './byte-buffer';
import { putDeltaInt32, putDeltaInt64 } from './delta-binary-packed';
import { estimateNumberEncoding } from './number-encoding-choice';
import { numberDictionary } from './number-dictionary';
import { Encoding } from './parquet-format';
import { codeWidth, putHybrid } from './rle-bit-packed';
import type { PageRows, ValueEncoding, ValueRange } from './value-encoding';

/** See putDeltaInt32. */
const INT32_DELTA_RANGE = 2 ** 31;
/** See putDeltaInt64. */
const INT64_DELTA_BOUND = 2 ** 51;

/** INT32 values: plain, as deltas or with a dictionary, whichever is estimated smallest. */
export function encodeInt32(values: Int32Array, pages: PageRows[]): ValueEncoding<number> {
  const count = pages.at(-1)!.end;
  const ranges = pages.map(({ start, end }) => int32Range(values, start, end));
  const minimum = Math.min(...ranges.map((range) => range?.minimum ?? Infinity));
  const maximum = Math.max(...ranges.map((range) => range?.maximum ?? -Infinity));
  const deltaFits = maximum - minimum < INT32_DELTA_RANGE;
  const plain: ValueEncoding<number> = {
    encoding: Encoding.PLAIN,
    put: (out, start, end) => putPlainInt32(out, values, start, end),
    ranges,
  };
  const delta: ValueEncoding<number> | undefined = deltaFits
    ? {
        encoding: Encoding.DELTA_BINARY_PACKED,
        put: (out, start, end) => putDeltaInt32(out, values, start, end),
        ranges,
      }
    : undefined;
  return smallest(values, count, 32, plain, delta, putPlainInt32);
}

/** The same for INT64 values that doubles hold. */
export function encodeInt64(values: Float64Array, pages: PageRows[]): ValueEncoding<number> {
  const count = pages.at(-1)!.end;
  const ranges = pages.map(({ start, end }) => doubleRange(values, start, end));
  const deltaFits = ranges.every(
    (range) => !range || (range.minimum > -INT64_DELTA_BOUND && range.maximum < INT64_DELTA_BOUND),
  );
  const plain: ValueEncoding<number> = {
    encoding: Encoding.PLAIN,
    put: (out, start, end) => putPlainInt64(out, values, start, end),
    ranges,
  };
  const delta: ValueEncoding<number> | undefined = deltaFits
    ? {
        encoding: Encoding.DELTA_BINARY_PACKED,
        put: (out, start, end) => putDeltaInt64(out, values, start, end),
        ranges,
      }
    : undefined;
  return smallest(values, count, 64, plain, delta, putPlainInt64);
}

function smallest(
  values: Int32Array | Float64Array,
  count: number,
  plainBits: number,
  plain: ValueEncoding<number>,
  delta: ValueEncoding<number> | undefined,
  putPlain: (out: ByteBuffer, values: ArrayLike<number>, start: number, end: number) => void,
): ValueEncoding<number> {
  if (count === 0) return plain;
  const { deltaBits, tryDictionary } = estimateNumberEncoding(values, count);
  const [other, otherBits] =
    delta && deltaBits < plainBits ? [delta, deltaBits] : [plain, plainBits];
  if (!tryDictionary) return other;
  const dictionary = numberDictionary(values, count);
  if (!dictionary) return other;
  const { codes, values: distinct } = dictionary;
  const width = codeWidth(distinct.length);
  if (width + (distinct.length * plainBits) / count >= otherBits) return other;
  return {
    encoding: Encoding.RLE_DICTIONARY,
    dictionary: {
      size: distinct.length,
      put: (out) => putPlain(out, distinct, 0, distinct.length),
    },
    put(out, start, end) {
      putByte(out, width);
      putHybrid(out, codes, start, end, width);
    },
    ranges: plain.ranges,
  };
}

function int32Range(
  values: Int32Array,
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

function doubleRange(
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

function putPlainInt32(
  out: ByteBuffer,
  values: ArrayLike<number>,
  start: number,
  end: number,
): void {
  reserve(out, (end - start) * 4);
  const { view } = out;
  let at = out.length;
  for (let i = start; i < end; i++, at += 4) view.setInt32(at, values[i]!, true);
  out.length = at;
}

const TWO_32 = 2 ** 32;

function putPlainInt64(
  out: ByteBuffer,
  values: ArrayLike<number>,
  start: number,
  end: number,
): void {
  reserve(out, (end - start) * 8);
  const { view } = out;
  let at = out.length;
  for (let i = start; i < end; i++, at += 8) {
    const value = values[i]!;
    const high = Math.floor(value / TWO_32);
    view.setUint32(at, value - high * TWO_32, true);
    view.setInt32(at + 4, high, true);
  }
  out.length = at;
}
