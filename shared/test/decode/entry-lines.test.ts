import { createEntryLines } from '@saleslake/shared/decode/entry-lines';
import fc from 'fast-check';

describe('the lines of entries', () => {
  it('are known however they follow one another', () => {
    // Several records on a line, one on each, and some that were passed over.
    const step = fc.oneof(
      fc.constantFrom(0, 0, 1, 1),
      fc.nat({ max: 5 }),
      fc.nat({ max: 2 ** 20 }),
    );
    const isBad = fc.constantFrom(0, 0, 0, 1);
    const stages = fc.array(fc.array(fc.tuple(step, isBad), { maxLength: 20 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(stages, { minLength: 1, maxLength: 4 }), (objects) => {
        const lines = createEntryLines();
        for (const object of objects) {
          let line = 1;
          const expected: number[] = [];
          for (const stage of object) {
            const at = stage.map(([step]) => (line += step));
            lines.add(at.length, Uint32Array.from(at), Uint8Array.from(stage, ([, bad]) => bad));
            expected.push(...at.filter((_, row) => stage[row]![1] === 0));
          }
          expect(expected.map((_, entry) => lines.lineOf(entry))).toEqual(expected);
          lines.clear();
        }
      }),
      { seed: 20261122 },
    );
  });

  it('are known of many runs', () => {
    const lines = createEntryLines();
    const at = Uint32Array.from({ length: 5000 }, (_, entry) => entry * 2 + 1);
    lines.add(at.length, at, new Uint8Array(at.length));
    expect([0, 1, 2500, 4999].map((entry) => lines.lineOf(entry))).toEqual([1, 3, 5001, 9999]);
  });
});
