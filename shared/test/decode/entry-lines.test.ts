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
    const count = fc.constantFrom(1, 1, 1, 2, 1000);
    const steps = fc.array(fc.tuple(step, count), { maxLength: 60 });
    fc.assert(
      fc.property(fc.array(steps, { minLength: 1, maxLength: 4 }), (objects) => {
        const lines = createEntryLines();
        for (const object of objects) {
          let line = 1;
          const expected: number[] = [];
          for (const [step, count] of object) {
            lines.add((line += step), count);
            for (let i = 0; i < count; i++) expected.push(line + i);
            line += count - 1;
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
    for (let entry = 0; entry < 5000; entry++) lines.add(entry * 2 + 1, 1);
    expect([0, 1, 2500, 4999].map((entry) => lines.lineOf(entry))).toEqual([1, 3, 5001, 9999]);
  });
});
