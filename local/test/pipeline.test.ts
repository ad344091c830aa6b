import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import { s3ClientOf } from '../src/cli/local-connection';
import { ManualClock } from '../src/core/clock';
import { bucketNames, clientConfig } from '../src/local-names';
import { reconcile } from '../src/reconcile';
import { compareZones } from '../src/query/compare-zones';
import { startProjectAws, type ProjectAws } from './support/project-aws';

const COUNT = 3000;
const { raw, curated } = bucketNames();
const scheduleClock = new ManualClock(Date.UTC(2026, 5, 1, 0, 2));
let local: ProjectAws;

beforeAll(async () => {
  local = await startProjectAws({ scheduleClock });
  await backfill();
  // Three ticks, the first of whose transactions lie on both sides of midnight.
  scheduleClock.advance(3 * 5 * 60_000);
  await local.aws.settled();
}, 60_000);

afterAll(() => local.close());

async function backfill(): Promise<void> {
  const event = { from: '2026-02-27T22:30:00Z', to: '2026-03-02', count: COUNT, seed: 'test' };
  const answer = await new LambdaClient(clientConfig(local.aws.endpoint)).send(
    new InvokeCommand({
      FunctionName: 'saleslake-generator-local-generate',
      Payload: JSON.stringify(event),
    }),
  );
  expect(answer.FunctionError).toBeUndefined();
}

function folder(bucket: string): string {
  return join(local.project.stateDir, 's3', bucket);
}

/** Asks DuckDB, which shares no code with the pipeline, about the plain files. */
async function askFiles(select: (files: string) => string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  const files = `'${folder(curated)}/processed/transactions/**/*.parquet'`;
  const reader = await connection.runAndReadAll(select(files));
  const rows = reader.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

describe('the pipeline, from the schedule to Parquet', () => {
  it('has every generated transaction exactly once, the same in every column', async () => {
    const comparison = await compareZones(transactions, folder(raw), folder(curated));
    const all = COUNT + 3 * 100;
    expect(comparison).toEqual({ raw: all, curated: all, missing: 0, unexpected: 0 });
  });

  it('has every customer exactly once, the same in every column', async () => {
    const comparison = await compareZones(customers, folder(raw), folder(curated));
    expect(comparison).toEqual({ raw: 500, curated: 500, missing: 0, unexpected: 0 });
  });

  it('knows the customer of every transaction', async () => {
    const rows = await askFiles(
      (files) => `SELECT count(*) FROM ${files} WHERE customer_id NOT IN
        (SELECT customer_id FROM '${folder(curated)}/processed/customers/*.parquet')`,
    );
    expect(rows).toEqual([['0']]);
  });

  it('has no two rows of one transaction', async () => {
    const rows = await askFiles(
      (files) => `SELECT count(*) - count(DISTINCT transaction_id) FROM ${files}`,
    );
    expect(rows).toEqual([['0']]);
  });

  it('has a total that is exactly quantity times price', async () => {
    const rows = await askFiles(
      (files) => `SELECT count(*) FROM ${files} WHERE total_amount <> quantity * price`,
    );
    expect(rows).toEqual([['0']]);
  });

  it('has each row in the partition that its UTC timestamp says', async () => {
    const rows = await askFiles(
      (files) => `SELECT count(*) FROM read_parquet(${files}, hive_partitioning = true,
        hive_types = {year: INT, month: INT, day: INT})
      WHERE (year, month, day) <> (year("timestamp"), month("timestamp"), day("timestamp"))`,
    );
    expect(rows).toEqual([['0']]);
  });

  it('has the hour and the day of week of the UTC timestamp', async () => {
    const rows = await askFiles(
      (files) => `SELECT count(*) FROM ${files}
      WHERE hour <> hour("timestamp") OR day_of_week <> isodow("timestamp") - 1`,
    );
    expect(rows).toEqual([['0']]);
  });

  it('has no partition column inside a file', async () => {
    const rows = await askFiles(
      (files) => `SELECT DISTINCT name FROM parquet_schema(${files})
      WHERE name IN ('year', 'month', 'day')`,
    );
    expect(rows).toEqual([]);
  });

  it('has decimals and UTC timestamps, not doubles and texts', async () => {
    const rows = await askFiles(
      (files) => `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM
        read_parquet(${files}, hive_partitioning = false))
      WHERE column_type NOT IN ('VARCHAR', 'INTEGER') ORDER BY ALL`,
    );
    expect(rows).toEqual([
      ['price', 'DECIMAL(10,2)'],
      ['timestamp', 'TIMESTAMP WITH TIME ZONE'],
      ['total_amount', 'DECIMAL(12,2)'],
    ]);
  });

  it('has a manifest for every raw object, whose counts add up', async () => {
    const found = await reconcile(s3ClientOf(local.aws.endpoint), raw, curated);
    expect(found).toMatchObject([
      { table: 'customers', pending: [], mismatches: [], objects: 1 },
      { table: 'transactions', pending: [], mismatches: [], objects: 3 + 3 },
    ]);
  });

  it('writes the same objects again for the same event', async () => {
    await backfill();
    await local.aws.settled();
    const comparison = await compareZones(transactions, folder(raw), folder(curated));
    expect(comparison).toMatchObject({ curated: COUNT + 300, missing: 0, unexpected: 0 });
  });

  it('does not transform the customers again', async () => {
    const manifests = join(folder(curated), 'manifests', 'customers');
    const texts = () =>
      readdirSync(manifests).map((name) => readFileSync(join(manifests, name), 'utf8'));
    const before = texts();
    await backfill();
    await local.aws.settled();
    expect(texts()).toEqual(before);
    expect(before).toHaveLength(1);
  });
});
