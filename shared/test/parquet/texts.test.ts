import { createByteBuffer } from '@saleslake/shared/parquet/byte-buffer';
import { commonLength, kernel, MOST_TEXT_BYTES } from '@saleslake/shared/parquet/kernel';
import { toUtf8 } from '@saleslake/shared/parquet/row-buffer';
import { encodeStrings } from '@saleslake/shared/parquet/string-values';
import { textRange } from '@saleslake/shared/parquet/text-range';
import { wordUsage } from '@saleslake/shared/parquet/word-usage';
import fc from 'fast-check';

fc.configureGlobal({ seed: 20260301, numRuns: 200 });

/** Texts of which many share their beginning, whole words or all. */
const texts = fc
  .tuple(fc.string(), fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { minLength: 1 }))
  .chain(([prefix, ends]) =>
    fc.array(fc.constantFrom(...ends, ...ends.map((end) => prefix + end)), {
      minLength: 1,
      maxLength: 60,
    }),
  );

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function leastAndGreatest(some: string[]): [string, string] {
  const sorted = [...some].sort(byBytes);
  return [sorted[0]!, sorted.at(-1)!];
}

function shown(range: { minimum: Uint8Array; maximum: Uint8Array } | undefined) {
  return range && [range.minimum, range.maximum].map((text) => Buffer.from(text).toString());
}

/** As PLAIN. */
function written(some: string[], start: number, end: number): Buffer {
  const values = toUtf8(some);
  const page = { firstRow: 0, rowCount: some.length, start: 0, end: some.length };
  const out = createByteBuffer();
  const encoding = encodeStrings({ kind: 'utf8', values }, [page]);
  encoding.put(out, start, end);
  expect(shown(encoding.ranges[0])).toEqual(leastAndGreatest(some.slice(start, end)));
  return Buffer.from(out.bytes.slice(0, out.length));
}

function plain(some: string[]): Buffer {
  return Buffer.concat(
    some.flatMap((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );
}

describe('the range of texts', () => {
  it('is that of their bytes', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (some, from) => {
        const start = from % some.length;
        const range = textRange(toUtf8(some), start, some.length, (count) =>
          kernel().findTextRange(count),
        );
        expect(shown(range)).toEqual(leastAndGreatest(some.slice(start)));
      }),
    );
  });

  it('is none of no texts', () => {
    expect(
      textRange(toUtf8(['a']), 1, 1, (count) => kernel().findTextRange(count)),
    ).toBeUndefined();
  });

  it('is that of the words which a page has met', () => {
    const codes = fc.array(fc.array(fc.nat(), { maxLength: 20 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(texts, codes, (some, codesOfPages) => {
        const words = [...new Set(some)];
        const inPages = codesOfPages.map((page) => page.map((code) => code % words.length));
        let end = 0;
        const pages = inPages.map((page) => {
          const start = end;
          end += page.length;
          return { firstRow: start, rowCount: page.length, start, end };
        });
        const { ranges, used } = wordUsage(toUtf8(words), Uint32Array.from(inPages.flat()), pages);
        expect(used).toBe(new Set(inPages.flat()).size);
        expect(ranges.map(shown)).toEqual(
          inPages.map((page) =>
            page.length > 0 ? leastAndGreatest(page.map((code) => words[code]!)) : undefined,
          ),
        );
      }),
    );
  });
});

describe('plain texts', () => {
  it('are written behind their lengths', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (some, from) => {
        const start = from % some.length;
        expect(written(some, start, some.length)).toEqual(plain(some.slice(start)));
      }),
    );
  });

  it('may be longer, alone and together, than what the kernel takes at a time', () => {
    const long = 'x'.repeat(MOST_TEXT_BYTES + 1);
    const half = 'y'.repeat(MOST_TEXT_BYTES / 2 + 1);
    const some = ['b', long, half, 'a', half, `${long}x`, 'z'];
    expect(written(some, 0, some.length).equals(plain(some))).toBe(true);
    expect(written(some, 1, 2).equals(plain([long]))).toBe(true);
    expect(written(some, 1, 6).equals(plain(some.slice(1, 6)))).toBe(true);
  });
});

describe('commonLength', () => {
  it('is what all texts have', () => {
    fc.assert(
      fc.property(texts, fc.nat(), (some, from) => {
        const start = from % some.length;
        const lengths = new Set(some.slice(start).map((text) => Buffer.byteLength(text)));
        const common = lengths.size === 1 ? [...lengths][0] : undefined;
        expect(commonLength(toUtf8(some), start, some.length)).toBe(common);
      }),
    );
  });

  it('looks at all texts of several pages', () => {
    const some = Array.from({ length: 40_000 }, (_, i) => String(10_000 + i));
    expect(commonLength(toUtf8(some), 0, 40_000)).toBe(5);
    expect(commonLength(toUtf8(some.with(39_999, '1')), 0, 40_000)).toBeUndefined();
    expect(commonLength(toUtf8([...some.slice(0, 16_384), 'abc']), 0, 16_385)).toBeUndefined();
  });
});
