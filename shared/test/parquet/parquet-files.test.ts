import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import { createParquetFiles } from '@saleslake/shared/parquet/parquet-files';
import { defaultParquetOptions } from '@saleslake/shared/parquet/parquet-writer';
import { parquetMetadata } from 'hyparquet';
import { everyType, everyTypeRows, toBatch } from './support';

const rows = everyTypeRows(10_000);

function openFiles(bufferBytes?: number) {
  const written = new Map<string, Uint8Array[]>();
  const files = createParquetFiles((name: string) => {
    const chunks: Uint8Array[] = [];
    written.set(name, chunks);
    return createFastParquetFile(everyType, defaultParquetOptions, (bytes) => {
      chunks.push(new Uint8Array(bytes));
    });
  }, bufferBytes);
  const append = (name: string, count: number, isLast = false): Promise<void> =>
    files.append(name, toBatch(everyType, rows.slice(0, count)), isLast);
  /** Of each file how many rows its row groups have. */
  const finish = async (): Promise<Record<string, number[]>> => {
    await files.finish();
    return Object.fromEntries(
      [...written].map(([name, chunks]) => {
        const file = new Uint8Array(Buffer.concat(chunks)).buffer;
        return [name, parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))];
      }),
    );
  };
  return { files, written, append, finish };
}

describe('createParquetFiles', () => {
  it('writes a file for each key', async () => {
    const { append, finish } = openFiles();
    await append('a', 3);
    await append('b', 2);
    expect(await finish()).toEqual({ a: [3], b: [2] });
  });

  it('lets few rows wait for others of their file', async () => {
    const { append, finish } = openFiles();
    await append('a', 500);
    await append('b', 1);
    await append('a', 700);
    expect(await finish()).toEqual({ a: [1200], b: [1] });
  });

  it('writes many rows as they come, with those that wait', async () => {
    const { append, written, finish } = openFiles();
    await append('a', 500);
    await append('a', 5000);
    expect(written.get('a')).not.toEqual([]);
    await append('a', 6000);
    expect(await finish()).toEqual({ a: [5500, 6000] });
  });

  it('writes the last rows of a file at once', async () => {
    const { append, written } = openFiles();
    await append('a', 3, true);
    expect(written.get('a')).not.toEqual([]);
  });

  it('has the file with most rows write them where all take more memory than they may', async () => {
    const { append, finish } = openFiles(400_000);
    await append('a', 500);
    await append('b', 1000);
    await append('c', 500);
    await append('b', 10);
    expect(await finish()).toEqual({ a: [500], b: [1000, 10], c: [500] });
  });

  it('tells how many rows and bytes each file has', async () => {
    const { files, append, written } = openFiles();
    await append('a', 3);
    await append('b', 2);
    const sizes = [...(await files.finish())].map(([name, { rows, bytes }]) => [name, rows, bytes]);
    const size = (name: string): number => Buffer.concat(written.get(name)!).length;
    expect(sizes).toEqual([
      ['a', 3, size('a')],
      ['b', 2, size('b')],
    ]);
  });
});
