import { decimal, int32, string } from '@saleslake/shared/contract/column';
import { defineTable } from '@saleslake/shared/contract/table-contract';
import { FEW_VALUES } from '@saleslake/shared/parquet/few-values';
import { encodeInt32, encodeInt64 } from '@saleslake/shared/parquet/number-values';
import { Encoding } from '@saleslake/shared/parquet/parquet-format';
import { toUtf8 } from '@saleslake/shared/parquet/row-buffer';
import { encodeStrings } from '@saleslake/shared/parquet/string-values';
import type { PageRows } from '@saleslake/shared/parquet/value-encoding';
import { toBatch, writeBatches } from './support';

const words = { kind: 'dictionary', dictionary: toUtf8(['word']) } as const;

describe('a few values of a column', () => {
  it.each<[string, (count: number, pages: PageRows[]) => { encoding: number }]>([
    ['integers', (count, pages) => encodeInt32(new Int32Array(count), pages)],
    ['numbers of 64 bits', (count, pages) => encodeInt64(new Float64Array(count), pages)],
    ['texts', (count, pages) => encodeStrings({ ...words, codes: new Uint32Array(count) }, pages)],
  ])('are plain where they are %s, though all are the same', (_, encode) => {
    const encodingOf = (count: number): number =>
      encode(count, [{ firstRow: 0, rowCount: count, start: 0, end: count }]).encoding;
    expect(encodingOf(FEW_VALUES)).toBe(Encoding.PLAIN);
    expect(encodingOf(FEW_VALUES + 1)).toBe(Encoding.RLE_DICTIONARY);
  });

  it('make a file for which no kernel is compiled', async () => {
    const comment = 'A column.';
    const columns = {
      id: string({ comment }),
      count: int32({ comment }),
      price: decimal(12, 2, { comment }),
    };
    const contract = defineTable({
      name: 'few',
      version: 1,
      comment,
      columns,
      key: ['id'],
      partitioning: undefined,
    });
    const row = { id: 'a', count: 1, price: 299n };
    await jest.isolateModulesAsync(async () => {
      const kernelCode = '@saleslake/shared/parquet/kernel-code';
      jest.doMock(kernelCode, () => ({
        ...jest.requireActual<object>(kernelCode),
        get KERNEL_CODE(): string {
          throw new Error('the kernel was compiled');
        },
      }));
      const { createFastParquetFile } = await import('@saleslake/shared/parquet/fast-writer');
      const write = (rows: number): Promise<Uint8Array> => {
        const batch = toBatch(
          contract,
          Array.from({ length: rows }, () => row),
        );
        return writeBatches(createFastParquetFile, contract, [batch]);
      };
      expect((await write(FEW_VALUES)).length).toBeGreaterThan(0);
      await expect(write(FEW_VALUES + 1)).rejects.toThrow('the kernel was compiled');
    });
  });
});
