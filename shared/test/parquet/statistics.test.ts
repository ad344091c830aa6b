import { parquetMetadata } from 'hyparquet';
import { readColumnIndex, readOffsetIndex } from 'hyparquet/src/indexes.js';
import { columnEntries } from '@saleslake/shared/contract/table-contract';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import { defaultParquetOptions } from '@saleslake/shared/parquet/parquet-writer';
import { utf8Order } from '@saleslake/shared/parquet/value-order';
import {
  everyType,
  everyTypeRow,
  everyTypeRows,
  openDuckDb,
  toBatch,
  writeBatches,
  type DuckDb,
  type EveryType,
} from './support';

/** Three pages, of 16,384 rows but for the last. */
const rows = everyTypeRows(40_000);
const pages = [rows.slice(0, 16_384), rows.slice(16_384, 32_768), rows.slice(32_768)];
const names = Object.keys(everyType.columns) as (keyof EveryType)[];

/** The values as hyparquet shows them: decimals as doubles of units, times as dates. */
function shown(name: keyof EveryType, value: string | number | bigint): unknown {
  const { type } = everyType.columns[name];
  if (type.kind === 'timestamp') return new Date(value as number);
  if (type.kind === 'date') return new Date((value as number) * 86_400_000);
  return type.kind === 'decimal' ? Number(value) / 10 ** type.scale : value;
}

function rangeOf(some: EveryType[], name: keyof EveryType) {
  const values = some.map((row) => row[name]).filter((value) => value !== null);
  const order = (a: unknown, b: unknown): boolean =>
    typeof a === 'string'
      ? Buffer.compare(Buffer.from(a), Buffer.from(b as string)) < 0
      : (a as number) < (b as number);
  return {
    minimum: shown(
      name,
      values.reduce((a, b) => (order(b, a) ? b : a)),
    ),
    maximum: shown(
      name,
      values.reduce((a, b) => (order(a, b) ? b : a)),
    ),
    nullCount: some.length - values.length,
  };
}

function closeTo(expected: unknown): unknown {
  // A double of a scaled decimal may be off in its last digit.
  return typeof expected === 'number' && !Number.isSafeInteger(expected)
    ? expect.closeTo(expected, -Math.floor(Math.log10(Math.abs(expected) || 1)) + 10)
    : expected;
}

let duckDb: DuckDb;
let file: Uint8Array;
let path: string;
beforeAll(async () => {
  duckDb = await openDuckDb();
  file = await writeBatches(createFastParquetFile, everyType, [toBatch(everyType, rows)]);
  path = duckDb.file('statistics.parquet', file);
});
afterAll(() => duckDb.close());

describe('the statistics of the fast writer', () => {
  it.each(names)('tell the least and greatest value and the nulls of %s', (name) => {
    const { row_groups: rowGroups } = parquetMetadata(file.buffer as ArrayBuffer);
    const { statistics } = rowGroups[0]!.columns[names.indexOf(name)]!.meta_data!;
    const { minimum, maximum, nullCount } = rangeOf(rows, name);
    expect(statistics).toMatchObject({
      null_count: BigInt(nullCount),
      is_min_value_exact: true,
      is_max_value_exact: true,
    });
    expect(statistics!.min_value).toEqual(closeTo(minimum));
    expect(statistics!.max_value).toEqual(closeTo(maximum));
  });

  it.each(names)('tell the same of each page of %s, and where it is', (name) => {
    const metadata = parquetMetadata(file.buffer as ArrayBuffer);
    const index = names.indexOf(name);
    const chunk = metadata.row_groups[0]!.columns[index]!;
    const at = (offset: bigint | undefined, length: number | undefined) => ({
      view: new DataView(file.buffer as ArrayBuffer, Number(offset), length),
      offset: 0,
    });
    const columnIndex = readColumnIndex(
      at(chunk.column_index_offset, chunk.column_index_length),
      metadata.schema[index + 1]!,
    );
    const ranges = pages.map((page) => rangeOf(page, name));
    expect(columnIndex.null_pages).toEqual([false, false, false]);
    expect(columnIndex.null_counts).toEqual(ranges.map((range) => BigInt(range.nullCount)));
    expect(columnIndex.min_values).toEqual(ranges.map((range) => closeTo(range.minimum)));
    expect(columnIndex.max_values).toEqual(ranges.map((range) => closeTo(range.maximum)));
    const { page_locations: locations } = readOffsetIndex(
      at(chunk.offset_index_offset, chunk.offset_index_length),
    );
    expect(locations.map((page) => Number(page.first_row_index))).toEqual([0, 16_384, 32_768]);
    expect(Number(locations[0]!.offset)).toBe(Number(chunk.meta_data!.data_page_offset));
    const last = locations[2]!;
    const chunkStart = chunk.meta_data!.dictionary_page_offset ?? chunk.meta_data!.data_page_offset;
    expect(Number(last.offset) + last.compressed_page_size).toBe(
      Number(chunkStart) + Number(chunk.meta_data!.total_compressed_size),
    );
  });

  it('agree with the data for DuckDB, which skips by them', async () => {
    for (const [condition, keeps] of [
      [`id = 'id-30000'`, (row: EveryType) => row.id === 'id-30000'],
      ['day > 59990', (row: EveryType) => row.day > 59_990],
      ['count < -300000000', (row: EveryType) => row.count < -300_000_000],
      ['medium > 999999999990.000', (row: EveryType) => row.medium > 999_999_999_990_000n],
      ['maybe_huge IS NULL', (row: EveryType) => row.maybe_huge === null],
      ['maybe_count = 23', (row: EveryType) => row.maybe_count === 23],
      [`maybe_id > 'z'`, (row: EveryType) => (row.maybe_id ?? '') > 'z'],
    ] as const) {
      const query = `SELECT count(*) AS n FROM read_parquet('${path}') WHERE ${
        condition.startsWith('day') ? "day > DATE '1970-01-01' + 59990" : condition
      }`;
      expect([condition, (await duckDb.query(query))[0]!.n]).toEqual([
        condition,
        BigInt(rows.filter(keeps).length),
      ]);
    }
  });

  it.each(['id', 'maybe_id'] as const)(
    'keep the range of %s when its bytes are overwritten',
    (name) => {
      const chunks: Uint8Array[] = [];
      const options = { ...defaultParquetOptions, rowGroupRows: rows.length };
      const parquet = createFastParquetFile(everyType, options, (bytes) =>
        chunks.push(new Uint8Array(bytes)),
      );
      const batch = toBatch(everyType, rows);
      const index = names.indexOf(name);
      const vector = batch.columns[index]!;
      // As Buffers, which the decoder gives, and which are no arrays of bytes in every respect.
      if (vector.kind === 'utf8') vector.values.bytes = Buffer.from(vector.values.bytes);
      else if (vector.kind === 'dictionary') {
        vector.dictionary.bytes = Buffer.from(vector.dictionary.bytes);
      }
      void parquet.append(batch);
      if (vector.kind === 'utf8') vector.values.bytes.fill(0);
      else if (vector.kind === 'dictionary') vector.dictionary.bytes.fill(0);
      void parquet.finish();
      const bytes = new Uint8Array(Buffer.concat(chunks));
      const { row_groups: rowGroups } = parquetMetadata(bytes.buffer);
      const { minimum, maximum } = rangeOf(rows, name);
      expect(rowGroups[0]!.columns[index]!.meta_data!.statistics).toMatchObject({
        min_value: minimum,
        max_value: maximum,
      });
    },
  );

  it('know a page, and a chunk, of nulls alone', async () => {
    const nulls = Array.from({ length: 20_000 }, (_, i) => ({
      ...everyTypeRow(i),
      maybe_id: i < 17_000 ? null : 'late',
      maybe_huge: null,
    }));
    const bytes = await writeBatches(createFastParquetFile, everyType, [toBatch(everyType, nulls)]);
    const metadata = parquetMetadata(bytes.buffer as ArrayBuffer);
    const chunkOf = (name: keyof EveryType) =>
      metadata.row_groups[0]!.columns[names.indexOf(name)]!;
    expect(chunkOf('maybe_huge').meta_data!.statistics).toEqual({ null_count: 20_000n });
    const { column_index_offset: offset, column_index_length: length } = chunkOf('maybe_id');
    const view = new DataView(bytes.buffer as ArrayBuffer, Number(offset), length);
    const schema = metadata.schema[names.indexOf('maybe_id') + 1]!;
    const columnIndex = readColumnIndex({ view, offset: 0 }, schema);
    expect(columnIndex.null_pages).toEqual([true, false]);
    expect(columnIndex.min_values[1]).toBe('late');
    const allNull = duckDb.file('nulls.parquet', bytes);
    const [counts] = await duckDb.query(
      `SELECT count(*) AS n, count(maybe_id) AS ids, count(maybe_huge) AS huge FROM '${allNull}'`,
    );
    expect(counts).toEqual({ n: 20_000n, ids: 3_000n, huge: 0n });
  });

  it('cover every column of the contract', () => {
    expect(names).toEqual(columnEntries(everyType).map(([name]) => name));
  });
});

describe('the bounds of long strings', () => {
  const long = (text: string): Uint8Array => Buffer.from(text);
  const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

  it('are whole up to 64 bytes', () => {
    const value = long('x'.repeat(64));
    expect(utf8Order.upperBound(value)).toEqual({ bytes: value, exact: true });
    expect(utf8Order.lowerBound(value)).toEqual({ bytes: value, exact: true });
  });

  it('are cut, and raised where they are the upper one, beyond', () => {
    const value = long(`${'x'.repeat(64)}tail`);
    expect(utf8Order.lowerBound(value)).toMatchObject({ exact: false });
    expect(textOf(utf8Order.lowerBound(value).bytes)).toBe('x'.repeat(64));
    expect(textOf(utf8Order.upperBound(value)?.bytes)).toBe(`${'x'.repeat(63)}y`);
  });

  it('are cut between characters', () => {
    const value = long(`${'x'.repeat(62)}🛒tail`);
    expect(textOf(utf8Order.lowerBound(value).bytes)).toBe('x'.repeat(62));
    expect(textOf(utf8Order.upperBound(value)?.bytes)).toBe(`${'x'.repeat(61)}y`);
  });

  it('step over what UTF-8 does not have', () => {
    const value = long(`${'x'.repeat(61)}\ud7fftail`);
    expect(textOf(utf8Order.upperBound(value)?.bytes)).toBe(`${'x'.repeat(61)}\ue000`);
    const highest = long('\u{10ffff}'.repeat(20));
    expect(utf8Order.upperBound(highest)).toBeUndefined();
    const behind = long(`a${'\u{10ffff}'.repeat(20)}`);
    expect(textOf(utf8Order.upperBound(behind)?.bytes)).toBe('b');
  });
});
