import { parquetReadObjects } from 'hyparquet';
import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import {
  date,
  decimal,
  int32,
  nullable,
  string,
  timestamp,
  type Column,
} from '@saleslake/shared/contract/column';
import { defineTable, type TableContract } from '@saleslake/shared/contract/table-contract';
import fc from 'fast-check';
import { tableFromIPC } from 'apache-arrow';
import { readParquet } from 'parquet-wasm';
import { openDuckDb, readRows, toBatch, writeBatches, type DuckDb } from './support';

type Row = Record<string, unknown>;

interface Case {
  contract: TableContract;
  rows: Row[];
  batchRows: number;
  rowGroupRows: number;
}

const comment = 'A column.';

/** A column and how its values come about: alike, in runs, or all over its range. */
const anyColumn: fc.Arbitrary<[Column, fc.Arbitrary<unknown>]> = fc
  .oneof(
    fc.constant<[Column, fc.Arbitrary<unknown>]>([
      string({ comment }),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 90 }),
        fc.constantFrom('', 'Home', 'Käufer 🛒', 'x'.repeat(80)),
      ),
    ]),
    fc.constant<[Column, fc.Arbitrary<unknown>]>([
      int32({ comment }),
      fc.oneof(fc.integer(), fc.nat(5), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
    ]),
    fc.constant<[Column, fc.Arbitrary<unknown>]>([
      timestamp({ comment }),
      fc.oneof(
        fc.integer({ min: 1_772_000_000_000, max: 1_772_000_009_000 }),
        fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }),
      ),
    ]),
    fc.constant<[Column, fc.Arbitrary<unknown>]>([
      date({ comment }),
      fc.integer({ min: -700_000, max: 2_900_000 }),
    ]),
    fc.integer({ min: 1, max: 38 }).chain((precision) =>
      fc.nat(precision).map((scale): [Column, fc.Arbitrary<unknown>] => {
        const bound = 10n ** BigInt(precision) - 1n;
        return [
          decimal(precision, scale, { comment }),
          fc.oneof(fc.bigInt({ min: -bound, max: bound }), fc.constantFrom(-bound, bound, 0n, -1n)),
        ];
      }),
    ),
  )
  .chain(([column, value]) =>
    fc
      .boolean()
      .map((mayBeNull): [Column, fc.Arbitrary<unknown>] =>
        mayBeNull ? [nullable(column), fc.option(value, { freq: 3 })] : [column, value],
      ),
  );

const anyCase: fc.Arbitrary<Case> = fc
  .array(anyColumn, { minLength: 1, maxLength: 6 })
  .chain((columns) => {
    const contract = defineTable({
      name: 'anything',
      version: 1,
      comment: 'Anything.',
      columns: {
        ...Object.fromEntries(columns.map(([column], i) => [`c${i}`, column])),
        at: timestamp({ comment }),
      },
      key: ['at'],
      partitioning: { column: 'at', firstYear: 1970, lastYear: 2100 },
    });
    const row = fc.record({
      ...Object.fromEntries(columns.map(([, value], i) => [`c${i}`, value])),
      at: fc.nat(2 ** 40),
    });
    const rows = fc
      .array(fc.tuple(row, fc.oneof(fc.constant(1), fc.nat(20))), { maxLength: 40 })
      .map((runs) => runs.flatMap(([value, times]) => Array<Row>(times).fill(value)));
    return fc.record({
      contract: fc.constant(contract),
      rows,
      batchRows: fc.integer({ min: 1, max: 200 }),
      rowGroupRows: fc.integer({ min: 1, max: 200 }),
    });
  });

function batchesOf({ contract, rows, batchRows }: Case) {
  return Array.from({ length: Math.ceil(rows.length / batchRows) }, (_, i) =>
    toBatch(contract, rows.slice(i * batchRows, (i + 1) * batchRows)),
  );
}

/** As a reader that has JavaScript's own types gives it; decimals are left to DuckDB. */
function plainRows(contract: TableContract, rows: Row[]): Row[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(contract.columns).flatMap(([name, { type }]) =>
        type.kind === 'decimal' ? [] : [[name, plainValue(row[name], type.kind)]],
      ),
    ),
  );
}

function plainValue(value: unknown, kind: string): unknown {
  if (value instanceof Date)
    return kind === 'date' ? value.getTime() / 86_400_000 : value.getTime();
  if (typeof value === 'bigint') return Number(value);
  return value ?? null;
}

let duckDb: DuckDb;
beforeAll(async () => {
  duckDb = await openDuckDb();
});
afterAll(() => duckDb.close());

describe.each([
  ['fast', createFastParquetFile, 60],
  ['arrow', createArrowParquetFile, 25],
] as const)('the %s writer, over random contracts and rows', (name, writer, numRuns) => {
  it('writes what DuckDB reads back', async () => {
    let file = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async (some) => {
        const { contract, rows, rowGroupRows } = some;
        const bytes = await writeBatches(writer, contract, batchesOf(some), { rowGroupRows });
        const path = duckDb.file(`${name}-${file++}.parquet`, bytes);
        expect(await readRows(duckDb, contract, path)).toEqual(rows);
      }),
      { seed: 20260302, numRuns },
    );
  });
});

describe('the fast writer, over random contracts and rows', () => {
  it('writes what hyparquet and parquet-wasm read back', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (some) => {
        const { contract, rows, rowGroupRows } = some;
        const bytes = await writeBatches(createFastParquetFile, contract, batchesOf(some), {
          rowGroupRows,
        });
        const expected = plainRows(contract, rows);
        const byHyparquet = (await parquetReadObjects({
          file: bytes.buffer as ArrayBuffer,
        })) as Row[];
        expect(plainRows(contract, byHyparquet)).toEqual(expected);
        const table = tableFromIPC(readParquet(bytes).intoIPCStream());
        const byWasm = table.toArray().map((row: { toJSON(): Row }) => row.toJSON());
        const daysAsMilliseconds = expected.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [
              column,
              contract.columns[column]!.type.kind === 'date' && value !== null
                ? (value as number) * 86_400_000
                : value,
            ]),
          ),
        );
        expect(plainRows(contract, byWasm)).toEqual(daysAsMilliseconds);
      }),
      { seed: 20260303, numRuns: 40 },
    );
  });
});
