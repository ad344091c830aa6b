import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { splitConditions } from '../../../src/athena/engine/bytes-scanned';
import { openLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
beforeAll(async () => {
  lake = await openLocalLake();
  await lake.run(`CREATE EXTERNAL TABLE p (id string, x double, y bigint) PARTITIONED BY (d int) STORED AS PARQUET LOCATION 's3://lake/p/'
    TBLPROPERTIES ('projection.enabled' = 'true', 'projection.d.type' = 'integer', 'projection.d.range' = '1,9')`);
  for (const d of [1, 2, 3]) {
    await lake.putParquet(
      `p/d=${d}/a.parquet`,
      `SELECT 'id' || i AS id, random() AS x, i AS y FROM range(5000) t(i)`,
    );
  }
  await lake.run(
    `CREATE EXTERNAL TABLE c (id string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://lake/c/'`,
  );
  lake.put('c/a.csv', 'abc\ndef\n');
});
afterAll(() => lake.close());

/** What the footers say of some columns in the files of some partitions. */
async function stored(columns: string[], partitions: number[]): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const files = partitions.map((d) => `'${join(lake.folder, `p/d=${d}/a.parquet`)}'`);
  const reader =
    await connection.runAndReadAll(`SELECT sum(total_compressed_size)::INT FROM parquet_metadata([${files.join()}])
    WHERE path_in_schema IN (${columns.map((name) => `'${name}'`).join()})`);
  connection.closeSync();
  instance.closeSync();
  return reader.getRows()[0]?.[0] as number;
}

it.each<[string, string[], number[]]>([
  ['SELECT * FROM p', ['id', 'x', 'y'], [1, 2, 3]],
  ['SELECT sum(x) FROM p', ['x'], [1, 2, 3]],
  ['SELECT sum(x) FROM p WHERE d = 2', ['x'], [2]],
  ['SELECT sum(x) FROM p WHERE d IN (1, 3) AND d < 3', ['x'], [1]],
  [`SELECT count(*) FROM p WHERE id = 'id7'`, ['id'], [1, 2, 3]],
  [
    'SELECT sum(a.x) FROM p a JOIN p b ON a.y = b.y WHERE a.d = 1 AND b.d = 2',
    ['x', 'y', 'y'],
    [1],
  ],
])('%s reads its columns of its partitions', async (sql, columns, partitions) => {
  const own = await stored([...new Set(columns)], partitions);
  const joined = columns.length > new Set(columns).size ? await stored(['y'], [2]) : 0;
  expect((await lake.run(sql)).bytesScanned).toBe(own + joined);
});

it('counts rows from the footers alone', async () => {
  expect(await lake.run('SELECT count(*) FROM p')).toMatchObject({
    rows: [['15000']],
    bytesScanned: 0,
  });
});

it('reads text files whole', async () => {
  expect((await lake.run('SELECT id FROM c')).bytesScanned).toBe(8);
});

it('reads nothing for DDL', async () => {
  expect((await lake.run('SHOW TABLES')).bytesScanned).toBe(0);
});

it('refuses a query that would read more than it may', async () => {
  await expect(lake.run('SELECT * FROM p', { bytesScannedCutoff: 1000 })).rejects.toThrow(
    'Bytes scanned limit was exceeded',
  );
});

it('sees that a file has been written anew', async () => {
  await lake.putParquet('p/d=9/a.parquet', `SELECT random() AS x FROM range(10)`);
  const before = (await lake.run('SELECT sum(x) FROM p WHERE d = 9')).bytesScanned;
  await lake.putParquet('p/d=9/a.parquet', `SELECT random() AS x FROM range(5000)`);
  expect((await lake.run('SELECT sum(x) FROM p WHERE d = 9')).bytesScanned).toBeGreaterThan(before);
  expect(
    statSync(join(lake.folder, 'p/d=9', readdirSync(join(lake.folder, 'p/d=9'))[0] ?? '')).size,
  ).toBeGreaterThan(0);
});

it('tells the conditions of a plan apart', () => {
  expect(splitConditions(`(a = 1)((b = ')(') OR (c = 2))`)).toEqual([
    '(a = 1)',
    `((b = ')(') OR (c = 2))`,
  ]);
});
