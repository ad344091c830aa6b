import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import { footerRows, ParquetFooterError } from '@saleslake/shared/parquet/footer-rows';
import fc from 'fast-check';
import { everyType, everyTypeRows, toBatch, writeBatches } from './support';

const seed = 20260304;
const rows = everyTypeRows(300);

describe.each([
  ['fast', createFastParquetFile],
  ['arrow', createArrowParquetFile],
] as const)('the rows of a file by the %s writer', (_name, writer) => {
  const write = (count: number, rowGroupRows: number, metadata = {}) => {
    const batches = count > 0 ? [toBatch(everyType, rows.slice(0, count))] : [];
    return writeBatches(writer, everyType, batches, { rowGroupRows, metadata });
  };

  it('are read from its footer, however many row groups it has and whatever metadata', async () => {
    const metadata = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.integer({ min: 1, max: 300 }),
        metadata,
        async (n, size, some) => {
          expect(footerRows(await write(n, size, some))).toEqual({ rows: n });
        },
      ),
      { seed, numRuns: 25 },
    );
  });

  it('are told by as many of the last bytes as it asks for, and no fewer', async () => {
    const file = await write(300, 2);
    const first = footerRows(file.subarray(-1000)) as { needed: number };
    // 16 columns in each of 150 row groups.
    expect(first.needed).toBeGreaterThan(64 << 10);
    expect(footerRows(file.subarray(-first.needed))).toEqual({ rows: 300 });
    expect(footerRows(file.subarray(1 - first.needed))).toEqual(first);
  });

  it('are never made up where the file is cut', async () => {
    const file = await write(20, 5);
    await fc.assert(
      fc.asyncProperty(fc.nat(file.length - 1), (length) => {
        expect(() => footerRows(file.subarray(0, length))).toThrow(ParquetFooterError);
        return Promise.resolve();
      }),
      { seed, numRuns: 100 },
    );
  });
});

it('is refused where the footer is any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(bytes.length);
      trailer.write('PAR1', 4);
      try {
        const found = footerRows(Buffer.concat([bytes, trailer])) as { rows: number };
        expect(found.rows).toBeGreaterThanOrEqual(0);
      } catch (error) {
        expect(error).toBeInstanceOf(ParquetFooterError);
      }
    }),
    { seed, numRuns: 500 },
  );
});

it.each([
  ['nested without end', [0x1c, ...Array<number>(50).fill(0x1c)], /nested too deeply/],
  ['without a number of rows', [0x15, 0x02, 0x00], /no number of rows/],
  ['that ends early', [0x15, 0x02, 0x29], /ends early/],
  ['with a negative number of rows', [0x36, 0x01, 0x00], /-1 rows/],
])('is refused where the footer is one %s', (_name, footer, problem) => {
  const trailer = [footer.length, 0, 0, 0, ...Buffer.from('PAR1')];
  expect(() => footerRows(Uint8Array.from([...footer, ...trailer]))).toThrow(problem);
});
