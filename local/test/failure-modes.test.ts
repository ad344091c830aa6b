import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { findProject } from '../src/cli/project';
import { s3ClientOf } from '../src/cli/local-connection';
import type { Activity } from '../src/core/aws-context';
import { fastClock } from '../src/core/clock';
import { bucketNames } from '../src/local-names';
import { reconcile } from '../src/reconcile';
import { packagedServices } from './support/packaged-services';
import { startProjectAws } from './support/project-aws';
import { until } from './support/until';

const { root } = findProject(__dirname);
const { raw, curated } = bucketNames();
const TRANSFORM = 'saleslake-transformer-local-transform';

const sale = (id: number): string =>
  `{"transaction_id":"t-${id}","timestamp":"2026-03-01T22:15:30.250Z","customer_id":"C00001",` +
  '"product_id":"P1","product_name":"Desk lamp","category":"Home","quantity":3,"price":19.99,' +
  '"total_amount":59.97}\n';

async function putSales(endpoint: string, objects: number): Promise<void> {
  const s3 = s3ClientOf(endpoint);
  for (let i = 0; i < objects; i++) {
    const Key = `raw/transactions/date=2026-03-01/o${i}.json`;
    await s3.send(new PutObjectCommand({ Bucket: raw, Key, Body: sale(i) }));
  }
}

/** Resources of a type in the project's compiled templates, by logical id. */
async function resourcesOf(type: string): Promise<[string, Record<string, unknown>][]> {
  return (await packagedServices()).flatMap(({ template }) => {
    const { Resources } = template as {
      Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
    };
    return Object.entries(Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([id, { Properties }]): [string, Record<string, unknown>] => [id, Properties]);
  });
}

describe('docs/failure-modes.md', () => {
  const page = readFileSync(join(root, 'docs/failure-modes.md'), 'utf8');
  const rows = page.split('\n').filter((line) => /^\| (?!what goes wrong|-)/.test(line));

  it.each(rows.map((row) => [row.split('|')[1]?.trim(), row]))('%s: names a test', (_, row) => {
    const [, file = '', name = ''] = /`([^`]+\.test\.ts)` "([^"]+)" +\|$/.exec(row ?? '') ?? [];
    expect(readFileSync(join(root, file), 'utf8')).toContain(name);
  });
});

describe('the project', () => {
  it('keeps in the queue what a throttled transformer cannot take', async () => {
    let refused = 0;
    const throttling = createServer((request, response) => {
      request.resume().on('end', () => {
        refused += 1;
        response.writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException' });
        response.end('{"message":"Rate Exceeded."}');
      });
    });
    await new Promise<void>((resolve) => throttling.listen(0, '127.0.0.1', resolve));
    const { port } = throttling.address() as AddressInfo;
    // The pauses between invocations that are refused pass in a moment. The twelve minutes of the
    // visibility timeout do not: the function, when it runs at last, has real time.
    const local = await startProjectAws({ clock: fastClock(Date.now(), 20) });
    try {
      local.aws.lambda.redirect(TRANSFORM, `http://127.0.0.1:${port}`);
      await putSales(local.aws.endpoint, 3);
      await until(() => refused > 1);
      local.aws.lambda.redirect(TRANSFORM, undefined);
      await local.aws.settled();
      const [sums] = await reconcile(s3ClientOf(local.aws.endpoint), raw, curated);
      expect(sums).toMatchObject({ objects: 3, pending: [], rows: { good: 3 } });
    } finally {
      throttling.closeAllConnections();
      throttling.close();
      await local.close();
    }
  });

  it('wakes no function by what it writes into the curated bucket', async () => {
    const told: Activity[] = [];
    const local = await startProjectAws({ tell: (activity) => told.push(activity) });
    try {
      await putSales(local.aws.endpoint, 1);
      await local.aws.settled();
      const invocations = told.filter(({ what }) => what === 'invocation succeeded');
      expect(invocations.map(({ subject }) => subject)).toEqual([TRANSFORM]);
    } finally {
      await local.close();
    }
  });

  it('gives up on a record at last, and keeps where it was', async () => {
    const pipes = await resourcesOf('AWS::Pipes::Pipe');
    expect(pipes).not.toHaveLength(0);
    for (const [, { SourceParameters }] of pipes) {
      expect(SourceParameters).toMatchObject({
        DynamoDBStreamParameters: {
          MaximumRetryAttempts: expect.any(Number) as number,
          MaximumRecordAgeInSeconds: expect.any(Number) as number,
          OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          DeadLetterConfig: { Arn: expect.anything() as unknown },
        },
      });
    }
  });

  it('gathers what comes by Firehose into few files', async () => {
    const streams = await resourcesOf('AWS::KinesisFirehose::DeliveryStream');
    expect(streams).not.toHaveLength(0);
    for (const [, { ExtendedS3DestinationConfiguration }] of streams) {
      expect(ExtendedS3DestinationConfiguration).toMatchObject({
        BufferingHints: { SizeInMBs: 128, IntervalInSeconds: 60 },
      });
    }
  });
});
