import { createHash } from 'node:crypto';
import { tableFromIPC } from 'apache-arrow';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { readParquet } from 'parquet-wasm';
import { nullable, string } from '@saleslake/shared/contract/column';
import { defineTable } from '@saleslake/shared/contract/table-contract';
import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import {
  defaultParquetOptions,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import {
  everyType,
  everyTypeRow,
  everyTypeRows,
  openDuckDb,
  readRows,
  toBatch,
  writeBatches,
  type DuckDb,
} from './support';

const writers: [string, ParquetWriter][] = [
  ['fast', createFastParquetFile],
  ['arrow', createArrowParquetFile],
];

const rows = everyTypeRows(500);
const batches = [rows.slice(0, 123), rows.slice(123)].map((some) => toBatch(everyType, some));

let duckDb: DuckDb;
beforeAll(async () => {
  duckDb = await openDuckDb();
});
afterAll(() => duckDb.close());

describe.each(writers)('the %s Parquet writer', (name, writer) => {
  it.each(['snappy', 'uncompressed'] as const)(
    'writes what DuckDB reads back, %s',
    async (compression) => {
      const bytes = await writeBatches(writer, everyType, batches, { compression });
      const path = duckDb.file(`${name}-${compression}.parquet`, bytes);
      expect(await readRows(duckDb, everyType, path)).toEqual(rows);
    },
  );

  it('writes what hyparquet reads back', async () => {
    const { buffer } = await writeBatches(writer, everyType, batches);
    const read: Record<string, unknown>[] = await parquetReadObjects({
      file: buffer as ArrayBuffer,
    });
    // hyparquet gives decimals as doubles: those are compared through DuckDB alone.
    expect(
      read.map((row) => [row.id, row.at, row.count, row.maybe_id, row.maybe_at, row.maybe_count]),
    ).toEqual(
      rows.map((row) => [
        row.id,
        new Date(row.at),
        row.count,
        row.maybe_id,
        row.maybe_at === null ? null : new Date(row.maybe_at),
        row.maybe_count,
      ]),
    );
  });

  it('keeps to row groups of at most the size asked for', async () => {
    const bytes = await writeBatches(writer, everyType, batches, { rowGroupRows: 200 });
    const path = duckDb.file(`${name}-groups.parquet`, bytes);
    const { row_groups: rowGroups } = parquetMetadata(bytes.buffer as ArrayBuffer);
    const sizes = rowGroups.map((group) => Number(group.num_rows));
    expect(Math.max(...sizes)).toBe(200);
    expect(sizes.length).toBe(3);
    expect(await readRows(duckDb, everyType, path)).toEqual(rows);
  });

  it('writes a file without rows that still has the columns', async () => {
    const bytes = await writeBatches(writer, everyType, []);
    const path = duckDb.file(`${name}-empty.parquet`, bytes);
    expect(await readRows(duckDb, everyType, path)).toEqual([]);
    const columns = await duckDb.query(`DESCRIBE SELECT * FROM read_parquet('${path}')`);
    expect(columns.map((column) => column.column_name)).toEqual(Object.keys(everyType.columns));
  });

  it('writes one row', async () => {
    const bytes = await writeBatches(writer, everyType, [toBatch(everyType, [everyTypeRow(3)])]);
    const path = duckDb.file(`${name}-one.parquet`, bytes);
    expect(await readRows(duckDb, everyType, path)).toEqual([everyTypeRow(3)]);
  });

  it('gives the same rows when it is flushed early', async () => {
    const chunks: Uint8Array[] = [];
    const options = { compression: 'snappy', rowGroupRows: 10_000 } as const;
    const file = writer(everyType, options, (bytes) => chunks.push(new Uint8Array(bytes)));
    const many = everyTypeRows(6000);
    for (const [start, end] of [
      [0, 1500],
      [1500, 1600],
      [1600, 4800],
      [4800, 6000],
    ]) {
      await file.append(toBatch(everyType, many.slice(start, end)));
      if (start === 0) expect(file.bufferedBytes).toBeGreaterThan(0);
      await file.flush();
      expect(file.bufferedBytes).toBe(0);
    }
    await file.finish();
    const path = duckDb.file(`${name}-flushed.parquet`, Buffer.concat(chunks));
    expect(await readRows(duckDb, everyType, path)).toEqual(many);
  });

  it.each([0, 1])('gives the same rows when batch %i is said to be the last', async (last) => {
    const chunks: Uint8Array[] = [];
    const options = { compression: 'snappy', rowGroupRows: 1000 } as const;
    const file = writer(everyType, options, (bytes) => chunks.push(new Uint8Array(bytes)));
    for (const [i, some] of [rows.slice(0, 123), rows.slice(123)].entries()) {
      const batch = toBatch(everyType, some);
      await file.append(batch, i === last);
      // They are the caller's again.
      for (const vector of batch.columns) {
        if (vector.kind === 'int32' || vector.kind === 'int64') vector.values.fill(0);
        if (vector.kind === 'utf8') vector.values.bytes.fill(0);
        if (vector.kind === 'dictionary') vector.codes.fill(0);
      }
    }
    await file.finish();
    const path = duckDb.file(`${name}-last-${last}.parquet`, Buffer.concat(chunks));
    expect(await readRows(duckDb, everyType, path)).toEqual(rows);
  });

  it.each([0, 1])('writes nothing more once it is given up, after %i batches', async (count) => {
    let written = 0;
    const options = { ...defaultParquetOptions, rowGroupRows: 10 };
    const file = writer(everyType, options, (bytes) => (written += bytes.length));
    for (const batch of batches.slice(0, count)) await file.append(batch);
    const before = written;
    await file.abort();
    expect(written).toBe(before);
  });

  it('declares each column as Athena wants it', async () => {
    const path = duckDb.file(
      `${name}-schema.parquet`,
      await writeBatches(writer, everyType, batches),
    );
    const schema = await duckDb.query(
      `SELECT name, type, repetition_type AS repetition, converted_type AS converted,
        logical_type AS logical FROM parquet_schema('${path}') WHERE name IN
        ('id', 'at', 'day', 'count', 'small', 'medium', 'large', 'huge', 'maybe_id')`,
    );
    const byName = new Map(
      schema.map((row) => [row.name, [row.type, row.repetition, row.converted].join(' ').trim()]),
    );
    expect(byName.get('id')).toBe('BYTE_ARRAY REQUIRED UTF8');
    expect(byName.get('maybe_id')).toBe('BYTE_ARRAY OPTIONAL UTF8');
    expect(byName.get('at')).toBe('INT64 REQUIRED TIMESTAMP_MILLIS');
    expect(byName.get('day')).toBe('INT32 REQUIRED DATE');
    expect(byName.get('count')).toMatch(/^INT32 REQUIRED( INT_32)?$/);
    expect(byName.get('small')).toBe('INT32 REQUIRED DECIMAL');
    expect(byName.get('medium')).toBe('INT64 REQUIRED DECIMAL');
    expect(byName.get('large')).toBe('INT64 REQUIRED DECIMAL');
    expect(byName.get('huge')).toBe('FIXED_LEN_BYTE_ARRAY REQUIRED DECIMAL');
    const logical = new Map(schema.map((row) => [row.name, String(row.logical)]));
    expect(logical.get('id')).toMatch('StringType');
    expect(logical.get('at')).toMatch(/isAdjustedToUTC=1.*MILLIS=M/);
    expect(logical.get('day')).toMatch('DateType');
    expect(logical.get('huge')).toBe('DecimalType(scale=10, precision=38)');
  });

  it('names the contract, its version and what it was told in the footer', async () => {
    const bytes = await writeBatches(writer, everyType, [], { metadata: { source: 'raw/a.json' } });
    const pairs = parquetMetadata(bytes.buffer as ArrayBuffer).key_value_metadata;
    expect(pairs).toEqual(
      expect.arrayContaining([
        { key: 'saleslake.table', value: 'every_type' },
        { key: 'saleslake.version', value: '7' },
        { key: 'source', value: 'raw/a.json' },
      ]),
    );
  });
});

describe('ids of one length', () => {
  const ids = defineTable({
    name: 'ids',
    version: 1,
    comment: 'Ids.',
    columns: {
      id: string({ comment: 'Required.' }),
      maybe_id: nullable(string({ comment: 'Nullable.' })),
      word: string({ comment: 'One of many words.' }),
    },
    key: ['id'],
    partitioning: undefined,
  });
  const uuid = (i: number): string => {
    const digits = createHash('md5').update(String(i)).digest('hex');
    return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
  };
  const idRows = Array.from({ length: 20_000 }, (_, i) => ({
    id: uuid(i),
    maybe_id: i % 7 === 0 ? null : uuid(-i),
    word: `Word of many, number ${Math.imul(i, 7919) % 6000}`,
  }));

  it('are compressed, and read back by DuckDB, hyparquet and parquet-wasm', async () => {
    const bytes = await writeBatches(createFastParquetFile, ids, [toBatch(ids, idRows)]);
    const buffer = bytes.buffer as ArrayBuffer;
    expect(
      parquetMetadata(buffer).row_groups[0]!.columns.map(({ meta_data }) => meta_data!.codec),
    ).toEqual(['SNAPPY', 'SNAPPY', 'SNAPPY']);
    expect(await readRows(duckDb, ids, duckDb.file('ids.parquet', bytes))).toEqual(idRows);
    expect(await parquetReadObjects({ file: buffer })).toEqual(idRows);
    const table = tableFromIPC(readParquet(bytes).intoIPCStream());
    expect(table.toArray().map((row: { toJSON(): unknown }) => row.toJSON())).toEqual(idRows);
  });
});
