import { putByte, reserve, type ByteBuffer } from './byte-buffer';
import { putDeltaInt32, putDeltaInt64 } from './delta-binary-packed';
import { encodeFewNumbers, FEW_VALUES } from './few-values';
import { int32Offsets, type Int32Offsets } from './int32-offsets';
import {
  denseDictionary,
  doubleDictionary,
  int32Dictionary,
  type NumberDictionary,
} from './number-dictionary';
import { estimateNumberEncoding, type NumberEncodingEstimate } from './number-encoding-choice';
import { int32Range, numberRange, rangeOfAll } from './number-range';
import { Encoding } from './parquet-format';
import { codeWidth, putHybrid } from './rle-bit-packed';
import type { PageRows, ValueEncoding, ValueRange } from './value-encoding';
import { setInt64 } from './value-order';

/** See putDeltaInt32. */
const INT32_DELTA_RANGE = 2 ** 31;
/** See putDeltaInt64. */
const INT64_DELTA_BOUND = 2 ** 52;

type PutNumbers = (out: ByteBuffer, start: number, end: number) => void;

/** INT32 values: plain, as deltas or with a dictionary, whichever is estimated smallest. */
export function encodeInt32(values: Int32Array, pages: PageRows[]): ValueEncoding<number> {
  const plain: PutNumbers = (out, start, end) => putPlainInt32(out, values, start, end);
  if (pages.at(-1)!.end <= FEW_VALUES) return encodeFewNumbers(values, pages, plain);
  const ranges = pages.map(({ start, end }) => int32Range(values, start, end));
  return encodeOffsets({ base: 0, offsets: values, ranges }, pages, 32, {
    plain,
    distinct: (out, distinct) => putPlainInt32(out, distinct, 0, distinct.length),
  });
}

/** The same for INT64 values that doubles hold. */
export function encodeInt64(values: Float64Array, pages: PageRows[]): ValueEncoding<number> {
  const plain: PutNumbers = (out, start, end) => putPlainInt64(out, values, start, end, 0);
  if (pages.at(-1)!.end <= FEW_VALUES) return encodeFewNumbers(values, pages, plain);
  const near = int32Offsets(values, pages);
  if (!near) return encodeFar(values, pages, plain);
  return encodeOffsets(near, pages, 64, {
    plain,
    distinct: (out, distinct) => putPlainInt64(out, distinct, 0, distinct.length, near.base),
  });
}

/** Numbers that take `plainBits` where they are written plain. */
function encodeOffsets(
  { base, offsets, ranges }: Int32Offsets,
  pages: PageRows[],
  plainBits: number,
  put: { plain: PutNumbers; distinct: (out: ByteBuffer, distinct: Int32Array) => void },
): ValueEncoding<number> {
  const count = pages.at(-1)!.end;
  const whole = rangeOfAll(ranges);
  return smallest(offsets, count, plainBits, {
    plain: put.plain,
    delta:
      whole.maximum - whole.minimum < INT32_DELTA_RANGE
        ? (out, start, end) => putDeltaInt32(out, offsets, start, end, base)
        : undefined,
    dictionary: (estimate) =>
      isDense(whole, count, estimate)
        ? denseDictionary(offsets, whole)
        : estimate.tryDictionary
          ? int32Dictionary(offsets, count)
          : undefined,
    distinct: put.distinct,
    ranges: ranges.map(
      (range) => range && { minimum: base + range.minimum, maximum: base + range.maximum },
    ),
  });
}

/** INT64 values that are too far from each other to be INT32 offsets. */
function encodeFar(
  values: Float64Array,
  pages: PageRows[],
  plain: PutNumbers,
): ValueEncoding<number> {
  const count = pages.at(-1)!.end;
  const ranges = pages.map(({ start, end }) => numberRange(values, start, end));
  const { minimum, maximum } = rangeOfAll(ranges);
  return smallest(values, count, 64, {
    plain,
    delta:
      minimum > -INT64_DELTA_BOUND && maximum < INT64_DELTA_BOUND
        ? (out, start, end) => putDeltaInt64(out, values, start, end)
        : undefined,
    dictionary: (estimate) =>
      estimate.tryDictionary ? doubleDictionary(values, count) : undefined,
    distinct: (out, distinct) => putPlainInt64(out, distinct, 0, distinct.length, 0),
    ranges,
  });
}

function smallest<A extends Int32Array | Float64Array>(
  values: A,
  count: number,
  plainBits: number,
  ways: {
    plain: PutNumbers;
    delta: PutNumbers | undefined;
    dictionary: (estimate: NumberEncodingEstimate) => NumberDictionary<A> | undefined;
    distinct: (out: ByteBuffer, distinct: A) => void;
    ranges: ValueEncoding<number>['ranges'];
  },
): ValueEncoding<number> {
  const { ranges } = ways;
  const plain = { encoding: Encoding.PLAIN, put: ways.plain, ranges };
  const estimate = estimateNumberEncoding(values, count);
  const { deltaBits, hasRuns } = estimate;
  const [other, otherBits] =
    ways.delta && deltaBits < plainBits
      ? [{ encoding: Encoding.DELTA_BINARY_PACKED, put: ways.delta, ranges }, deltaBits]
      : [plain, plainBits];
  const dictionary = ways.dictionary(estimate);
  if (!dictionary) return other;
  const { codes, base, values: distinct } = dictionary;
  const width = codeWidth(distinct.length);
  // Runs take next to nothing.
  const codeBits = hasRuns ? 0 : width;
  if (codeBits + (distinct.length * plainBits) / count >= otherBits) return other;
  return {
    encoding: Encoding.RLE_DICTIONARY,
    dictionary: { size: distinct.length, put: (out) => ways.distinct(out, distinct) },
    put(out, start, end) {
      putByte(out, width);
      putHybrid(out, codes, start, end, width, base);
    },
    ranges,
  };
}

/** A range of so few numbers, most of which are there, needs no look at each value. */
const DENSE_RANGE = 64;

function isDense(
  { minimum, maximum }: ValueRange<number>,
  count: number,
  { distinct }: NumberEncodingEstimate,
): boolean {
  const size = maximum - minimum + 1;
  return size <= DENSE_RANGE && size * 8 <= count && codeWidth(size) <= codeWidth(distinct);
}

function putPlainInt32(out: ByteBuffer, values: Int32Array, start: number, end: number): void {
  reserve(out, (end - start) * 4);
  const { view } = out;
  let at = out.length;
  for (let i = start; i < end; i++, at += 4) view.setInt32(at, values[i]!, true);
  out.length = at;
}

/** Writes each value and `base` more. */
function putPlainInt64(
  out: ByteBuffer,
  values: ArrayLike<number>,
  start: number,
  end: number,
  base: number,
): void {
  reserve(out, (end - start) * 8);
  const { view } = out;
  let at = out.length;
  for (let i = start; i < end; i++, at += 8) setInt64(view, at, base + values[i]!);
  out.length = at;
}
