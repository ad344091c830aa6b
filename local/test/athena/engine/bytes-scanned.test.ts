import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { splitConditions } from '../../../src/athena/engine/read-places';
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

describe('conditions on a timestamp', () => {
  beforeAll(async () => {
    await lake.run(
      `CREATE EXTERNAL TABLE s (id string, sold timestamp) STORED AS PARQUET LOCATION 's3://lake/s/'`,
    );
    await lake.run(`CREATE VIEW seen AS SELECT id, sold AS moment FROM s`);
    for (const day of [1, 2, 3]) {
      await lake.putParquet(
        `s/${day}.parquet`,
        `SELECT 'id' || i AS id, TIMESTAMPTZ '2026-02-0${day} 00:00:00+00' + INTERVAL (i) SECOND AS sold FROM range(5000) t(i)`,
      );
    }
  });

  const second = `timestamp '2026-02-02 00:00:00'`;
  const third = `timestamp '2026-02-03 00:00:00'`;
  it.each([
    [`SELECT count(id) FROM s WHERE sold >= ${second} AND sold < ${third}`, 5000, 2],
    [`SELECT count(id) FROM s WHERE ${second} < sold`, 9999, 2],
    [`SELECT count(id) FROM s WHERE sold BETWEEN ${second} AND ${third}`, 5001, 2],
    [
      `SELECT count(id) FROM s WHERE sold = ${second} AND length(id) > 2 AND (id < 'x' OR id > 'y')`,
      1,
      1,
    ],
    [`SELECT count(id) FROM s WHERE date_trunc('day', sold) = DATE '2026-02-02'`, 5000, 2],
    [`SELECT count(id) FROM seen WHERE moment < ${second}`, 5000, 1],
    [`WITH w AS (SELECT * FROM s) SELECT count(id) FROM w WHERE sold < ${second}`, 5000, 1],
    [
      `SELECT count(a.id) FROM s a JOIN s b ON a.id = b.id WHERE a.sold < ${second} AND b.sold >= ${third}`,
      5000,
      2,
    ],
    [
      `SELECT count(a.id) FROM s b LEFT JOIN s a ON a.sold = b.sold AND a.sold < ${second}`,
      5000,
      5,
    ],
    // Three places read the table, and one of them all of it.
    [`SELECT count(id) FROM s WHERE sold < ${second} OR id = 'id7'`, 5002, 3],
  ])('%s reads the files that hold such', async (sql, rows, files) => {
    const answer = await lake.run(sql);
    expect(answer.rows).toEqual([[String(rows)]]);
    const whole = (await lake.run('SELECT count(id) FROM s WHERE sold IS NOT NULL')).bytesScanned;
    expect(answer.bytesScanned).toBeLessThanOrEqual((whole * files) / 3 + 100);
  });

  it.each([
    `WITH w AS (SELECT * FROM s) SELECT (SELECT count(*) FROM w), (SELECT count(id) FROM w WHERE sold < ${second})`,
    `SELECT (SELECT count(*) FROM s), (SELECT count(id) FROM s WHERE sold < ${second})`,
    `SELECT (SELECT count(*) FROM seen), (SELECT count(id) FROM seen WHERE moment < ${second})`,
  ])('leave another reader of the table all of it: %s', async (sql) => {
    expect(await lake.rows(sql)).toEqual([['15000', '5000']]);
  });
});

it.each([
  `WITH w AS (SELECT * FROM p) SELECT (SELECT count(*) FROM w), (SELECT count(id) FROM w WHERE d = 2)`,
  `SELECT (SELECT count(*) FROM p), (SELECT count(id) FROM p WHERE d = 2)`,
])('a filter on a partition leaves another reader of the table all of it: %s', async (sql) => {
  const [row] = await lake.rows('SELECT count(*) FROM p');
  expect(await lake.rows(sql)).toEqual([[row?.[0], '5000']]);
});

it('counts each text table of a query once', async () => {
  expect((await lake.run('SELECT a.id FROM c a JOIN c b ON a.id = b.id')).bytesScanned).toBe(16);
});
