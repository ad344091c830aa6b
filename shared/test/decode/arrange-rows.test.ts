import { createRowArranger } from '@saleslake/shared/decode/arrange-rows';
import { toUtf8 } from '@saleslake/shared/parquet/row-buffer';
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
        const arranged = arrange(batch, {
          rows: Uint32Array.from(some),
          places: Uint32Array.from(places),
        });
        expect(valuesOf(arranged)).toEqual(valuesOf(toBatch(everyType, expected)));
      }),
      { seed: 20260301 },
    );
  });

  it('leaves the batch as it is', () => {
    createRowArranger()(batch, { rows: Uint32Array.of(1, 2, 3), places: Uint32Array.of(1, 2, 0) });
    expect(valuesOf(batch)).toEqual(valuesOf(toBatch(everyType, rows)));
  });

  it('moves texts of any length and characters', () => {
    const texts = fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(texts, (some) => {
        const backwards = [...some.keys()].reverse();
        const arranged = createRowArranger()(
          { rowCount: some.length, columns: [{ kind: 'utf8', values: toUtf8(some) }] },
          { rows: Uint32Array.from(some.keys()), places: Uint32Array.from(backwards) },
        );
        expect(valuesOf(arranged)).toEqual([some.reverse()]);
      }),
      { seed: 20260301 },
    );
  });

  it.each([
    ['many rows', 40_000, 5],
    ['long texts', 10_000, 300],
    ['a text that is longer than all others together', 10, 1_500_000],
  ])('moves %s', (_, count, longest) => {
    const texts = Array.from({ length: count }, (_, i) =>
      String(i).padEnd(i === 7 ? longest : i % Math.min(longest, 400), 'é'),
    );
    const ints = Int32Array.from(texts, (_, i) => i * 3);
    const doubles = Float64Array.from(texts, (_, i) => i * 2 ** 33);
    // Two rows of three, and the last of them first.
    const rows = Uint32Array.from([...texts.keys()].filter((row) => row % 3 > 0));
    const arranged = createRowArranger()(
      {
        rowCount: count,
        columns: [
          { kind: 'int32', values: ints },
          { kind: 'int64', values: doubles },
          { kind: 'utf8', values: toUtf8(texts) },
        ],
      },
      { rows, places: rows.map((_, i) => rows.length - 1 - i) },
    );
    const expected = [...rows].reverse();
    expect(valuesOf(arranged)).toEqual([
      expected.map((row) => ints[row]),
      expected.map((row) => doubles[row]),
      expected.map((row) => texts[row]),
    ]);
  });
});
