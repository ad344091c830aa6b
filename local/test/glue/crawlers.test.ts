import {
  CreateCrawlerCommand,
  DeleteCrawlerCommand,
  GetCrawlerCommand,
  GetCrawlerMetricsCommand,
  GetCrawlersCommand,
  GetPartitionsCommand,
  GetTableCommand,
  StartCrawlerCommand,
  StopCrawlerCommand,
  UpdateCrawlerCommand,
  type CreateCrawlerRequest,
} from '@aws-sdk/client-glue';
import { DuckDBInstance } from '@duckdb/node-api';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freshStateDir } from '../support/state-dir';
import { until } from '../support/until';
import { startGlue, type LocalGlue } from './local-glue';

const CRAWLER: CreateCrawlerRequest = {
  Name: 'c',
  Role: 'role',
  DatabaseName: 'found',
  TablePrefix: 'crawled_',
  Targets: { S3Targets: [{ Path: 's3://curated/lake/' }] },
};

let local: LocalGlue;
beforeEach(async () => {
  local = await startGlue();
});
afterEach(() => local.close());

function put(key: string, content: string | Buffer): void {
  const path = join(local.bucketFolder('curated'), key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function putParquet(key: string, select: string): Promise<void> {
  put(key, '');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const path = join(local.bucketFolder('curated'), key);
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

const crawlerOf = async (Name = 'c') =>
  (await local.client.send(new GetCrawlerCommand({ Name }))).Crawler;

async function crawled(changed: Partial<CreateCrawlerRequest> = {}): Promise<string | undefined> {
  await local.client.send(new CreateCrawlerCommand({ ...CRAWLER, ...changed }));
  return crawledAgain();
}

async function crawledAgain(): Promise<string | undefined> {
  await local.client.send(new StartCrawlerCommand({ Name: 'c' }));
  await until(async () => (await crawlerOf())?.State === 'READY');
  return (await crawlerOf())?.LastCrawl?.Status;
}

const tableOf = async (Name: string) =>
  (await local.client.send(new GetTableCommand({ DatabaseName: 'found', Name }))).Table;

const columnsOf = async (name: string) =>
  (await tableOf(name))?.StorageDescriptor?.Columns?.map((one) => [one.Name, one.Type]);

const names = () => local.glue.catalog.tables('found').map(({ name }) => name);

describe('a crawl', () => {
  it('makes a table of Parquet files, with its partitions', async () => {
    const select = `SELECT 1::INT AS id, 1.5::DECIMAL(10,2) AS price, now() AS "At",
      {'a': 1::BIGINT} AS inner, ['x'] AS tags, MAP {'k': 1::SMALLINT} AS counts`;
    await putParquet('lake/sales/year=2025/month=1/a.parquet', select);
    await putParquet('lake/sales/year=2025/month=2/b.parquet', select);
    expect(await crawled()).toBe('SUCCEEDED');
    expect(await tableOf('crawled_sales')).toMatchObject({
      TableType: 'EXTERNAL_TABLE',
      Parameters: { classification: 'parquet', UPDATED_BY_CRAWLER: 'c', objectCount: '2' },
      PartitionKeys: [
        { Name: 'year', Type: 'string' },
        { Name: 'month', Type: 'string' },
      ],
      StorageDescriptor: {
        Location: 's3://curated/lake/sales/',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
        },
      },
    });
    expect(await columnsOf('crawled_sales')).toEqual([
      ['id', 'int'],
      ['price', 'decimal(10,2)'],
      ['at', 'timestamp'],
      ['inner', 'struct<a:bigint>'],
      ['tags', 'array<string>'],
      ['counts', 'map<string,smallint>'],
    ]);
    const { Partitions } = await local.client.send(
      new GetPartitionsCommand({ DatabaseName: 'found', TableName: 'crawled_sales' }),
    );
    expect(Partitions?.map((one) => [one.Values, one.StorageDescriptor?.Location])).toEqual([
      [['2025', '1'], 's3://curated/lake/sales/year=2025/month=1/'],
      [['2025', '2'], 's3://curated/lake/sales/year=2025/month=2/'],
    ]);
  });

  it('makes a table of JSON lines, zipped or not', async () => {
    put('lake/raw/a.json', '{"id":1,"at":"2025-01-01","inner":{"a":1.5}}\n{"id":2}\n');
    put('lake/raw/b.json.gz', gzipSync('{"id":3,"at":"x","inner":{"a":1}}\n'));
    await crawled();
    expect(await columnsOf('crawled_raw')).toEqual([
      ['id', 'bigint'],
      ['at', 'string'],
      ['inner', 'struct<a:bigint>'],
    ]);
    expect((await tableOf('crawled_raw'))?.StorageDescriptor?.SerdeInfo).toMatchObject({
      SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
    });
  });

  it('makes a table of CSV, with and without quotes', async () => {
    put('lake/plain/a.csv', 'id;name\n1;x\n2;y\n');
    put('lake/quoted/a.csv', 'order,note\n1,"a, b"\n2,"c"\n');
    await crawled();
    expect(await columnsOf('crawled_plain')).toEqual([
      ['id', 'bigint'],
      ['name', 'string'],
    ]);
    expect(await tableOf('crawled_plain')).toMatchObject({
      Parameters: { classification: 'csv', delimiter: ';', 'skip.header.line.count': '1' },
      StorageDescriptor: { SerdeInfo: { Parameters: { 'field.delim': ';' } } },
    });
    expect(await tableOf('crawled_quoted')).toMatchObject({
      StorageDescriptor: {
        SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' },
      },
    });
  });

  it('passes over what is hidden, empty, excluded or of no format', async () => {
    put('lake/_temporary/a.json', '{"other":1}\n');
    put('lake/sales/.hidden', '{"other":1}\n');
    put('lake/sales/empty.json', '');
    put('lake/sales/a.json', '{"id":1}\n');
    put('lake/sales/old/b.json', '{"other":1}\n');
    put('lake/sales/c.json', '{"id":');
    const Targets = { S3Targets: [{ Path: 's3://curated/lake/', Exclusions: ['**/old/**'] }] };
    await crawled({ Targets });
    expect(await columnsOf('crawled_sales')).toEqual([['id', 'bigint']]);
    expect(local.told).toContainEqual(
      expect.objectContaining({
        what: 'file not recognised',
        subject: 's3://curated/lake/sales/c.json',
      }),
    );
  });

  it('of a bucket that is not there has FAILED', async () => {
    const Targets = { S3Targets: [{ Path: 's3://none/' }] };
    expect(await crawled({ Targets })).toBe('FAILED');
    expect((await crawlerOf())?.LastCrawl?.ErrorMessage).toBe('There is no bucket none.');
  });

  it('gives a table another name where its own is taken', async () => {
    put('lake/a/sales/x.json', '{"id":1}\n');
    put('lake/b/sales/y.json', '{"other":1}\n');
    await crawled();
    expect(names()).toEqual([
      'crawled_sales',
      expect.stringMatching(/^crawled_sales_[0-9a-f]{32}$/),
    ]);
  });
});

describe('a crawl of what has changed', () => {
  beforeEach(() => put('lake/sales/day=1/a.json', '{"id":1}\n'));
  const SchemaChangePolicy = { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' } as const;
  const change = () => {
    put('lake/sales/day=1/a.json', '{"id":1,"name":"x"}\n');
    put('lake/sales/day=2/b.json', '{"id":1,"name":"x"}\n');
  };
  const partitions = () =>
    local.glue.catalog.partitions('found', 'crawled_sales').map(({ values }) => values);
  const remove = (key: string) =>
    rmSync(join(local.bucketFolder('curated'), key), { recursive: true });

  it('brings columns and partitions up to date', async () => {
    await crawled();
    change();
    await crawledAgain();
    expect(await columnsOf('crawled_sales')).toEqual([
      ['id', 'bigint'],
      ['name', 'string'],
    ]);
    expect(partitions()).toEqual([['1'], ['2']]);
    const metrics = await local.client.send(new GetCrawlerMetricsCommand({}));
    expect(metrics.CrawlerMetricsList).toMatchObject([
      { CrawlerName: 'c', TablesCreated: 0, TablesUpdated: 1 },
    ]);
  });

  it('leaves the columns alone by LOG, and adds the partitions', async () => {
    await crawled({ SchemaChangePolicy });
    change();
    await crawledAgain();
    expect(await columnsOf('crawled_sales')).toEqual([['id', 'bigint']]);
    expect(partitions()).toEqual([['1'], ['2']]);
  });

  it('deletes tables and partitions without files by DELETE_FROM_DATABASE', async () => {
    put('lake/orders/x.json', '{"order":1}\n');
    change();
    await crawled({ SchemaChangePolicy: { DeleteBehavior: 'DELETE_FROM_DATABASE' } });
    remove('lake/orders');
    remove('lake/sales/day=1');
    await crawledAgain();
    expect(names()).toEqual(['crawled_sales']);
    expect(partitions()).toEqual([['2']]);
  });

  it('marks tables without files where nothing is said, until they have some', async () => {
    await crawled();
    remove('lake/sales');
    await crawledAgain();
    expect((await tableOf('crawled_sales'))?.Parameters).toHaveProperty('DEPRECATED_BY_CRAWLER');
    change();
    await crawledAgain();
    expect((await tableOf('crawled_sales'))?.Parameters).not.toHaveProperty(
      'DEPRECATED_BY_CRAWLER',
    );
  });
});

describe('a crawler', () => {
  const create = () => local.client.send(new CreateCrawlerCommand(CRAWLER));
  const send = (command: 'start' | 'stop' | 'delete') => {
    const input = { Name: 'c' };
    if (command === 'start') return local.client.send(new StartCrawlerCommand(input));
    if (command === 'stop') return local.client.send(new StopCrawlerCommand(input));
    return local.client.send(new DeleteCrawlerCommand(input));
  };

  /** As much to read that a crawl takes far longer than the requests that come meanwhile. */
  const putMany = (): void => {
    for (let i = 0; i < 1000; i++) put(`lake/sales/${i}.json`, '{"id":1}\n');
  };

  it('is given back as it was created, READY', async () => {
    await create();
    expect(await crawlerOf()).toMatchObject({
      Name: 'c',
      Role: 'role',
      State: 'READY',
      DatabaseName: 'found',
      TablePrefix: 'crawled_',
      Targets: CRAWLER.Targets,
      SchemaChangePolicy: {
        UpdateBehavior: 'UPDATE_IN_DATABASE',
        DeleteBehavior: 'DEPRECATE_IN_DATABASE',
      },
    });
  });

  it('keeps what an update leaves out', async () => {
    await create();
    await local.client.send(new UpdateCrawlerCommand({ Name: 'c', Schedule: 'cron(0 2 * * ? *)' }));
    expect(await crawlerOf()).toMatchObject({
      Schedule: { ScheduleExpression: 'cron(0 2 * * ? *)' },
      DatabaseName: 'found',
      Targets: CRAWLER.Targets,
    });
  });

  it('of a template is there from the start', async () => {
    const crawlers = [{ name: 't', databaseName: 'found', s3Paths: ['s3://curated/'] }];
    const other = await startGlue({ crawlers });
    const { Crawlers } = await other.client.send(new GetCrawlersCommand({}));
    expect(Crawlers?.map(({ Name }) => Name)).toEqual(['t']);
    await other.close();
  });

  it('runs once at a time, and ends when stopped', async () => {
    putMany();
    await create();
    await send('start');
    await expect(send('start')).rejects.toMatchObject({ name: 'CrawlerRunningException' });
    await send('stop');
    await until(async () => (await crawlerOf())?.State === 'READY');
    expect((await crawlerOf())?.LastCrawl?.Status).toBe('CANCELLED');
    await expect(send('stop')).rejects.toMatchObject({ name: 'CrawlerNotRunningException' });
  });

  it('is gone when deleted', async () => {
    await create();
    await send('delete');
    await expect(crawlerOf()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it.each([
    ['exists', {}, 'AlreadyExistsException'],
    [
      'crawls no S3',
      { Name: 'x', Targets: { JdbcTargets: [{ Path: 'db' }] } },
      'InvalidInputException',
    ],
    [
      'has another configuration than JSON',
      { Name: 'x', Configuration: '{' },
      'InvalidInputException',
    ],
  ])('is refused where it %s', async (_, changed, name) => {
    await create();
    const ask = new CreateCrawlerCommand({ ...CRAWLER, ...changed });
    await expect(local.client.send(ask)).rejects.toMatchObject({ name });
  });

  it('that ran when the process was killed has FAILED', async () => {
    putMany();
    await create();
    await send('start');
    const stateDir = freshStateDir();
    cpSync(local.stateDir, stateDir, { recursive: true });
    const after = await startGlue({}, stateDir);
    const { Crawler } = await after.client.send(new GetCrawlerCommand({ Name: 'c' }));
    expect(Crawler).toMatchObject({ State: 'READY', LastCrawl: { Status: 'FAILED' } });
    await after.close();
  });
});
