import { createRowArranger } from '@saleslake/shared/decode/arrange-rows';
import fc from 'fast-check';
import { everyType, everyTypeRows, toBatch, valuesOf } from '../parquet/support';

const rows = everyTypeRows(60);

const batch = toBatch(everyType, rows);

/** Some rows, and their places. */
const arrangement = fc
  .shuffledSubarray([...rows.keys()])
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
    createRowArranger()(batch, Uint32Array.of(3, 1, 2), Uint32Array.of(1, 2, 0));
    expect(valuesOf(batch)).toEqual(valuesOf(toBatch(everyType, rows)));
  });
});
