import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampTZValue,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api';
import {
  date,
  decimal,
  int32,
  nullable,
  string,
  timestamp,
} from '@saleslake/shared/contract/column';
import {
  columnEntries,
  defineTable,
  type RowOf,
  type TableContract,
} from '@saleslake/shared/contract/table-contract';
import type { ColumnBatch } from '@saleslake/shared/parquet/column-batch';
import {
  defaultParquetOptions,
  type ParquetOptions,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import { createRowBuffer } from '@saleslake/shared/parquet/row-buffer';
import { utf8Values } from '@saleslake/shared/parquet/utf8-values';

const comment = 'A column.';

/** Every type a contract can declare, required and nullable. */
export const everyType = defineTable({
  name: 'every_type',
  version: 7,
  comment: 'Every type.',
  columns: {
    id: string({ comment }),
    at: timestamp({ comment }),
    day: date({ comment }),
    count: int32({ comment }),
    small: decimal(9, 2, { comment }),
    medium: decimal(15, 3, { comment }),
    large: decimal(18, 0, { comment }),
    huge: decimal(38, 10, { comment }),
    maybe_id: nullable(string({ comment })),
    maybe_at: nullable(timestamp({ comment })),
    maybe_day: nullable(date({ comment })),
    maybe_count: nullable(int32({ comment })),
    maybe_small: nullable(decimal(9, 2, { comment })),
    maybe_medium: nullable(decimal(15, 3, { comment })),
    maybe_large: nullable(decimal(18, 0, { comment })),
    maybe_huge: nullable(decimal(38, 10, { comment })),
  },
  key: ['id'],
  partitioning: { column: 'at', firstYear: 1970, lastYear: 2100 },
});

export type EveryType = RowOf<typeof everyType>;

/** Row `i` of a table of many different values, each fifth of the nullable ones null. */
export function everyTypeRow(i: number): EveryType {
  const sign = i % 2 ? -1 : 1;
  const scaled = (digits: bigint): bigint =>
    BigInt(sign) * ((BigInt(i) * 982_451_653n ** 5n) % 10n ** digits);
  const orNull = <V>(column: number, value: V): V | null => ((i + column) % 5 === 0 ? null : value);
  return {
    id: `id-${i}`,
    at: Date.UTC(2026, 2, 1) + i * 1001 * sign,
    day: 20_000 + i * sign,
    count: (i * 7919 * sign) | 0,
    small: scaled(9n),
    medium: scaled(15n),
    large: scaled(18n),
    huge: scaled(38n),
    maybe_id: orNull(1, `Käufer 🛒 ${i % 9}`),
    maybe_at: orNull(2, Date.UTC(1969, 11, 31) + i),
    maybe_day: orNull(3, i % 40),
    maybe_count: orNull(4, i % 24),
    maybe_small: orNull(0, scaled(9n)),
    maybe_medium: orNull(1, scaled(15n)),
    maybe_large: orNull(2, scaled(18n)),
    maybe_huge: orNull(3, scaled(38n)),
  };
}

export function everyTypeRows(count: number): EveryType[] {
  return Array.from({ length: count }, (_, i) => everyTypeRow(i));
}

export function toBatch<T extends TableContract>(contract: T, rows: RowOf<T>[]): ColumnBatch {
  const buffer = createRowBuffer(contract);
  for (const row of rows) buffer.append(row);
  return buffer.take();
}

/** The values of a batch, column by column: equal for equal rows, however they are held. */
export function valuesOf({ rowCount, columns }: ColumnBatch): unknown[][] {
  return columns.map((vector) => {
    const isNull = (i: number): boolean => vector.validity?.[i] === 0;
    const at = (i: number): unknown => {
      if (vector.kind !== 'dictionary' && vector.kind !== 'utf8') return vector.values[i];
      const { bytes, offsets } = utf8Values(vector, rowCount);
      return Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString();
    };
    return Array.from({ length: rowCount }, (_, i) => (isNull(i) ? null : at(i)));
  });
}

/** The bytes of a file of these batches. */
export async function writeBatches(
  writer: ParquetWriter,
  contract: TableContract,
  batches: ColumnBatch[],
  options: Partial<ParquetOptions> = {},
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const file = writer(contract, { ...defaultParquetOptions, ...options }, (bytes) => {
    chunks.push(new Uint8Array(bytes));
  });
  for (const batch of batches) await file.append(batch);
  const summary = await file.finish();
  const bytes = new Uint8Array(Buffer.concat(chunks));
  expect(summary).toEqual({
    rows: batches.reduce((total, { rowCount }) => total + rowCount, 0),
    bytes: bytes.length,
  });
  return bytes;
}

/** A DuckDB whose `file('name', bytes)` gives a path for its SQL. */
export interface DuckDb {
  file(name: string, bytes: Uint8Array): string;
  query(sql: string): Promise<Record<string, DuckDBValue>[]>;
  close(): void;
}

export async function openDuckDb(): Promise<DuckDb> {
  const folder = mkdtempSync(join(tmpdir(), 'saleslake-parquet-'));
  const instance = await DuckDBInstance.create();
  const connection: DuckDBConnection = await instance.connect();
  return {
    file(name, bytes) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return path;
    },
    query: async (sql) => (await connection.runAndReadAll(sql)).getRowObjects(),
    close() {
      connection.closeSync();
      instance.closeSync();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The rows of a file as DuckDB reads them, in the contract's own values. */
export async function readRows(
  duckDb: DuckDb,
  contract: TableContract,
  path: string,
): Promise<Record<string, unknown>[]> {
  const rows = await duckDb.query(`SELECT * FROM read_parquet('${path}')`);
  return rows.map((row) =>
    Object.fromEntries(
      columnEntries(contract).map(([name, { type }]) => [
        name,
        contractValue(row[name], type.kind),
      ]),
    ),
  );
}

function contractValue(value: DuckDBValue | undefined, kind: string): unknown {
  if (value instanceof DuckDBTimestampTZValue) {
    expect(value.micros % 1000n).toBe(0n);
    return Number(value.micros / 1000n);
  }
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBDecimalValue) return value.value;
  if (kind === 'decimal' && value !== null)
    throw new TypeError('a decimal came back as another type');
  return value;
}
