import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import {
  defaultParquetOptions,
  type ParquetFile,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import { decodeRecords } from '@saleslake/shared/decode/decode-records';
import { transactions } from '@saleslake/shared/tables/transactions';
import { cut, sale } from './decode/decoding';
import { openDuckDb, type DuckDb } from './parquet/support';

const writers: [string, ParquetWriter][] = [
  ['fast', createFastParquetFile],
  ['arrow', createArrowParquetFile],
];

const DAYS = 3;
const sales = Array.from({ length: 9000 }, (_, i) => ({
  // In no order, so that each row group has a range of its own.
  id: `T${String((i * 7919) % 9000).padStart(5, '0')}`,
  day: (i * 31) % DAYS,
  customer: `C${(i * 13) % 700}`,
}));

/** Decodes all sales and writes a file for each day, with what is read later over what was before. */
async function writeDays(writer: ParquetWriter): Promise<Uint8Array[]> {
  const files: { file: ParquetFile; chunks: Uint8Array[] }[] = [];
  const text = sales
    .map(({ id, day, customer }) =>
      sale(id, { timestamp: `2026-03-0${day + 1}T10:00:00Z`, customer_id: customer }),
    )
    .join('\n');
  // eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source of what is there
  const pieces = (async function* () {
    yield* cut(text, 50_000);
  })();
  await decodeRecords(pieces, transactions, {
    batchRows: 1500,
    onRows(partition, batch, isLast) {
      const day = partition!.day - 1;
      if (!files[day]) {
        const chunks: Uint8Array[] = [];
        const options = { ...defaultParquetOptions, rowGroupRows: 800 };
        const file = writer(transactions, options, (bytes) => chunks.push(new Uint8Array(bytes)));
        files[day] = { file, chunks };
      }
      return files[day].file.append(batch, isLast);
    },
    onReject() {
      throw new Error('every sale is good');
    },
  });
  for (const { file } of files) await file.finish();
  return files.map(({ chunks }) => Buffer.concat(chunks));
}

describe.each(writers)('files that the %s writer makes of decoded batches', (name, writer) => {
  let duckDb: DuckDb;
  let paths: string[];
  beforeAll(async () => {
    duckDb = await openDuckDb();
    const files = await writeDays(writer);
    paths = files.map((bytes, day) => duckDb.file(`${name}-${day}.parquet`, bytes));
  });
  afterAll(() => duckDb.close());

  it('have the rows of their day in the order of the object', async () => {
    expect(paths).toHaveLength(DAYS);
    for (const [day, path] of paths.entries()) {
      const rows = await duckDb.query(
        `SELECT transaction_id AS id, customer_id AS customer FROM read_parquet('${path}')`,
      );
      const expected = sales.filter((row) => row.day === day);
      expect(rows).toEqual(expected.map(({ id, customer }) => ({ id, customer })));
    }
  });

  it.each([
    ['transaction_id', 'id'],
    ['customer_id', 'customer'],
  ] as const)(
    'say of each row group which %s is the least and the greatest',
    async (column, key) => {
      for (const [day, path] of paths.entries()) {
        const groups = await duckDb.query(
          `SELECT row_group_num_rows AS count, stats_min_value AS least, stats_max_value AS greatest
        FROM parquet_metadata('${path}') WHERE path_in_schema = '${column}' ORDER BY row_group_id`,
        );
        expect(groups.length).toBeGreaterThan(2);
        const values = sales.filter((row) => row.day === day).map((row) => row[key]);
        let row = 0;
        for (const { count, least, greatest } of groups) {
          const own = values.slice(row, (row += Number(count))).sort();
          expect([least, greatest]).toEqual([own[0], own.at(-1)]);
        }
        expect(row).toBe(values.length);
      }
    },
  );
});
