import { int32Offsets } from '@saleslake/shared/parquet/int32-offsets';
import { doubleDictionary, int32Dictionary } from '@saleslake/shared/parquet/number-dictionary';
import { numberRange, int32Range, rangeOfAll } from '@saleslake/shared/parquet/number-range';
import { encodeInt32 } from '@saleslake/shared/parquet/number-values';
import { MOST_DISTINCT } from '@saleslake/shared/parquet/kernel-code';
import { Encoding } from '@saleslake/shared/parquet/parquet-format';
import fc from 'fast-check';

const { PLAIN, RLE_DICTIONARY: RLE, DELTA_BINARY_PACKED: DELTA } = Encoding;

fc.configureGlobal({ seed: 20260305, numRuns: 100 });

const bound = (values: readonly number[]) => ({
  minimum: Math.min(...values),
  maximum: Math.max(...values),
});

/** All values on one page. */
const pages = (count: number) => [{ firstRow: 0, rowCount: count, start: 0, end: count }];

/** Values that repeat, over a range of the size. */
const repeating = (range: number): fc.Arbitrary<number[]> =>
  fc
    .uniqueArray(fc.integer({ min: -range / 2, max: range / 2 }), { minLength: 1, maxLength: 20 })
    .chain((some) => fc.array(fc.constantFrom(...some), { minLength: 1, maxLength: 200 }));

describe.each([
  ['a narrow range', 1000, (v: number[]) => int32Dictionary(Int32Array.from(v), v.length)],
  ['a wide range', 2 ** 32 - 2, (v: number[]) => int32Dictionary(Int32Array.from(v), v.length)],
  ['doubles', 2 ** 52, (v: number[]) => doubleDictionary(Float64Array.from(v), v.length)],
])('the dictionary of %s', (_name, range, dictionaryOf) => {
  it('has each value once, in order of appearance', () => {
    fc.assert(
      fc.property(repeating(range), (values) => {
        const dictionary = dictionaryOf(values)!;
        expect([...dictionary.values]).toEqual([...new Set(values)]);
        const codes = dictionary.codes.subarray(0, values.length);
        expect(Array.from(codes, (code) => dictionary.values[code])).toEqual(values);
      }),
    );
  });
});

describe('the encoding of numbers', () => {
  const encodingOf = (value: (i: number) => number) => {
    const values = Int32Array.from({ length: 4096 }, (_, i) => value(i));
    const { encoding, dictionary } = encodeInt32(values, pages(4096));
    return [encoding, dictionary?.size];
  };
  const scattered = (i: number) => Math.imul(i + 1, 0x9e3779b1) >>> 1;

  it.each<[string, (i: number) => number, [number, number | undefined]]>([
    ['few numbers of a range have all of it', (i) => 5 + (scattered(i) % 7), [RLE, 7]],
    ['one number is a dictionary of it', () => 3, [RLE, 1]],
    ['runs are a dictionary of all between', (i) => Math.floor(i / 300), [RLE, 14]],
    ['few numbers far apart are a dictionary', (i) => (scattered(i) % 7) * 1000, [RLE, 7]],
    ['small steps are deltas', (i) => i * 3 + (scattered(i) % 5), [DELTA, undefined]],
    ['all over the range is plain', (i) => scattered(i) - 2 ** 30, [PLAIN, undefined]],
  ])('%s', (_name, value, expected) => {
    expect(encodingOf(value)).toEqual(expected);
  });
});

it('a dictionary is of the numbers of all pages', () => {
  const values = Float64Array.from({ length: 40_000 }, (_, i) => (i % 5000) - 2 ** 40);
  for (const { values: distinct, codes } of [
    doubleDictionary(values, 40_000)!,
    int32Dictionary(
      Int32Array.from(values, (value) => value + 2 ** 40),
      40_000,
    )!,
  ]) {
    expect(distinct).toHaveLength(5000);
    expect(codes.subarray(0, 40_000)).toEqual(Int32Array.from(values, (_, i) => i % 5000));
  }
});

describe.each([
  ['near', 3],
  ['far', 100_003],
])('a dictionary of numbers that are %s', (_name, step) => {
  const numbers = (count: number) => Int32Array.from({ length: count }, (_, i) => i * step);

  it('has at most its largest size', () => {
    const full = numbers(MOST_DISTINCT);
    const dictionary = int32Dictionary(full, full.length);
    expect(dictionary!.values).toEqual(full);
    const over = numbers(MOST_DISTINCT + 1);
    expect(int32Dictionary(over, over.length)).toBeUndefined();
  });

  it('begins anew after one that was too large', () => {
    const over = numbers(2 * MOST_DISTINCT);
    int32Dictionary(over, over.length);
    const few = Int32Array.of(7 * step, 5 * step, 7 * step);
    const dictionary = int32Dictionary(few, 3)!;
    expect([...dictionary.values]).toEqual([7 * step, 5 * step]);
    expect([...dictionary.codes.subarray(0, 3)]).toEqual([0, 1, 0]);
  });
});

describe('int32Offsets', () => {
  it('are from the first value', () => {
    const near = fc.integer({ min: -(2 ** 30) + 1, max: 2 ** 30 - 1 });
    const first = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });
    fc.assert(
      fc.property(first, fc.array(near, { maxLength: 30 }), (base, offsets) => {
        const values = Float64Array.from([0, ...offsets], (offset) => base + offset);
        const found = int32Offsets(values, pages(values.length))!;
        expect(found.base).toBe(base);
        expect([...found.offsets.subarray(0, values.length)]).toEqual([0, ...offsets]);
      }),
    );
  });

  it.each([2 ** 30, -(2 ** 30), 2 ** 32, 2 ** 50])('are none where one would be %i', (offset) => {
    for (const at of [1, 4, 5, 9]) {
      const values = new Float64Array(10).fill(1e12);
      values[at]! += offset;
      expect(int32Offsets(values, pages(10))).toBeUndefined();
    }
  });
});

describe('the range of a page', () => {
  it('is from the least to the greatest of its values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 50 }),
        fc.nat(),
        (values, n) => {
          const start = n % values.length;
          const expected = bound(values.slice(start));
          expect(int32Range(Int32Array.from(values), start, values.length)).toEqual(expected);
          expect(numberRange(Float64Array.from(values), start, values.length)).toEqual(expected);
        },
      ),
    );
  });

  it('is none where it has no values, and counts for nothing among others', () => {
    expect(int32Range(Int32Array.of(1, 2), 1, 1)).toBeUndefined();
    const ranges = [undefined, { minimum: 1, maximum: 5 }, { minimum: -3, maximum: 2 }];
    expect(rangeOfAll(ranges)).toEqual({ minimum: -3, maximum: 5 });
  });
});
