import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { s3ClientOf } from '../src/cli/local-connection';
import { bucketNames, clientConfig } from '../src/local-names';
import { localTarget } from '../src/query/query-target';
import { runQuery } from '../src/query/run-query';
import { startProjectAws, type ProjectAws } from './support/project-aws';

const STREAM = 'saleslake-local-transactions';

const sale = (id: number, change: object = {}): Record<string, unknown> => ({
  transaction_id: `t-${id}`,
  timestamp: '2026-03-01T22:15:30.250Z',
  customer_id: 'C00001',
  product_id: 'P1',
  product_name: 'Desk lamp',
  category: 'Home',
  quantity: 3,
  price: 19.99,
  total_amount: 59.97,
  ...change,
});

/** Records that cannot be used, by what the function's log says of each. */
const HOSTILE: [reason: RegExp, record: string | Buffer][] = [
  [/a JSON object/, 'not JSON'],
  [/a JSON object/, Buffer.from([0xff, 0xfe, 0x00])],
  [/price: expected a decimal\(10,2\)/, JSON.stringify(sale(901, { price: 1.005 }))],
  [/customer_id: expected a string/, JSON.stringify(sale(902, { customer_id: '' }))],
  [/quantity: expected an int32/, JSON.stringify(sale(903, { quantity: { deep: [[[[1]]]] } }))],
  [/total_amount: expected/, JSON.stringify(sale(904, { total_amount: 60 }))],
];

describe('transactions put on their delivery stream', () => {
  let local: ProjectAws;

  beforeAll(async () => {
    local = await startProjectAws();
    const firehose = new FirehoseClient(clientConfig(local.aws.endpoint));
    const good = Array.from({ length: 300 }, (_, i) =>
      JSON.stringify(sale(i, { timestamp: `2026-03-0${1 + (i % 3)}T22:15:30.250Z` })),
    );
    const records = [...good, ...HOSTILE.map(([, record]) => record), '  \n'];
    const { FailedPutCount } = await firehose.send(
      new PutRecordBatchCommand({
        DeliveryStreamName: STREAM,
        Records: records.map((record) => ({ Data: Buffer.from(record) })),
      }),
    );
    expect(FailedPutCount).toBe(0);
    await local.aws.firehose.flush();
  }, 60_000);

  afterAll(() => local.close());

  const ask = async (sql: string): Promise<(string | null)[][]> =>
    (await runQuery(localTarget(local.aws.endpoint), sql)).rows;

  async function objectsOf(bucket: string, prefix: string): Promise<[string, Buffer][]> {
    const client = s3ClientOf(local.aws.endpoint);
    const found: [string, Buffer][] = [];
    const pages = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages) {
      for (const { Key = '' } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        found.push([Key, Buffer.from((await Body?.transformToByteArray()) ?? [])]);
      }
    }
    return found;
  }

  it('are rows of the table, exactly, in the partitions of their days', async () => {
    const rows = await ask(
      `SELECT year, month, day, count(*), sum(total_amount), min(hour), min(day_of_week)
       FROM transactions GROUP BY year, month, day ORDER BY day`,
    );
    expect(rows).toEqual([
      ['2026', '3', '1', '100', '5997.00', '22', '6'],
      ['2026', '3', '2', '100', '5997.00', '22', '0'],
      ['2026', '3', '3', '100', '5997.00', '22', '1'],
    ]);
  });

  it('are kept as they came', async () => {
    const objects = await objectsOf(bucketNames().raw, 'firehose-backup/transactions/date=');
    const text = objects.map(([, body]) => gunzipSync(body).toString('latin1')).join('');
    expect(text).toContain(JSON.stringify(sale(901, { price: 1.005 })));
    expect(text.match(/"transaction_id":"t-\d+"/g)).toHaveLength(300 + 4);
  });

  it('that cannot be used are under the error prefix, whole', async () => {
    const prefix = 'firehose-errors/transactions/processing-failed/date=';
    const objects = await objectsOf(bucketNames().curated, prefix);
    const lines = objects.flatMap(([, body]) => body.toString().trimEnd().split('\n'));
    const kept = lines.map((line) =>
      Buffer.from((JSON.parse(line) as { rawData: string }).rawData, 'base64').toString('latin1'),
    );
    expect(kept.sort()).toEqual(
      HOSTILE.map(([, record]) => Buffer.from(record).toString('latin1')).sort(),
    );
  });

  it('that cannot be used are in the log with the reason, and without their values', () => {
    const log = readFileSync(
      join(local.project.stateDir, 'logs', 'saleslake-firehose-transformer-local-transform.log'),
      'utf8',
    );
    const reasons = log.split('\n').filter((line) => line.includes('record failed'));
    expect(reasons).toHaveLength(HOSTILE.length);
    for (const [reason] of HOSTILE) expect(reasons.join('\n')).toMatch(reason);
    expect(reasons.join('\n')).not.toContain('1.005');
  });
});
