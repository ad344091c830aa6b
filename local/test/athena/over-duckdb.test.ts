import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  GetQueryResultsCommand,
  StopQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import {
  CreateTableCommand,
  DeleteTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
} from '@aws-sdk/client-glue';
import { ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { openQueryEngine } from '../../src/athena/engine/open-query-engine';
import type { QueryEngine } from '../../src/athena/query-engine';
import type { Glue } from '../../src/glue/glue';
import type { S3 } from '../../src/s3/s3';
import { freshStateDir } from '../support/state-dir';
import { until } from '../support/until';
import { startAthena, type LocalAthena } from './local-athena';

const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  SerdeInfo: {
    SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  },
};

let local: LocalAthena;

function realEngine(stateDir: string): (glue: Glue, s3: S3) => QueryEngine {
  return ({ catalog }, s3) =>
    openQueryEngine({
      catalog,
      bucketFolder: (bucket) =>
        s3.buckets().some(({ name }) => name === bucket) ? s3.bucketFolder(bucket) : undefined,
      putFile: (bucket, key, path) => putFile(local.s3Client, bucket, key, path),
      temporaryFolder: join(stateDir, 'engine'),
      now: () => Date.now(),
    });
}

async function putFile(client: S3Client, Bucket: string, Key: string, path: string) {
  const ContentLength = statSync(path).size;
  await client.send(
    new PutObjectCommand({ Bucket, Key, Body: createReadStream(path), ContentLength }),
  );
}

/** Puts a Parquet object into the curated bucket. */
async function putParquet(key: string, select: string): Promise<void> {
  const path = join(freshStateDir(), 'file.parquet');
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  await putFile(local.s3Client, 'curated', key, path);
}

const run = (QueryString: string, more: Partial<StartQueryExecutionCommandInput> = {}) =>
  local.submit({ QueryString, QueryExecutionContext: { Database: 'lake' }, ...more });
const ask = async (sql: string, more = {}) => local.rows(await run(sql, more));

beforeAll(async () => {
  const stateDir = freshStateDir();
  local = await startAthena(realEngine(stateDir), {
    stateDir,
    declared: {
      databases: [{ name: 'lake' }],
      workgroups: [
        { name: 'tight', state: 'ENABLED', enforceConfiguration: false, bytesScannedCutoff: 1 },
      ],
    },
  });
  await putParquet(
    'sales/year=2024/a.parquet',
    `SELECT 1::INT AS id, 1.50::DECIMAL(10,2) AS price`,
  );
  await putParquet(
    'sales/year=2025/b.parquet',
    `SELECT 2::INT AS id, NULL::DECIMAL(10,2) AS price`,
  );
  await local.glueClient.send(
    new CreateTableCommand({
      DatabaseName: 'lake',
      TableInput: {
        Name: 'sales',
        TableType: 'EXTERNAL_TABLE',
        PartitionKeys: [{ Name: 'year', Type: 'int' }],
        Parameters: {
          'projection.enabled': 'true',
          'projection.year.type': 'integer',
          'projection.year.range': '2020,2030',
        },
        StorageDescriptor: {
          ...PARQUET,
          Location: 's3://curated/sales/',
          Columns: [
            { Name: 'id', Type: 'int' },
            { Name: 'price', Type: 'decimal(10,2)' },
          ],
        },
      },
    }),
  );
});
afterAll(() => local.close());

describe('a table of Glue', () => {
  it('is queried, with its partitions', async () => {
    expect(await ask('SELECT id, price, year FROM sales ORDER BY id')).toEqual([
      ['id', 'price', 'year'],
      ['1', '1.50', '2024'],
      ['2', null, '2025'],
    ]);
  });

  it('has columns of its own types', async () => {
    const QueryExecutionId = await run('SELECT id, price FROM sales');
    await local.ended(QueryExecutionId);
    const { ResultSet } = await local.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo).toMatchObject([
      { Name: 'id', Type: 'integer' },
      { Name: 'price', Type: 'decimal', Precision: 10, Scale: 2 },
    ]);
  });

  it('is queried by parameters, also of a prepared statement', async () => {
    const byYear = 'SELECT id FROM sales WHERE year = ?';
    expect(await ask(byYear, { ExecutionParameters: ['2025'] })).toEqual([['id'], ['2']]);
    await ask(`PREPARE by_year FROM ${byYear}`);
    expect(await ask('EXECUTE by_year USING 2024')).toEqual([['id'], ['1']]);
  });

  it('counts the bytes of the partitions that a query reads alone', async () => {
    const scanned = async (sql: string) =>
      (await local.ended(await run(sql))).Statistics?.DataScannedInBytes ?? 0;
    const one = await scanned('SELECT id FROM sales WHERE year = 2024');
    expect(one).toBeGreaterThan(0);
    expect(await scanned('SELECT id FROM sales')).toBeGreaterThan(one);
  });
});

describe('a wrong statement', () => {
  it.each([
    ['SELECT nothing FROM sales', 'COLUMN_NOT_FOUND'],
    ['SELECT 1 FROM nothing', 'TABLE_NOT_FOUND'],
    ['SELEC 1', 'line 1:1'],
  ])('%s has FAILED', async (sql, reason) => {
    expect((await local.ended(await run(sql))).Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringContaining(reason) as string,
      AthenaError: { ErrorCategory: 2 },
    });
  });
});

describe('statements that define', () => {
  it('CREATE TABLE AS makes a table that Glue has, of objects that S3 has', async () => {
    const id = await run(
      `CREATE TABLE copied WITH (external_location = 's3://curated/copied/') AS
       SELECT id, price FROM sales`,
    );
    const { Status, SubstatementType } = await local.ended(id);
    expect(Status).toMatchObject({ State: 'SUCCEEDED' });
    expect(SubstatementType).toBe('CREATE_TABLE_AS_SELECT');
    const { Table } = await local.glueClient.send(
      new GetTableCommand({ DatabaseName: 'lake', Name: 'copied' }),
    );
    expect(Table?.StorageDescriptor).toMatchObject({
      Location: 's3://curated/copied/',
      Columns: [
        { Name: 'id', Type: 'int' },
        { Name: 'price', Type: 'decimal(10,2)' },
      ],
    });
    const list = new ListObjectsV2Command({ Bucket: 'curated', Prefix: 'copied/' });
    expect((await local.s3Client.send(list)).KeyCount).toBeGreaterThan(0);
    expect(await ask('SELECT count(*) AS n FROM copied')).toEqual([['n'], ['2']]);
  });

  it('CREATE EXTERNAL TABLE makes a table that Glue has, ALTER TABLE its partitions', async () => {
    await ask(`CREATE EXTERNAL TABLE by_sql (id int) PARTITIONED BY (year int)
      STORED AS PARQUET LOCATION 's3://curated/sales/'`);
    await ask('ALTER TABLE by_sql ADD PARTITION (year = 2025)');
    const { Partitions } = await local.glueClient.send(
      new GetPartitionsCommand({ DatabaseName: 'lake', TableName: 'by_sql' }),
    );
    expect(Partitions?.map(({ Values }) => Values)).toEqual([['2025']]);
    expect(await ask('SELECT id FROM by_sql')).toEqual([['id'], ['2']]);
  });

  it('CREATE VIEW makes a view that Glue has', async () => {
    await ask('CREATE OR REPLACE VIEW dear AS SELECT id FROM sales WHERE price > 1');
    const { Table } = await local.glueClient.send(
      new GetTableCommand({ DatabaseName: 'lake', Name: 'dear' }),
    );
    expect(Table).toMatchObject({
      TableType: 'VIRTUAL_VIEW',
      ViewOriginalText: expect.stringMatching(/^\/\* Presto View: .* \*\/$/) as string,
    });
    expect(await ask('SELECT * FROM dear')).toEqual([['id'], ['1']]);
  });

  it('DROP TABLE is seen by Glue, and a deletion by Glue by SHOW TABLES', async () => {
    await ask(`CREATE EXTERNAL TABLE gone (id int) STORED AS PARQUET LOCATION 's3://curated/x/'`);
    expect(await ask("SHOW TABLES 'go*'")).toEqual([['gone']]);
    const table = { DatabaseName: 'lake', Name: 'gone' };
    await local.glueClient.send(new DeleteTableCommand(table));
    expect(await ask("SHOW TABLES 'go*'")).toEqual([]);
    await ask(`CREATE EXTERNAL TABLE gone (id int) STORED AS PARQUET LOCATION 's3://curated/x/'`);
    await ask('DROP TABLE gone');
    await expect(local.glueClient.send(new GetTableCommand(table))).rejects.toMatchObject({
      name: 'EntityNotFoundException',
    });
  });
});

it('a long query is really ended when stopped', async () => {
  const QueryExecutionId = await run(
    'SELECT count(*) FROM UNNEST(sequence(1, 9000)) a(x), UNNEST(sequence(1, 9000)) b(y), UNNEST(sequence(1, 9000)) c(z) WHERE x * y + z = 1',
  );
  await until(async () => (await local.execution(QueryExecutionId)).Status?.State === 'RUNNING');
  await local.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  expect((await local.ended(QueryExecutionId)).Status?.State).toBe('CANCELLED');
});

it('a query that would read more than its workgroup lets it is cancelled', async () => {
  const { Status } = await local.ended(await run('SELECT id FROM sales', { WorkGroup: 'tight' }));
  expect(Status?.State).toBe('CANCELLED');
});

it('twenty queries at once all end well', async () => {
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, i) => run(`SELECT id + ${i} AS n FROM sales WHERE id = 1`)),
  );
  const all = await Promise.all(ids.map((id) => local.rows(id)));
  expect(all.map((rows) => rows[1])).toEqual(ids.map((_, i) => [String(1 + i)]));
});
