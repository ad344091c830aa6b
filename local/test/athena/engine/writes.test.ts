import { openLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
beforeEach(async () => {
  lake = await openLocalLake();
});
afterEach(() => lake.close());

it('CTAS makes a table of its rows, partitioned where it is told', async () => {
  const made =
    await lake.run(`CREATE TABLE made WITH (format = 'PARQUET', write_compression = 'SNAPPY',
      external_location = 's3://lake/made/', partitioned_by = ARRAY['g'])
    AS SELECT x, sum(y) AS total, g FROM (VALUES (1, 2, 'a'), (1, 3, 'a'), (2, 4, 'b')) AS t(x, y, g) GROUP BY x, g`);
  expect(made).toMatchObject({ substatementType: 'CREATE_TABLE_AS_SELECT', updateCount: 2 });
  expect(made.writtenFiles).toHaveLength(2);
  expect(await lake.rows(`SELECT * FROM made ORDER BY x`)).toEqual([
    ['1', '5', 'a'],
    ['2', '4', 'b'],
  ]);
  expect(await lake.rows('SHOW PARTITIONS made')).toEqual([['g=a'], ['g=b']]);
});

it('CTAS without a location puts its files below the output location', async () => {
  const { writtenFiles } = await lake.run(`CREATE TABLE made AS SELECT 1 AS x`);
  expect(writtenFiles).toEqual([
    expect.stringMatching(/^s3:\/\/lake\/results\/tables\/[-0-9a-f]+\/[-0-9a-f]+\.parquet$/),
  ]);
});

it.each([
  ['a column without a name', 'SELECT 1', /MISSING_COLUMN_NAME/],
  ['two columns of one name', 'SELECT 1 AS a, 2 AS a', /DUPLICATE_COLUMN_NAME/],
])('CTAS refuses %s', async (_, query, error) => {
  await expect(lake.run(`CREATE TABLE made AS ${query}`)).rejects.toThrow(error);
});

it('INSERT puts rows beside those that are there, in the folders of the projection', async () => {
  await lake.run(`CREATE EXTERNAL TABLE s (id string, n int) PARTITIONED BY (month int) STORED AS PARQUET LOCATION 's3://lake/s/'
    TBLPROPERTIES ('projection.enabled' = 'true', 'projection.month.type' = 'integer',
      'projection.month.range' = '1,12', 'projection.month.digits' = '2')`);
  await lake.run(`INSERT INTO s VALUES ('a', 1, 2), ('b', 2, 11)`);
  const second = await lake.run(`INSERT INTO s (month, id) SELECT 2, 'c'`);
  expect(second).toMatchObject({ statementType: 'DML', updateCount: 1 });
  expect(second.writtenFiles?.[0]).toMatch(/^s3:\/\/lake\/s\/month=02\//);
  expect(await lake.rows('SELECT * FROM s ORDER BY id')).toEqual([
    ['a', '1', '2'],
    ['b', '2', '11'],
    ['c', null, '2'],
  ]);
});

it.each(['PARQUET', 'JSON', 'TEXTFILE'])('UNLOAD writes %s', async (format) => {
  const { writtenFiles, updateCount } = await lake.run(
    `UNLOAD (SELECT 1 AS a, 'x' AS b) TO 's3://lake/out/' WITH (format = '${format}')`,
  );
  expect(updateCount).toBe(1);
  expect(writtenFiles).toHaveLength(1);
});

it('UNLOAD refuses a place where objects are', async () => {
  lake.put('out/there.txt', 'x');
  await expect(
    lake.run(`UNLOAD (SELECT 1 AS a) TO 's3://lake/out/' WITH (format = 'JSON')`),
  ).rejects.toThrow(/HIVE_PATH_ALREADY_EXISTS/);
});
