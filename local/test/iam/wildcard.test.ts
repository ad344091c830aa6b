import fc from 'fast-check';
import { matchesWildcards } from '../../src/iam/wildcard';

const seed = 20260101;

describe('matchesWildcards', () => {
  it.each([
    ['s3:GetObject', 's3:GetObject', true],
    ['s3:GetObject', 's3:GetObjectAcl', false],
    ['s3:Get*', 's3:GetObject', true],
    ['s3:*Object', 's3:GetObject', true],
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['?', '', false],
    ['arn:aws:s3:::lake-?/raw/*', 'arn:aws:s3:::lake-1/raw/a/b.json', true],
    ['arn:aws:s3:::lake-?/raw/*', 'arn:aws:s3:::lake-12/raw/a', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*', '*', false],
    ['a.c', 'abc', false],
  ])('%j on %j: %j', (pattern, text, expected) => {
    expect(matchesWildcards(pattern, text)).toBe(expected);
  });

  it('agrees with a regular expression of the same meaning', () => {
    const letters = (alphabet: string[], maxLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...alphabet), maxLength });
    fc.assert(
      fc.property(
        letters(['a', 'b', '*', '?'], 8),
        letters(['a', 'b', '*'], 12),
        (pattern, text) => {
          const expression = pattern.replaceAll('?', '.').replaceAll('*', '.*');
          expect(matchesWildcards(pattern, text)).toBe(new RegExp(`^${expression}$`).test(text));
        },
      ),
      { seed, numRuns: 2000 },
    );
  });

  it('answers at once for a pattern on which a backtracking matcher would never end', () => {
    const pattern = `${'a*'.repeat(200)}b`;
    expect(matchesWildcards(pattern, 'a'.repeat(5000))).toBe(false);
  });
});
