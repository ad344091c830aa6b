import type { FileSchema } from '../../src/glue/file-schema';
import { tablesOfFolder, type CrawledTable } from '../../src/glue/table-folders';

const parquet = (...columns: string[]): FileSchema => ({
  format: 'parquet',
  gzip: false,
  columns: columns.map((column) => {
    const [, name = '', type = 'string'] = /^([^:]+):?(.+)?$/.exec(column) ?? [];
    return { name, type };
  }),
});

const SALES = parquet('id', 'price:double', 'name');
const ORDERS = parquet('order', 'customer');

function tables(files: Record<string, FileSchema>, tableLevel?: number): CrawledTable[] {
  const crawled = Object.entries(files).map(([key, schema]) => ({ key, bytes: 10, schema }));
  return tablesOfFolder('bucket', 'lake/', crawled, tableLevel);
}

const shapes = (found: CrawledTable[]) =>
  found.map(({ name, prefix, partitionKeys }) => ({ name, prefix, partitionKeys }));

describe('folders of like files', () => {
  it('are a table with partitions by key=value', () => {
    const found = tables({
      'lake/year=2024/month=12/a.parquet': SALES,
      'lake/year=2025/month=01/b.parquet': SALES,
    });
    expect(found).toEqual([
      {
        name: 'lake',
        prefix: 'lake/',
        schema: SALES,
        partitionKeys: ['year', 'month'],
        partitions: [
          { values: ['2024', '12'], prefix: 'lake/year=2024/month=12/' },
          { values: ['2025', '01'], prefix: 'lake/year=2025/month=01/' },
        ],
        files: 2,
        bytes: 20,
      },
    ]);
  });

  it('are partitions by number where they do not say of what', () => {
    const found = tables({ 'lake/eu/a': SALES, 'lake/us/b': SALES });
    expect(shapes(found)).toEqual([
      { name: 'lake', prefix: 'lake/', partitionKeys: ['partition_0'] },
    ]);
  });

  it('are a table without partitions where the files are at several depths', () => {
    const found = tables({ 'lake/a': SALES, 'lake/more/b': SALES });
    expect(shapes(found)).toEqual([{ name: 'lake', prefix: 'lake/', partitionKeys: [] }]);
  });

  it('have a value that a path cannot hold', () => {
    const [table] = tables({ 'lake/at=12%3A00/a': SALES });
    expect(table?.partitions[0]?.values).toEqual(['12:00']);
  });
});

describe('folders of other files each', () => {
  it('are tables each', () => {
    const found = tables({
      'lake/sales/year=2025/a': SALES,
      'lake/Orders-Open/b': ORDERS,
    });
    expect(shapes(found)).toEqual([
      { name: 'sales', prefix: 'lake/sales/', partitionKeys: ['year'] },
      { name: 'orders_open', prefix: 'lake/Orders-Open/', partitionKeys: [] },
    ]);
  });

  it('make a table of each file beside them', () => {
    const found = tables({ 'lake/notes.csv': parquet('x'), 'lake/sales/a': SALES });
    expect(shapes(found)).toEqual([
      { name: 'notes_csv', prefix: 'lake/notes.csv', partitionKeys: [] },
      { name: 'sales', prefix: 'lake/sales/', partitionKeys: [] },
    ]);
  });
});

it('a folder with no other beside it is a table by itself', () => {
  const found = tables({ 'lake/sales/year=2025/a': SALES });
  expect(shapes(found)).toEqual([
    { name: 'sales', prefix: 'lake/sales/', partitionKeys: ['year'] },
  ]);
});

it('the level of tables can be told', () => {
  const found = tables({ 'lake/eu/a': SALES, 'lake/us/b': SALES }, 3);
  expect(found.map(({ name }) => name)).toEqual(['eu', 'us']);
});

it('no files are no table', () => {
  expect(tables({})).toEqual([]);
});

describe('the columns of a table', () => {
  const columnsOf = (...schemas: FileSchema[]) => {
    const files = Object.fromEntries(schemas.map((schema, i) => [`lake/k=${i}/a`, schema]));
    return tables(files)[0]?.schema.columns.map(({ name, type }) => `${name}:${type}`);
  };

  it('are those of any file', () => {
    const more = parquet('id', 'price:double', 'name', 'currency');
    expect(columnsOf(SALES, more)).toEqual([
      'id:string',
      'price:double',
      'name:string',
      'currency:string',
    ]);
  });

  it.each([
    ['int', 'bigint', 'bigint'],
    ['double', 'int', 'double'],
    ['decimal(10,2)', 'int', 'double'],
    ['date', 'int', 'string'],
    ['struct<a:int>', 'struct<a:int,b:int>', 'struct<a:int,b:int>'],
  ])('that are %s and %s are %s', (a, b, both) => {
    expect(columnsOf(parquet(`x:${a}`), parquet(`x:${b}`))).toEqual([`x:${both}`]);
  });

  it('are not those of its partitions', () => {
    const files = { 'lake/id=1/a': SALES, 'lake/id=2/a': SALES };
    expect(tables(files)[0]?.schema.columns.map(({ name }) => name)).toEqual(['price', 'name']);
  });
});
