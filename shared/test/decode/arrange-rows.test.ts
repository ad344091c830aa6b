import { createRowArranger } from '@saleslake/shared/decode/arrange-rows';
import type { ColumnBatch, ColumnVector } from '@saleslake/shared/parquet/column-batch';
import fc from 'fast-check';
import { everyType, everyTypeRows, toBatch, valuesOf } from '../parquet/support';

const rows = everyTypeRows(60);

const batch = toBatch(everyType, rows);

/** Some rows, and their places. */
const arrangement = fc
  .subarray([...rows.keys()])
  .chain((some) =>
    fc.tuple(
      fc.constant(some),
      fc.shuffledSubarray([...some.keys()], { minLength: some.length, maxLength: some.length }),
    ),
  );

describe('createRowArranger', () => {
  it('puts any rows into any order, with columns of every kind', () => {
    const arrange = createRowArranger();
    fc.assert(
      fc.property(arrangement, ([some, places]) => {
        const expected: typeof rows = [];
        some.forEach((row, i) => (expected[places[i]!] = rows[row]!));
        const arranged = arrange(batch, Uint32Array.from(some), Uint32Array.from(places));
        expect(valuesOf(arranged)).toEqual(valuesOf(toBatch(everyType, expected)));
      }),
      { seed: 20260301 },
    );
  });

  it('leaves the batch as it is', () => {
    createRowArranger()(batch, Uint32Array.of(1, 2, 3), Uint32Array.of(1, 2, 0));
    expect(valuesOf(batch)).toEqual(valuesOf(toBatch(everyType, rows)));
  });

  it.each([
    ['few rows', 100, 5],
    ['more rows than are moved at a time', 20_000, 5],
    ['more rows than have a place at a time', 150_000, 5],
    ['texts that are too long to be moved together', 20_000, 300],
    ['a text that is longer than all others together', 10, 3_000_000],
  ])('moves %s', (_, count, longest) => {
    const random = prng(count);
    const texts = Array.from({ length: count }, (_, i) =>
      String(i).padEnd(i === 7 ? longest : random() % Math.min(longest, 400), 'é'),
    );
    const ints = Int32Array.from(texts, (_, i) => i * 3);
    const doubles = Float64Array.from(texts, (_, i) => i * 2 ** 33);
    const bytes = Buffer.from(texts.join(''));
    const offsets = new Uint32Array(count + 1);
    texts.forEach((text, i) => (offsets[i + 1] = offsets[i]! + Buffer.byteLength(text)));
    const big: ColumnBatch = {
      rowCount: count,
      columns: [
        { kind: 'int32', values: ints },
        { kind: 'int64', values: doubles },
        { kind: 'utf8', values: { bytes, offsets } },
      ],
    };
    // Two rows of three, and the last of them first.
    const some = Uint32Array.from([...texts.keys()].filter((row) => row % 3 > 0));
    const arranged = createRowArranger()(
      big,
      some,
      some.map((_, i) => some.length - 1 - i),
    );
    const expected = some.slice().reverse();
    const [first, second, third] = arranged.columns as [Ints, Doubles, Texts];
    expect(first.values.subarray(0, some.length)).toEqual(Int32Array.from(expected, (i) => i * 3));
    expect(second.values.subarray(0, some.length)).toEqual(
      Float64Array.from(expected, (i) => i * 2 ** 33),
    );
    const { bytes: moved, offsets: ends } = third.values;
    const found = Buffer.from(moved);
    expect(Array.from(expected, (_, i) => found.toString('utf8', ends[i], ends[i + 1]))).toEqual(
      Array.from(expected, (row) => texts[row]),
    );
  });
});

type Ints = ColumnVector & { kind: 'int32' };
type Doubles = ColumnVector & { kind: 'int64' };
type Texts = ColumnVector & { kind: 'utf8' };

/** Whole numbers that look random, the same for the same seed. */
function prng(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1);
}
