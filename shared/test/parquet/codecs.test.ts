import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { snappyUncompress } from 'hyparquet/src/snappy.js';
import {
  createByteBuffer,
  putBytes,
  putVarint,
  putZigzag,
  type ByteBuffer,
} from '@saleslake/shared/parquet/byte-buffer';
import { isWorthwhile, pageCodec } from '@saleslake/shared/parquet/codec';
import { putDeltaInt32, putDeltaInt64 } from '@saleslake/shared/parquet/delta-binary-packed';
import { codeWidth, putHybrid } from '@saleslake/shared/parquet/rle-bit-packed';
import { toUtf8 } from '@saleslake/shared/parquet/row-buffer';
import { putSnappy, putSnappyLiterals } from '@saleslake/shared/parquet/snappy';
import { idLength, snappyIds } from '@saleslake/shared/parquet/snappy-ids';
import fc from 'fast-check';

fc.configureGlobal({ seed: 20260301, numRuns: 100 });

function written(put: (out: ByteBuffer) => void): Uint8Array {
  // Begins small, and not at the start, so that growing and offsets are tested too.
  const out = createByteBuffer(4);
  out.length = 3;
  put(out);
  return out.bytes.slice(3, out.length);
}

/** Reads `count` values of `width` bits, bit by bit. */
function unpacked(bytes: Uint8Array, width: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      const at = i * width + bit;
      value += ((bytes[at >> 3]! >> (at & 7)) & 1) * 2 ** bit;
    }
    return value;
  });
}

function hybridDecoded(bytes: Uint8Array, width: number, count: number): number[] {
  const codes: number[] = [];
  let at = 0;
  while (codes.length < count) {
    let header = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++]!;
      header += (byte & 0x7f) * 2 ** shift;
      more = byte >= 0x80;
    }
    const times = header >> 1;
    if (header & 1) {
      codes.push(...unpacked(bytes.subarray(at), width, times * 8));
      at += times * width;
    } else {
      const size = Math.ceil(width / 8);
      const code = unpacked(bytes.subarray(at), size * 8, 1)[0]!;
      for (let i = 0; i < times; i++) codes.push(code);
      at += size;
    }
  }
  expect(at).toBe(bytes.length);
  return codes.slice(0, count);
}

/** Bytes without a pattern, the same at each call. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** Values of few distinct runs and of none, as columns have them. */
const withRuns = (value: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc
    .array(fc.tuple(value, fc.oneof(fc.constant(1), fc.nat(60))), { maxLength: 60 })
    .map((runs) => runs.flatMap(([code, times]) => Array<number>(times).fill(code)));

describe('variable-length integers', () => {
  it.each([
    [0, [0]],
    [127, [127]],
    [300, [0xac, 0x02]],
    [2 ** 53 - 1, [255, 255, 255, 255, 255, 255, 255, 15]],
  ])('writes %i as LEB128', (value, bytes) => {
    expect([...written((out) => putVarint(out, value))]).toEqual(bytes);
  });

  it.each([
    [0, [0]],
    [-1, [1]],
    [1, [2]],
    [-64, [127]],
  ])('writes %i as zigzag', (value, bytes) => {
    expect([...written((out) => putZigzag(out, value))]).toEqual(bytes);
  });
});

describe('putHybrid', () => {
  it('writes codes that its definition reads back', () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 31 })
          .chain((width) => fc.tuple(fc.constant(width), withRuns(fc.nat(2 ** width - 1)))),
        ([width, values]) => {
          const codes = Int32Array.from(values);
          const bytes = written((out) => putHybrid(out, codes, 0, codes.length, width));
          expect(hybridDecoded(bytes, width, codes.length)).toEqual(values);
        },
      ),
    );
  });

  it.each(Array.from({ length: 32 }, (_, i) => i + 1))(
    'packs codes of %i bits above a base, from any to any',
    (width) => {
      const base = -(2 ** 31) + 5;
      const random = Int32Array.from(noise(400), (byte, i) => Math.imul(byte + i, 0x9e3779b1));
      const fitting = Array.from(random, (value) => (value >>> 0) % 2 ** width);
      const codes = Int32Array.from(fitting, (value) => base + value);
      for (const [start, end] of [
        [0, 400],
        [1, 33],
        [3, 10],
        [40, 40],
        [64, 399],
      ] as const) {
        const bytes = written((out) => putHybrid(out, codes, start, end, width, base));
        expect(hybridDecoded(bytes, width, end - start)).toEqual(fitting.slice(start, end));
      }
    },
  );

  it('writes numbers as codes above a base', () => {
    fc.assert(
      fc.property(fc.integer(), withRuns(fc.nat(31)), (base, values) => {
        const least = Math.min(base, 2 ** 31 - 32);
        const numbers = Int32Array.from(values, (value) => least + value);
        const bytes = written((out) => putHybrid(out, numbers, 0, numbers.length, 5, least));
        expect(hybridDecoded(bytes, 5, numbers.length)).toEqual(values);
      }),
    );
  });

  it('writes a page of one code in three bytes', () => {
    const codes = new Int32Array(8000).fill(5);
    expect(written((out) => putHybrid(out, codes, 0, 8000, 3))).toHaveLength(3);
  });

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [256, 8],
    [257, 9],
  ])('gives %i codes %i bits', (count, width) => {
    expect(codeWidth(count)).toBe(width);
  });
});

describe('DELTA_BINARY_PACKED', () => {
  function decoded(bytes: Uint8Array, count: number): number[] {
    const output = new BigInt64Array(count);
    // Reads words of four bytes, so it wants some more of them.
    const view = new DataView(new Uint8Array([...bytes, 0, 0, 0, 0]).buffer);
    deltaBinaryUnpack({ view, offset: 0 }, count, output);
    return Array.from(output, Number);
  }

  it('writes INT32 values of a range below 2^31', () => {
    const base = fc.integer({ min: -(2 ** 31), max: 0 });
    const values = withRuns(fc.oneof(fc.nat(2 ** 31 - 1), fc.nat(100)));
    fc.assert(
      fc.property(base, values, (from, offsets) => {
        fc.pre(offsets.length > 0);
        const column = Int32Array.from(offsets, (offset) => from + offset);
        const bytes = written((out) => putDeltaInt32(out, column, 0, column.length));
        expect(decoded(bytes, column.length)).toEqual([...column]);
      }),
    );
  });

  it('writes INT32 values as offsets from a base', () => {
    const base = 1_772_000_000_000;
    const offsets = withRuns(fc.integer({ min: -(2 ** 30) + 1, max: 2 ** 30 - 1 }));
    fc.assert(
      fc.property(offsets, (values) => {
        fc.pre(values.length > 0);
        const column = Int32Array.from(values);
        const bytes = written((out) => putDeltaInt32(out, column, 0, column.length, base));
        expect(decoded(bytes, column.length)).toEqual(values.map((value) => base + value));
      }),
    );
  });

  it('writes INT64 values of a magnitude below 2^52', () => {
    const bound = 2 ** 52 - 1;
    const wide = fc.integer({ min: -bound, max: bound });
    const near = fc.integer({ min: 1.7e12, max: 1.7e12 + 1e9 });
    fc.assert(
      fc.property(fc.oneof(withRuns(wide), withRuns(near)), (values) => {
        fc.pre(values.length > 0);
        const column = Float64Array.from(values);
        const bytes = written((out) => putDeltaInt64(out, column, 0, column.length));
        expect(decoded(bytes, column.length)).toEqual(values);
      }),
    );
  });

  it('takes next to nothing for values at equal distances', () => {
    const column = Int32Array.from({ length: 1281 }, (_, i) => i * 60);
    const bytes = written((out) => putDeltaInt32(out, column, 0, column.length));
    expect(bytes.length).toBeLessThan(80);
  });
});

describe('putSnappy', () => {
  function roundTrip(bytes: Uint8Array): number {
    const from = createByteBuffer(16);
    putBytes(from, bytes);
    const compressed = written((out) => putSnappy(out, from, 0, from.length));
    const output = new Uint8Array(bytes.length);
    snappyUncompress(compressed, output);
    expect(Buffer.compare(output, bytes)).toBe(0);
    return compressed.length;
  }

  it('writes what another decoder reads back', () => {
    const text = withRuns(fc.integer({ min: 97, max: 102 })).map((codes) => Uint8Array.from(codes));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), text), (bytes) => {
        roundTrip(bytes);
      }),
    );
  });

  it('crosses blocks of 64 KiB', () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);
    expect(roundTrip(bytes)).toBeLessThan(30_000);
  });

  it('shrinks text that repeats, and does not grow bytes that do not by a hundredth', () => {
    const text = Buffer.from('{"product_name":"Desk lamp","category":"Home"}\n'.repeat(2000));
    expect(roundTrip(text)).toBeLessThan(text.length / 15);
    expect(roundTrip(noise(100_000))).toBeLessThan(101_000);
  });
});

describe('putSnappyLiterals', () => {
  it.each([0, 1, 60, 61, 256, 257, 65_536, 200_000])('writes %i bytes as they are', (length) => {
    const from = createByteBuffer();
    putBytes(from, noise(length));
    const compressed = written((out) => putSnappyLiterals(out, from, 0, length));
    const output = new Uint8Array(length);
    snappyUncompress(compressed, output);
    expect(Buffer.compare(output, from.bytes.subarray(0, length))).toBe(0);
    expect(compressed.length).toBeLessThanOrEqual(length + 16);
  });
});

describe('snappyIds', () => {
  /** Snappy's and PLAIN's sizes of the strings, once they were read back. */
  function roundTrip(ids: string[], head: number[] = [], start = 0): [number, number] {
    const values = toUtf8(ids);
    const length = idLength(values, 0, ids.length)!;
    const content = snappyIds(Uint8Array.from(head), values, length, start, ids.length);
    const plain = Buffer.concat([
      Uint8Array.from(head),
      ...ids.slice(start).map((id) => {
        const bytes = Buffer.from(`....${id}`);
        bytes.writeUInt32LE(bytes.length - 4);
        return bytes;
      }),
    ]);
    const output = new Uint8Array(plain.length);
    snappyUncompress(content.bytes, output);
    expect(Buffer.compare(output, plain)).toBe(0);
    expect(content.uncompressed).toBe(plain.length);
    return [content.bytes.length, plain.length];
  }

  it('writes what another decoder reads back', () => {
    const digit = fc.constantFrom('0', '1', 'a', 'é');
    const ids = fc
      .integer({ min: 8, max: 30 })
      .chain((length) =>
        fc.array(fc.string({ unit: digit, minLength: length, maxLength: length }), {
          minLength: 1,
          maxLength: 80,
        }),
      )
      .map((some) => {
        const length = Buffer.byteLength(some[0]!);
        return some.filter((id) => Buffer.byteLength(id) === length);
      });
    const runs = fc.array(fc.nat(5), { maxLength: 100 });
    fc.assert(
      fc.property(ids, runs, fc.array(fc.nat(255), { maxLength: 300 }), (some, times, head) => {
        const repeated = some.flatMap((id, i) => Array<string>((times[i] ?? 0) + 1).fill(id));
        fc.pre(Buffer.byteLength(repeated[0]!) <= 60);
        roundTrip(repeated, head);
        roundTrip(repeated, [], Math.floor(repeated.length / 2));
      }),
    );
  });

  it('takes two bytes less for a random id', () => {
    const digits = Buffer.from(noise(36 * 4000)).toString('hex');
    const ids = Array.from({ length: 4000 }, (_, i) => digits.slice(i * 36, i * 36 + 36));
    const [compressed, plain] = roundTrip(ids);
    expect(compressed).toBeLessThan(plain - 4000 * 2);
  });

  it('takes little for ids that count', () => {
    const ids = Array.from({ length: 5000 }, (_, i) => `order-2026-${String(i).padStart(8, '0')}`);
    const [compressed, plain] = roundTrip(ids);
    expect(compressed).toBeLessThan(plain / 2);
  });

  it('is for strings of one length, of which ids are', () => {
    const lengthOf = (...ids: string[]) => idLength(toUtf8(ids), 0, ids.length);
    expect(lengthOf('12345678', 'abcdefgh')).toBe(8);
    expect(lengthOf('12345678', '123456789', '1234567')).toBeUndefined();
    expect(lengthOf('x'.repeat(60))).toBe(60);
    expect(lengthOf('x'.repeat(61))).toBeUndefined();
    expect(lengthOf('1234567')).toBeUndefined();
    expect(idLength(toUtf8([]), 0, 0)).toBeUndefined();
  });
});

describe('pageCodec', () => {
  it('is only worthwhile where it shrinks', () => {
    const bytes = createByteBuffer();
    putBytes(bytes, Buffer.from('lamp'.repeat(500)));
    expect(isWorthwhile(pageCodec('snappy'), bytes, 0, 2000)).toBe(true);
    expect(isWorthwhile(pageCodec('uncompressed'), bytes, 0, 2000)).toBe(false);
    const codes = createByteBuffer();
    const values = Int32Array.from(noise(5000), (byte) => byte * 2);
    putHybrid(codes, values, 0, 5000, 9);
    expect(isWorthwhile(pageCodec('snappy'), codes, 0, codes.length)).toBe(false);
  });

  it('says which Node zstd needs, where this one lacks it', () => {
    if ('zstdCompressSync' in process.getBuiltinModule('node:zlib')) {
      expect(pageCodec('zstd').id).toBe(6);
    } else expect(() => pageCodec('zstd')).toThrow('zstd needs Node 22.15 or later');
  });
});
