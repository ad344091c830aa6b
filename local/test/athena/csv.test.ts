import fc from 'fast-check';
import { csvRow, parseCsvRow, rowsOf } from '../../src/athena/csv';

describe('a row of CSV results', () => {
  it('has every value in quotes and NULL as nothing', () => {
    expect(csvRow(['a', '', null, 'say "hi"'])).toBe('"a","",,"say ""hi"""\n');
  });
});

it('rows of any text are read back, however the file is cut into chunks', async () => {
  const value = fc.option(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', 'é', '💶') }));
  const rows = fc.array(fc.array(value, { minLength: 1, maxLength: 3 }));
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 9 }), async (written, chunkSize) => {
      const file = Buffer.from(written.map(csvRow).join(''));
      const read: (string | null)[][] = [];
      let end = 0;
      for await (const row of rowsOf(chunksOf(file, chunkSize), true)) {
        read.push(parseCsvRow(row.bytes.toString()));
        ({ end } = row);
      }
      expect(read).toEqual(written);
      expect(end).toBe(file.length);
    }),
    { seed: 7 },
  );
});

async function* chunksOf(file: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += size) {
    yield await Promise.resolve(file.subarray(at, at + size));
  }
}
