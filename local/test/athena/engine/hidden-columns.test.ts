import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
const sizeOf = (path: string): string => String(statSync(join(lake.folder, path)).size);

beforeAll(async () => {
  lake = await openLocalLake();
  await lake.run(`CREATE EXTERNAL TABLE p (id string) PARTITIONED BY (d int) STORED AS PARQUET LOCATION 's3://lake/p/'
    TBLPROPERTIES ('projection.enabled' = 'true', 'projection.d.type' = 'integer', 'projection.d.range' = '1,9')`);
  await lake.putParquet('p/d=1/a.parquet', `SELECT 'a' AS id`);
  await lake.putParquet('p/d=2/b.parquet', `SELECT 'b' || i AS id FROM range(3) t(i)`);
  await lake.run(
    `CREATE EXTERNAL TABLE c (id string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/c/'`,
  );
  lake.put('c/x^y/a.csv', 'abc\n');
  await lake.run(
    `CREATE EXTERNAL TABLE none (id string) STORED AS PARQUET LOCATION 's3://lake/n/'`,
  );
});
afterAll(() => lake.close());

it('$path is the URI of the object', async () => {
  expect(await lake.rows('SELECT id, "$path" FROM p WHERE d = 1')).toEqual([
    ['a', 's3://lake/p/d=1/a.parquet'],
  ]);
});

it('$path is of the key, where the file has another name', async () => {
  expect(await lake.rows('SELECT "$path" FROM c')).toEqual([['s3://lake/c/x^y/a.csv']]);
});

it('$file_size tells the bytes of a partition, file by file', async () => {
  const files = 'SELECT d, "$path" AS path, max("$file_size") AS size FROM p GROUP BY d, "$path"';
  const sql = `SELECT d, count(*) AS files, sum(size) AS bytes FROM (${files}) AS f GROUP BY d ORDER BY d`;
  expect(await lake.rows(sql)).toEqual([
    ['1', '1', sizeOf('p/d=1/a.parquet')],
    ['2', '1', sizeOf('p/d=2/b.parquet')],
  ]);
});

it('$file_modified_time is an instant', async () => {
  const { columns, rows } = await lake.run('SELECT "$file_modified_time" AS t FROM p WHERE d = 1');
  expect(columns).toMatchObject([{ type: 'timestamp with time zone' }]);
  const changed = statSync(join(lake.folder, 'p/d=1/a.parquet')).mtime.toISOString();
  expect(rows).toEqual([[`${changed.replace('T', ' ').replace('Z', '')} UTC`]]);
});

it.each([
  'SELECT *, "$path" AS path FROM p WHERE d = 1',
  'SELECT t.*, t."$path" AS path FROM p AS t WHERE d = 1',
  'WITH w AS (SELECT *, "$path" AS path FROM p) SELECT * FROM w WHERE d = 1',
])('are not among those of *: %s', async (sql) => {
  expect(await lake.rows(sql)).toEqual([['a', '1', 's3://lake/p/d=1/a.parquet']]);
});

it('prune files when they are asked for', async () => {
  const all = (await lake.run('SELECT max(id) FROM p')).bytesScanned;
  const sql = `SELECT max(id) FROM p WHERE "$path" = 's3://lake/p/d=1/a.parquet'`;
  const one = await lake.run(sql);
  expect(one.rows).toEqual([['a']]);
  expect(one.bytesScanned).toBeLessThan(all);
});

it('are columns of a table without files too', async () => {
  expect(await lake.rows('SELECT "$path", "$file_size" FROM none')).toEqual([]);
});
