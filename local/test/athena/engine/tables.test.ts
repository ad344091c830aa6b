import { openLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
beforeEach(async () => {
  lake = await openLocalLake();
});
afterEach(() => lake.close());

const SALES = `CREATE EXTERNAL TABLE sales (id string, \`timestamp\` timestamp, price decimal(10,2))
  PARTITIONED BY (year int, month int, day int) STORED AS PARQUET LOCATION 's3://lake/sales/'
  TBLPROPERTIES ('projection.enabled' = 'true',
    'projection.year.type' = 'integer', 'projection.year.range' = '2020,2030', 'projection.year.digits' = '4',
    'projection.month.type' = 'integer', 'projection.month.range' = '1,12', 'projection.month.digits' = '2',
    'projection.day.type' = 'integer', 'projection.day.range' = '1,31', 'projection.day.digits' = '2',
    'storage.location.template' = 's3://lake/sales/year=\${year}/month=\${month}/day=\${day}/')`;

const sale = (id: string, at: string, price: string): string =>
  `SELECT '${id}' AS id, TIMESTAMPTZ '${at}+00' AS timestamp, ${price}::DECIMAL(10,2) AS price`;

describe('a projected Parquet table', () => {
  beforeEach(() => lake.run(SALES));

  it('is empty while it has no file', async () => {
    expect(await lake.run('SELECT * FROM sales')).toMatchObject({
      rows: [],
      columns: [
        { name: 'id', type: 'varchar' },
        { name: 'timestamp', type: 'timestamp' },
        { name: 'price', type: 'decimal', precision: 10, scale: 2 },
        { name: 'year', type: 'integer' },
        { name: 'month', type: 'integer' },
        { name: 'day', type: 'integer' },
      ],
    });
  });

  it('shows instants as plain timestamps, and partition columns from the path', async () => {
    await lake.putParquet(
      'sales/year=2025/month=01/day=02/a.parquet',
      sale('a', '2025-01-02 03:04:05.678', '1.50'),
    );
    expect(await lake.rows('SELECT * FROM sales')).toEqual([
      ['a', '2025-01-02 03:04:05.678', '1.50', '2025', '1', '2'],
    ]);
  });

  it('has NULL for a column that a file lacks, and does not see one that only a file has', async () => {
    await lake.putParquet('sales/year=2025/month=01/day=01/a.parquet', `SELECT 'a' AS id`);
    await lake.putParquet(
      'sales/year=2025/month=01/day=02/b.parquet',
      `${sale('b', '2025-01-02 00:00:00', '2')}, 'x' AS extra`,
    );
    expect(await lake.rows('SELECT id, price FROM sales ORDER BY id')).toEqual([
      ['a', null],
      ['b', '2.00'],
    ]);
    await expect(lake.rows('SELECT extra FROM sales')).rejects.toThrow(/COLUMN_NOT_FOUND/);
  });

  it('does not see files and folders whose names begin with _ or .', async () => {
    await lake.putParquet(
      'sales/year=2025/month=01/day=01/_a.parquet',
      sale('a', '2025-01-01 00:00:00', '1'),
    );
    await lake.putParquet(
      'sales/year=2025/month=01/day=01/.b.parquet',
      sale('b', '2025-01-01 00:00:00', '1'),
    );
    expect(await lake.rows('SELECT count(*) FROM sales')).toEqual([['0']]);
  });

  it.each([
    ['outside the range of a column', 'sales/year=2019/month=01/day=01/a.parquet'],
    ['without the digits of a column', 'sales/year=2025/month=1/day=01/a.parquet'],
    ['beside the template', 'sales/2025/01/01/a.parquet'],
  ])('does not see a partition %s', async (_, key) => {
    await lake.putParquet(key, sale('a', '2025-01-01 00:00:00', '1'));
    expect(await lake.rows('SELECT count(*) FROM sales')).toEqual([['0']]);
  });

  it('opens only the files of partitions that WHERE can match', async () => {
    await lake.putParquet(
      'sales/year=2025/month=01/day=01/a.parquet',
      sale('a', '2025-01-01 00:00:00', '1'),
    );
    lake.put('sales/year=2025/month=02/day=01/broken.parquet', 'no Parquet at all');
    expect(await lake.rows('SELECT id FROM sales WHERE year = 2025 AND month = 1')).toEqual([
      ['a'],
    ]);
    await expect(lake.rows('SELECT id FROM sales')).rejects.toThrow();
  });
});

describe('other projections', () => {
  it('reads dates in a template of its own, up to now', async () => {
    await lake.run(`CREATE EXTERNAL TABLE logs (line string) PARTITIONED BY (dt string, kind string)
      STORED AS PARQUET LOCATION 's3://lake/logs/'
      TBLPROPERTIES ('projection.enabled' = 'true', 'projection.dt.type' = 'date',
        'projection.dt.format' = 'yyyy/MM/dd', 'projection.dt.range' = '2025/01/01,NOW',
        'projection.kind.type' = 'enum', 'projection.kind.values' = 'in,out',
        'storage.location.template' = 's3://lake/logs/\${kind}/\${dt}/')`);
    for (const key of [
      'in/2025/03/15',
      'out/2025/03/14',
      'else/2025/03/14',
      'in/2025/03/16',
      'in/2024/12/31',
    ]) {
      await lake.putParquet(`logs/${key}/a.parquet`, `SELECT '${key}' AS line`);
    }
    expect(await lake.rows('SELECT line, dt, kind FROM logs ORDER BY dt')).toEqual([
      ['out/2025/03/14', '2025/03/14', 'out'],
      ['in/2025/03/15', '2025/03/15', 'in'],
    ]);
    expect(await lake.rows(`SELECT line FROM logs WHERE dt = '2025/03/14'`)).toEqual([
      ['out/2025/03/14'],
    ]);
  });
});

describe('a table with registered partitions', () => {
  beforeEach(async () => {
    await lake.run(
      `CREATE EXTERNAL TABLE events (id string) PARTITIONED BY (d string) STORED AS PARQUET LOCATION 's3://lake/events/'`,
    );
    await lake.putParquet('events/d=1/a.parquet', `SELECT 'a' AS id`);
    await lake.putParquet('elsewhere/b.parquet', `SELECT 'b' AS id`);
  });

  it('does not see a folder that is not registered', async () => {
    expect(await lake.rows('SELECT * FROM events')).toEqual([]);
  });

  it('sees the partitions that MSCK REPAIR TABLE finds', async () => {
    await lake.run('MSCK REPAIR TABLE events');
    expect(await lake.rows('SELECT * FROM events')).toEqual([['a', '1']]);
    expect(await lake.rows('SHOW PARTITIONS events')).toEqual([['d=1']]);
  });

  it('reads a partition where ALTER TABLE says it is', async () => {
    await lake.run(
      `ALTER TABLE events ADD PARTITION (d = 'x') LOCATION 's3://lake/elsewhere/' PARTITION (d = '1')`,
    );
    expect(await lake.rows('SELECT * FROM events ORDER BY id')).toEqual([
      ['a', '1'],
      ['b', 'x'],
    ]);
    await lake.run(`ALTER TABLE events DROP PARTITION (d = 'x')`);
    expect(await lake.rows('SELECT * FROM events')).toEqual([['a', '1']]);
  });
});

describe('text tables', () => {
  it('reads CSV of OpenCSVSerde behind its header', async () => {
    await lake.run(`CREATE EXTERNAL TABLE c (id string, n int) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
      WITH SERDEPROPERTIES ('separatorChar' = ',', 'quoteChar' = '"') LOCATION 's3://lake/c/' TBLPROPERTIES ('skip.header.line.count' = '1')`);
    lake.put('c/a.csv', 'id,n\n"a, b",1\nc,x\n');
    expect(await lake.rows('SELECT * FROM c ORDER BY id')).toEqual([
      ['a, b', '1'],
      ['c', null],
    ]);
  });

  it('reads delimited text with \\N for NULL', async () => {
    await lake.run(
      `CREATE EXTERNAL TABLE t (id string, n double) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' STORED AS TEXTFILE LOCATION 's3://lake/t/'`,
    );
    lake.put('t/a.tsv', 'a\t1.5\n\\N\t2\n');
    expect(await lake.rows('SELECT * FROM t ORDER BY n')).toEqual([
      ['a', '1.5'],
      [null, '2.0'],
    ]);
  });

  it('reads JSON lines', async () => {
    await lake.run(`CREATE EXTERNAL TABLE j (id string, at timestamp, tags array<string>, o struct<a:int>)
      ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' LOCATION 's3://lake/j/'`);
    lake.put(
      'j/a.json',
      '{"id":"a","at":"2025-01-01 00:00:00","tags":["x","y"],"o":{"a":1}}\n{"id":"b"}\n',
    );
    expect(await lake.rows('SELECT *, o.a FROM j ORDER BY id')).toEqual([
      ['a', '2025-01-01 00:00:00.000', '[x, y]', '{a=1}', '1'],
      ['b', null, null, null, null],
    ]);
  });
});

describe('names', () => {
  beforeEach(async () => {
    await lake.run(SALES);
    await lake.putParquet(
      'sales/year=2025/month=01/day=02/a.parquet',
      sale('a', '2025-01-02 00:00:00', '1.50'),
    );
  });

  it.each(['db.sales', '"awsdatacatalog"."db"."sales"', 'SALES'])(
    'finds a table as %s',
    async (name) => {
      expect(await lake.rows(`SELECT s.id FROM ${name} s WHERE s.year = 2025`)).toEqual([['a']]);
    },
  );

  it('reads views of views, in the database they were made in', async () => {
    await lake.run('CREATE VIEW cheap AS SELECT id, price FROM sales WHERE price < 10');
    await lake.run(`CREATE OR REPLACE VIEW cheapest AS SELECT min(price) AS least FROM cheap`);
    lake.catalog.createDatabase({ name: 'other' });
    expect(await lake.rows('SELECT least FROM db.cheapest', { database: 'other' })).toEqual([
      ['1.50'],
    ]);
    expect(await lake.rows('SHOW CREATE VIEW cheapest')).toContainEqual([
      'SELECT min(price) AS least FROM cheap',
    ]);
    await lake.run('DROP VIEW cheapest');
    await expect(lake.rows('SELECT * FROM cheapest')).rejects.toThrow(/TABLE_NOT_FOUND/);
  });

  it('lists the catalog in information_schema', async () => {
    expect(
      await lake.rows(
        `SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'db'`,
      ),
    ).toEqual([['sales', 'BASE TABLE']]);
    expect(
      await lake.rows(
        `SELECT data_type FROM information_schema.columns WHERE column_name = 'price'`,
      ),
    ).toEqual([['decimal(10,2)']]);
  });
});
