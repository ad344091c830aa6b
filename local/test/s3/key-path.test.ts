import { sep, join, normalize } from 'node:path';
import fc from 'fast-check';
import { compareKeys, keyOfPath, pathOfKey, shadowed } from '../../src/s3/key-path';

const SEED = 20260102;

// Segments that need care beside such that need none.
const segment = fc.oneof(
  fc.constantFrom('', '.', '..', 'a', '^', '^f', '^2E', 'x.tmp', '.tmp', '\\', '\0', 'é', '😀'),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', '.', '^', '\0', '\u{1F600}'), maxLength: 300 }),
);
const key = fc
  .array(segment, { minLength: 1, maxLength: 6 })
  .map((segments) => segments.join('/'))
  .filter((text) => text !== '' && text.isWellFormed() && Buffer.byteLength(text) <= 1024);

describe('the path of a key', () => {
  it.each([
    'raw/transactions/date=2026-01-02/a b+c%20(1).json',
    'processed/year=2026/month=01/größe-日本.parquet',
    'a',
    '.hidden/..b/c..',
  ])('is the key itself: %s', (plain) => {
    expect(pathOfKey(plain)).toBe(plain);
  });

  it.each([
    ['..', '^2E^2E'],
    ['a/./b', 'a/^2E/b'],
    ['/a', '^/a'],
    ['a//b', 'a/^/b'],
    ['a/', 'a/^'],
    ['a^b', 'a^5Eb'],
    ['a\0b', 'a^00b'],
    ['a\\b', 'a^5Cb'],
    ['part.tmp', 'part^2Etmp'],
    ['x'.repeat(255), `${'x'.repeat(249)}^/xxxxxx`],
    [`${'x'.repeat(249)}..`, `${'x'.repeat(249)}^/^2E^2E`],
    [`${'x'.repeat(249)}...`, `${'x'.repeat(249)}^/...`],
  ])('escapes what cannot be a file name', (given, path) => {
    expect(pathOfKey(given)).toBe(path);
  });

  it('leads back to the key', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(keyOfPath(pathOfKey(text))).toBe(text);
        expect(keyOfPath(shadowed(pathOfKey(text)))).toBe(text);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('is another for every key, in its shadowed form too', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        fc.pre(a !== b);
        const paths = [pathOfKey(a), shadowed(pathOfKey(a)), pathOfKey(b), shadowed(pathOfKey(b))];
        expect(new Set(paths).size).toBe(4);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('stays inside the folder of the bucket, in names that a file system takes', () => {
    fc.assert(
      fc.property(key, (text) => {
        const path = shadowed(pathOfKey(text));
        expect(normalize(join('/bucket', path))).toBe(`/bucket/${path}`.replaceAll('/', sep));
        for (const name of path.split('/')) {
          expect(name).not.toMatch(/^\.{0,2}$/);
          expect(name).not.toContain('\0');
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each(['upload.tmp', 'a^zz', 'a^2Eb', '^41'])('no key leads to %s', (path) => {
    expect(keyOfPath(path)).toBeUndefined();
  });
});

describe('the order of keys', () => {
  it('is the order of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { seed: SEED, numRuns: 200 },
    );
    expect(compareKeys('\u{1F600}', '\uFFFD')).toBeGreaterThan(0);
  });
});
