import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalLake, type LocalLake } from './local-lake';

const DDL = join(__dirname, '../../../../sql/ddl');

let lake: LocalLake;
beforeEach(async () => {
  lake = await openLocalLake();
});
afterEach(() => lake.close());

it.each(readdirSync(DDL))('takes sql/ddl/%s, and SHOW CREATE TABLE gives it back', async (file) => {
  const text = readFileSync(join(DDL, file), 'utf8').replaceAll('<curated-bucket>', 'lake');
  const { substatementType } = await lake.run(text);
  expect(substatementType).toBe('CREATE_TABLE');
  const name = file.replace('.sql', '');
  const shown = await lake.rows(`SHOW CREATE TABLE ${name}`);
  const made = lake.catalog.table('db', name);
  await lake.run(`DROP TABLE ${name}`);
  await lake.run(
    shown
      .map(([line]) => line)
      .join('\n')
      .replace('`db.', '`'),
  );
  expect(lake.catalog.table('db', name)).toEqual(made);
});

describe('the catalog in statements', () => {
  beforeEach(() =>
    lake.run(`CREATE EXTERNAL TABLE t (id string COMMENT 'Which.', tags array<struct<a:int,b:decimal(10,2)>>)
    PARTITIONED BY (d date) STORED AS PARQUET LOCATION 's3://lake/t' TBLPROPERTIES ('k' = 'v')`),
  );

  it.each([
    ['SHOW DATABASES', [['db']]],
    ['SHOW TABLES', [['t']]],
    ['SHOW TABLES IN db', [['t']]],
    [`SHOW TABLES 'x*'`, []],
    [
      'SHOW TBLPROPERTIES t',
      [
        ['EXTERNAL', 'TRUE'],
        ['k', 'v'],
      ],
    ],
    ['SHOW PARTITIONS t', []],
    ['SHOW COLUMNS IN t', [['id'.padEnd(20)], ['tags'.padEnd(20)], ['d'.padEnd(20)]]],
    ['DESCRIBE t id', [['id', 'string', 'Which.']]],
  ])('%s', async (sql, expected) => {
    expect(await lake.rows(sql)).toEqual(expected);
  });

  it('changes a table', async () => {
    await lake.run('ALTER TABLE t ADD COLUMNS (n bigint)');
    await lake.run(`ALTER TABLE t SET TBLPROPERTIES ('k' = 'w')`);
    expect(lake.catalog.table('db', 't')).toMatchObject({
      columns: [
        { name: 'id' },
        { name: 'tags', type: 'array<struct<a:int,b:decimal(10,2)>>' },
        { name: 'n', type: 'bigint' },
      ],
      parameters: { k: 'w' },
    });
  });

  it('makes and drops databases', async () => {
    await lake.run(`CREATE DATABASE IF NOT EXISTS more COMMENT 'x'`);
    await expect(lake.run('CREATE SCHEMA more')).rejects.toThrow(/already exists/);
    await expect(lake.run('DROP DATABASE db')).rejects.toThrow(/not empty/);
    await lake.run('DROP DATABASE db CASCADE');
    expect(await lake.rows('SHOW SCHEMAS')).toEqual([['more']]);
  });

  it('refuses a table that is there, or is not', async () => {
    await expect(
      lake.run(`CREATE EXTERNAL TABLE t (a int) LOCATION 's3://lake/x'`),
    ).rejects.toThrow(/already exists/);
    await expect(lake.run('DROP TABLE u')).rejects.toThrow(/Table not found db.u/);
    await lake.run('DROP TABLE IF EXISTS u');
  });
});

it('EXPLAIN shows a plan, and validates', async () => {
  expect((await lake.run('EXPLAIN SELECT 1')).rows.length).toBeGreaterThan(1);
  expect(await lake.run('EXPLAIN (TYPE VALIDATE) SELECT 1')).toMatchObject({
    rows: [['true']],
    columns: [{ type: 'boolean' }],
  });
  await expect(lake.run('EXPLAIN SELECT x')).rejects.toThrow(/COLUMN_NOT_FOUND/);
});

it('ends a query when it is told to', async () => {
  const controller = new AbortController();
  const long = lake.run(
    'SELECT count(*) FROM UNNEST(sequence(1, 100000)) AS a(x), UNNEST(sequence(1, 1000000)) AS b(y) WHERE x * y % 7 = 3',
    { signal: controller.signal },
  );
  setTimeout(() => controller.abort(new Error('enough')), 100);
  await expect(long).rejects.toThrow('enough');
});

it('answers twenty queries at once, each its own', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      lake.rows(`SELECT ${i}, sum(x) FROM UNNEST(sequence(1, 1000)) AS t(x)`),
    ),
  );
  expect(answers).toEqual(answers.map((_, i) => [[String(i), '500500']]));
});

it('keeps the order of many rows', async () => {
  const rows = await lake.rows('SELECT x FROM UNNEST(sequence(1, 10000)) AS t(x) ORDER BY x DESC');
  expect(rows).toHaveLength(10_000);
  expect(rows[0]).toEqual(['10000']);
  expect(rows[9_999]).toEqual(['1']);
});
