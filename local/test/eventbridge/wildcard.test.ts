import fc from 'fast-check';
import { compileWildcard } from '../../src/eventbridge/wildcard';

const settings = { seed: 20260101, numRuns: 300 };
const escape = (text: string): string => text.replace(/[\\*]/g, '\\$&');
// A small alphabet, so that literals overlap and repeat.
const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '\\', '\n'), maxLength: 6 });
const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });

describe('a wildcard', () => {
  it('without a star matches just its own text', () => {
    fc.assert(
      fc.property(text, text, (pattern, other) => {
        expect(compileWildcard(escape(pattern))(other)).toBe(pattern === other);
      }),
      settings,
    );
  });

  it('matches its literals with any text in between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), text, (pairs, end) => {
        const parts = pairs.filter(([literal], i) => literal !== '' || i === 0);
        const last = end === '' && parts.length > 0 ? 'a' : end;
        const pattern = [...parts.map(([literal]) => literal), last].map(escape).join('*');
        const example = parts.map(([literal, filling]) => literal + filling).join('') + last;
        expect(compileWildcard(pattern)(example)).toBe(true);
      }),
      settings,
    );
  });

  it('agrees with the regular expression that says the same', () => {
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 4 }), letters, (parts, subject) => {
        const pattern = parts.filter((part, i) => part || i === 0).join('*');
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 's').test(subject);
        expect(compileWildcard(pattern)(subject)).toBe(expected);
      }),
      settings,
    );
  });
});
