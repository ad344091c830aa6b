import { openLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
beforeAll(async () => {
  lake = await openLocalLake();
  await lake.run(
    `CREATE EXTERNAL TABLE sales (id string, price decimal(10,2), n int) STORED AS PARQUET LOCATION 's3://lake/sales/'`,
  );
  await lake.putParquet(
    'sales/a.parquet',
    `SELECT 'a' AS id, 1.50::DECIMAL(10,2) AS price, 3 AS n`,
  );
});
afterAll(() => lake.close());

async function errorOf(sql: string, parameters: string[] = []): Promise<string> {
  return lake.run(sql, { parameters }).then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

describe('errors are worded as Athena does, with the place in the text', () => {
  it.each([
    [
      'SELECT prise FROM sales',
      `COLUMN_NOT_FOUND: line 1:8: Column 'prise' cannot be resolved or requester is not authorized to access requested resources. Did you mean 'price'?`,
    ],
    [
      'SELECT id,\n  s.prise\nFROM sales s',
      `COLUMN_NOT_FOUND: line 2:3: Column 'prise' cannot be resolved or requester is not authorized to access requested resources. Did you mean 'price'?`,
    ],
    [
      'SELECT 1 FROM sails',
      `TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.db.sails' does not exist. Did you mean 'sales'?`,
    ],
    ['SELECT 1 FROM x.sales', `SCHEMA_NOT_FOUND: line 1:15: Schema 'x' does not exist`],
    ['SELECT 1 FORM sales', `line 1:15: mismatched input 'sales'`],
    ['SELECT', `mismatched input '<EOF>'`],
    [
      'SELECT `id` FROM sales',
      `line 1:8: mismatched input '\`id\`'. Backquoted identifiers are not supported; use double quotes to quote identifiers`,
    ],
    [
      'SELECT dat_trunc(1)',
      `FUNCTION_NOT_FOUND: line 1:8: Function 'dat_trunc' not registered. Did you mean 'date_trunc'?`,
    ],
    ['SELECT a.id FROM sales a, sales b WHERE id = 1', 'AMBIGUOUS_NAME: line 1:41'],
    [
      'SELECT id, count(*) FROM sales',
      `EXPRESSION_NOT_AGGREGATE: line 1:8: 'id' must be an aggregate expression or appear in GROUP BY clause`,
    ],
    ['SELECT 1 / 0', 'DIVISION_BY_ZERO: Division by zero'],
    ['SELECT n % 0 FROM sales', 'DIVISION_BY_ZERO: Division by zero'],
    [`SELECT CAST('x' AS integer)`, `INVALID_CAST_ARGUMENT: Cannot cast 'x' to integer`],
    ['SELECT 1; SELECT 2', 'line 1:9: mismatched input'],
    ['SELECT ?', 'INVALID_PARAMETER_USAGE'],
    ['DELETE FROM sales', 'NOT_SUPPORTED'],
    [
      'SELECT n\nFROM sales WHERE id > 5',
      'TYPE_MISMATCH: line 2:18: Cannot compare values of type VARCHAR and type INTEGER_LITERAL',
    ],
    [
      'SELECT id, sum(id) FROM sales GROUP BY id',
      'FUNCTION_NOT_FOUND: line 1:12: Unexpected parameters (varchar) for function sum',
    ],
    ['HELLO', `line 1:1: mismatched input 'HELLO'`],
    [`CREATE VIEW v AS SELECT 1 AS a,\n x`, `COLUMN_NOT_FOUND: line 2:2: Column 'x'`],
  ])('%s', async (sql, expected) => {
    expect(await errorOf(sql)).toContain(expected);
  });
});

describe('what would mean something else is refused', () => {
  it.each([
    ['a quotient of decimals', 'SELECT price / 2 FROM sales', /NOT_SUPPORTED.*cast to double/],
    ['avg of a decimal', 'SELECT avg(price) FROM sales', /NOT_SUPPORTED.*cast to double/],
    [
      'TABLESAMPLE',
      'SELECT * FROM sales TABLESAMPLE BERNOULLI (10)',
      /NOT_SUPPORTED: line 1:21: TABLESAMPLE/,
    ],
    ['$bucket', 'SELECT "$bucket" FROM sales', /NOT_SUPPORTED: line 1:8/],
    ['another time zone', `SELECT now() AT TIME ZONE 'Asia/Tokyo'`, /NOT_SUPPORTED/],
    ['a cast with ::', 'SELECT id::int FROM sales', /mismatched input '::'/],
    ['QUALIFY', 'SELECT id FROM sales QUALIFY n = 1', /mismatched input 'QUALIFY'/],
    ['a list without ARRAY', 'SELECT [1, 2]', /mismatched input '\['/],
    ['GROUP BY ALL', 'SELECT id FROM sales GROUP BY ALL', /mismatched input/],
  ])('%s', async (_, sql, expected) => {
    expect(await errorOf(sql)).toMatch(expected);
  });
});

describe('no statement reaches beyond the lake', () => {
  it.each([
    [`SELECT * FROM read_csv('/etc/passwd')`, /NOT_SUPPORTED: line 1:15: read_csv/],
    [`SELECT * FROM read_parquet('s3://x/y')`, /NOT_SUPPORTED/],
    [`SELECT * FROM glob('/*')`, /NOT_SUPPORTED/],
    [`SELECT * FROM '/etc/passwd'`, /mismatched input|TABLE_NOT_FOUND/],
    [`SELECT * FROM "/etc/passwd"`, /TABLE_NOT_FOUND/],
    [`SELECT * FROM duckdb_settings()`, /NOT_SUPPORTED/],
    [`SELECT getenv('HOME')`, /FUNCTION_NOT_FOUND/],
    [`SELECT read_text('/etc/passwd')`, /FUNCTION_NOT_FOUND/],
    [`COPY (SELECT 1) TO '/tmp/x'`, /mismatched input 'COPY'/],
    [`ATTACH '/tmp/x.db'`, /mismatched input 'ATTACH'/],
    [`INSTALL httpfs`, /mismatched input 'INSTALL'/],
    [`PRAGMA database_list`, /mismatched input 'PRAGMA'/],
    [`SET enable_external_access = true`, /mismatched input 'SET'/],
    [`WITH x AS (SELECT * FROM read_csv('/etc/passwd')) SELECT * FROM x`, /NOT_SUPPORTED/],
    [`SELECT (SELECT count(*) FROM read_csv('/etc/passwd'))`, /NOT_SUPPORTED/],
  ])('%s', async (sql, expected) => {
    expect(await errorOf(sql)).toMatch(expected);
  });
});

it('gives parameters their places, also within text that looks like one', async () => {
  const { rows } = await lake.run(`SELECT ?, '?' || ? -- ?`, { parameters: ['1', `'it''s'`] });
  expect(rows).toEqual([['1', `?it's`]]);
});

it('names columns without a name by their place', async () => {
  const { columns } = await lake.run(`SELECT id, count(*), sum(n) AS Total FROM sales GROUP BY id`);
  expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'id varchar',
    '_col1 bigint',
    'total bigint',
  ]);
});
