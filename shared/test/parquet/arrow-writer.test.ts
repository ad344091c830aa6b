import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import {
  defaultParquetOptions,
  type ParquetFile,
  type ParquetOptions,
} from '@saleslake/shared/parquet/parquet-writer';
import { wasmMemory } from 'parquet-wasm';
import {
  everyType,
  everyTypeRow,
  everyTypeRows,
  openDuckDb,
  readRows,
  toBatch,
  writeBatches,
  type DuckDb,
  type EveryType,
} from './support';

let duckDb: DuckDb;
beforeAll(async () => {
  duckDb = await openDuckDb();
});
afterAll(() => duckDb.close());

const write = (batches: EveryType[][], options?: Partial<ParquetOptions>): Promise<Uint8Array> =>
  writeBatches(
    createArrowParquetFile,
    everyType,
    batches.map((rows) => toBatch(everyType, rows)),
    options,
  );

const wasmBytes = (): number =>
  (wasmMemory() as unknown as { buffer: ArrayBuffer }).buffer.byteLength;

describe('the arrow Parquet writer', () => {
  it('keeps files apart that are written at the same time', async () => {
    const sales = everyTypeRows(400);
    const files = [sales.slice(0, 150), sales.slice(150, 160), sales.slice(160)];
    const written = await Promise.all(files.map((rows) => write([rows], { rowGroupRows: 40 })));
    for (const [i, bytes] of written.entries()) {
      const path = duckDb.file(`apart-${i}.parquet`, bytes);
      expect(await readRows(duckDb, everyType, path)).toEqual(files[i]);
    }
  });

  it('takes row groups of more rows, fewer rows and longer text than the one before', async () => {
    const long = { ...everyTypeRow(7), id: 'i'.repeat(5000), maybe_id: 'Käufer'.repeat(1000) };
    const batches = [
      everyTypeRows(50),
      everyTypeRows(100),
      everyTypeRows(60),
      Array.from({ length: 50 }, () => long),
    ];
    const bytes = await write(batches, { rowGroupRows: 100 });
    const path = duckDb.file('sizes.parquet', bytes);
    expect(await readRows(duckDb, everyType, path)).toEqual(batches.flat());
  });

  it.each([1, 1024, 1025])('writes files of few rows and of more alike (%d)', async (count) => {
    const rows = everyTypeRows(count);
    const bytes = await write([rows]);
    const path = duckDb.file(`alike-${count}.parquet`, bytes);
    expect(await readRows(duckDb, everyType, path)).toEqual(rows);
    const schemaOf = (file: string) =>
      duckDb.query(`FROM parquet_schema('${file}') SELECT * EXCLUDE file_name`);
    // A whole row group goes to the encoder as it comes.
    const other = duckDb.file('streamed.parquet', await write([rows], { rowGroupRows: count }));
    expect(await schemaOf(path)).toEqual(await schemaOf(other));
  });

  it('takes row groups with nulls and row groups without in turn', async () => {
    const full = everyTypeRow(1);
    const withNulls = { ...full, maybe_id: null, maybe_at: null, maybe_day: null };
    const other = { ...withNulls, maybe_count: null, maybe_medium: null, maybe_huge: null };
    const batches = [
      [withNulls, full],
      [full, full],
      [other, withNulls],
      [full, full],
    ];
    const bytes = await write(batches, { rowGroupRows: 2 });
    const path = duckDb.file('nulls.parquet', bytes);
    expect(await readRows(duckDb, everyType, path)).toEqual(batches.flat());
  });

  it('writes a row group of many rows as the fast writer does', async () => {
    const batch = toBatch(everyType, everyTypeRows(17_000));
    const [arrow, fast] = await Promise.all(
      [createArrowParquetFile, createFastParquetFile].map(async (writer, i) =>
        duckDb.file(`many-${i}.parquet`, await writeBatches(writer, everyType, [batch])),
      ),
    );
    const rowsOf = (path = ''): string => `FROM read_parquet('${path}', file_row_number = true)`;
    const differences = await duckDb.query(
      `(${rowsOf(arrow)} EXCEPT ${rowsOf(fast)}) UNION ALL
        (${rowsOf(fast)} EXCEPT ${rowsOf(arrow)})`,
    );
    expect(differences).toEqual([]);
    const groups = await duckDb.query(
      `SELECT DISTINCT row_group_num_rows AS rows FROM parquet_metadata('${arrow}')`,
    );
    expect(groups).toEqual([{ rows: 17_000n }]);
  });

  it('writes numbers with a dictionary where they repeat and are far apart', async () => {
    const far = [3n, 999_999_999_999n, 500_000_000_001n];
    const rows = everyTypeRows(300).map((row, i) => ({ ...row, medium: far[(i * i) % 3]! }));
    const bytes = await write([rows]);
    const path = duckDb.file('dictionary.parquet', bytes);
    const columns = await duckDb.query(
      `SELECT path_in_schema AS name, encodings FROM parquet_metadata('${path}')`,
    );
    const encodings = new Map(columns.map(({ name, encodings: used }) => [name, String(used)]));
    expect(encodings.get('medium')).toMatch('RLE_DICTIONARY');
    expect(encodings.get('maybe_medium')).toMatch('DELTA_BINARY_PACKED');
    expect(encodings.get('day')).toMatch('DELTA_BINARY_PACKED');
    expect(await readRows(duckDb, everyType, path)).toEqual(rows);
  });

  describe('where files are written of few rows at a time', () => {
    const rows = everyTypeRows(4000);
    const append = (file: ParquetFile, start: number, end: number) =>
      file.append(toBatch(everyType, rows.slice(start, end)), true);

    it('makes all row groups as large as the first', async () => {
      const chunks: Uint8Array[] = [];
      const file = createArrowParquetFile(everyType, defaultParquetOptions, (bytes) => {
        chunks.push(new Uint8Array(bytes));
      });
      await append(file, 0, 1500);
      await append(file, 1500, 1600);
      await append(file, 1600, 4000);
      await file.finish();
      const path = duckDb.file('alike-groups.parquet', Buffer.concat(chunks));
      const groups = await duckDb.query(
        `SELECT DISTINCT row_group_id AS id, row_group_num_rows AS rows
          FROM parquet_metadata('${path}') ORDER BY id`,
      );
      expect(groups.map((group) => group.rows)).toEqual([1500n, 1500n, 1000n]);
      expect(await readRows(duckDb, everyType, path)).toEqual(rows);
    });

    it('takes next to no wasm memory for each file that is open', async () => {
      const open = () => createArrowParquetFile(everyType, defaultParquetOptions, () => {});
      const [first, ...others] = Array.from({ length: 31 }, open);
      async function fill(file: ParquetFile): Promise<void> {
        await append(file, 0, 1500);
        await append(file, 1500, 1600);
        await append(file, 1600, 3600);
      }
      await fill(first!);
      const before = wasmBytes();
      for (const file of others) await fill(file);
      expect(wasmBytes() - before).toBeLessThan(10e6);
      for (const file of [first!, ...others]) {
        expect(await file.finish()).toMatchObject({ rows: 3600 });
      }
    });
  });

  describe('leaves no memory behind', () => {
    const rows = toBatch(
      everyType,
      everyTypeRows(4000).map((row) => ({ ...row, id: row.id.padEnd(500, 'i') })),
    );
    const open = (write: () => void): ParquetFile =>
      createArrowParquetFile(everyType, { ...defaultParquetOptions, rowGroupRows: 6000 }, write);
    /** Each batch is 2 MB: the first waits for rows, the second completes a row group. */
    async function append(file: ParquetFile, times: number): Promise<void> {
      for (let i = 0; i < times; i++) {
        await file.append(rows);
        await file.flush();
      }
    }
    /** Megabytes by which wasm memory has grown after so many more files, once warm. */
    async function growth(writeFile: () => Promise<void>): Promise<number> {
      for (let i = 0; i < 3; i++) await writeFile();
      const before = wasmBytes();
      for (let i = 0; i < 10; i++) await writeFile();
      return (wasmBytes() - before) / 1e6;
    }

    it('in files of few rows', async () => {
      const few = toBatch(
        everyType,
        everyTypeRows(1000).map((row) => ({ ...row, id: row.id.padEnd(2000, 'i') })),
      );
      const grown = await growth(async () => {
        const file = open(() => {});
        await file.append(few);
        await file.finish();
      });
      expect(grown).toBeLessThan(5);
    });

    it('in files that are given up', async () => {
      const grown = await growth(async () => {
        const file = open(() => {});
        await append(file, 2);
        await file.abort();
      });
      expect(grown).toBeLessThan(20);
    });

    it('in files whose bytes cannot be written', async () => {
      const grown = await growth(async () => {
        const file = open(() => {
          throw new Error('No space left');
        });
        await expect(append(file, 5)).rejects.toThrow('parquet-wasm could not write the file');
      });
      expect(grown).toBeLessThan(20);
    });
  });
});
