import { MOST_VALUES } from '@saleslake/shared/parquet/kernel';
import { MOST_WORDS } from '@saleslake/shared/parquet/kernel-code';
import { Encoding } from '@saleslake/shared/parquet/parquet-format';
import { putHybrid } from '@saleslake/shared/parquet/rle-bit-packed';
import { createByteBuffer } from '@saleslake/shared/parquet/byte-buffer';
import { toUtf8 } from '@saleslake/shared/parquet/row-buffer';
import { encodeStrings } from '@saleslake/shared/parquet/string-values';

describe('strings with a dictionary', () => {
  /** A thousand codes of a few words that are spread over a dictionary of empty words. */
  function encoded(words: number) {
    const dictionary = { bytes: new Uint8Array(8), offsets: new Uint32Array(words + 1) };
    const codes = Uint32Array.from({ length: 1000 }, (_, i) => words - 1 - (i % 5));
    const page = { firstRow: 0, rowCount: 1000, start: 0, end: 1000 };
    return encodeStrings({ kind: 'dictionary', codes, dictionary }, [page]);
  }

  it('keep the words that they use', () => {
    const { encoding, dictionary } = encoded(MOST_WORDS);
    expect([encoding, dictionary?.size]).toEqual([Encoding.RLE_DICTIONARY, 5]);
  });

  it.each([
    ['that is looked through at once', 3000],
    ['that is not', MOST_VALUES + 1],
  ])('are the same with the dictionary of an object %s as with one of their own', (_, size) => {
    const words = Array.from({ length: size }, (_, i) => `word ${i}`);
    const bytesOf = (some: string[], codes: number[]) => {
      const pages = [0, 500].map((start) => ({
        firstRow: start,
        rowCount: 500,
        start,
        end: start + 500,
      }));
      const encoding = encodeStrings(
        { kind: 'dictionary', codes: Uint32Array.from(codes), dictionary: toUtf8(some) },
        pages,
      );
      const out = createByteBuffer();
      encoding.dictionary?.put(out);
      for (const { start, end } of pages) encoding.put(out, start, end);
      const { ranges, dictionary } = encoding;
      return { bytes: Buffer.from(out.bytes.subarray(0, out.length)), ranges, dictionary };
    };
    const used = [size - 1, 7, 1500, 0];
    const codes = Array.from({ length: 1000 }, (_, i) => (i < 500 ? i % 3 : i % 4));
    const own = bytesOf(
      used.map((i) => words[i]!),
      codes,
    );
    const shared = bytesOf(
      words,
      codes.map((code) => used[code]!),
    );
    expect(own.dictionary?.size).toBe(4);
    expect(shared.bytes).toEqual(own.bytes);
    expect(shared.ranges).toEqual(own.ranges);
  });

  it('are plain where it has more words than are looked up', () => {
    expect(encoded(MOST_WORDS + 1).encoding).toBe(Encoding.PLAIN);
  });
});

describe('the kernel', () => {
  it('takes no more than a page', () => {
    const out = createByteBuffer();
    const codes = new Int32Array(MOST_VALUES + 1);
    expect(() => putHybrid(out, codes, 0, MOST_VALUES + 1, 1)).toThrow(RangeError);
  });

  it('takes a page of the widest codes', () => {
    const out = createByteBuffer();
    const codes = Int32Array.from({ length: MOST_VALUES }, (_, i) => Math.imul(i, 0x9e3779b1));
    putHybrid(out, codes, 0, MOST_VALUES, 32);
    const packed = out.bytes.slice(out.length - MOST_VALUES * 4, out.length);
    expect(new Int32Array(packed.buffer)).toEqual(codes);
  });
});
