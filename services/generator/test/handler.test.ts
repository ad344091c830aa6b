import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { validateRow } from '@saleslake/shared/contract/validate-row';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import backfillEvent from '../events/backfill.json';
import tickEvent from '../events/tick.json';
import type * as Handler from '../src/handler';
import { s3PutOnce } from '../src/s3-put-once';
import { CUSTOMERS_KEY } from '../src/write-customers';
import { startLocalS3, type LocalS3 } from './local-s3';

const BUCKET = 'saleslake-test-raw';
const context = {
  functionName: 'generate',
  getRemainingTimeInMillis: () => 60_000,
} as Context;

let s3: LocalS3;
let handler: typeof Handler.handler;

beforeAll(async () => {
  s3 = await startLocalS3(BUCKET);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: s3.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    RAW_BUCKET: BUCKET,
    TRANSACTIONS_PER_TICK: '150',
    SEED: 'saleslake',
  });
  // The handler reads its environment when it is loaded.
  ({ handler } = await import('../src/handler'));
});

afterAll(() => s3.close());

async function contentOf(key: string): Promise<string> {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
  return (await Body?.transformToString()) ?? '';
}

async function keysUnder(prefix: string): Promise<(string | undefined)[]> {
  const listing = new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix });
  const { Contents = [] } = await s3.client.send(listing);
  return Contents.map(({ Key }) => Key);
}

describe('the generator', () => {
  it('writes one object of valid transactions on a tick', async () => {
    const { objects } = await handler(tickEvent, context);
    expect(objects).toHaveLength(1);
    const content = await contentOf(objects[0]?.key ?? '');
    const lines = content.split('\n');
    expect(lines.pop()).toBe('');
    expect(lines).toHaveLength(150);
    for (const line of lines) {
      expect(validateRow(transactions, JSON.parse(line))).toMatchObject({ ok: true });
    }
  });

  it('reports the keys, transactions and bytes that the bucket then has', async () => {
    const { objects, transactions } = await handler(tickEvent, context);
    const [{ key, bytes } = { key: '', bytes: 0 }] = objects;
    expect(Buffer.byteLength(await contentOf(key))).toBe(bytes);
    expect([objects[0]?.transactions, transactions]).toEqual([150, 150]);
  });

  it('rewrites the same object with the same bytes when a tick is delivered again', async () => {
    const event = { ...tickEvent, time: '2026-03-05T00:05:00Z' };
    const first = await handler(event, context);
    const content = await contentOf(first.objects[0]?.key ?? '');
    expect(await handler({ ...event, id: 'another delivery' }, context)).toEqual(first);
    expect(await keysUnder('raw/transactions/date=2026-03-05/')).toEqual([first.objects[0]?.key]);
    expect(await contentOf(first.objects[0]?.key ?? '')).toBe(content);
  });

  it('writes a backfill, an object a day, exactly as many transactions as asked for', async () => {
    const written = await handler(backfillEvent, context);
    expect(written.transactions).toBe(10_000);
    expect(written.objects).toHaveLength(28);
    expect(await keysUnder('raw/transactions/date=2026-02-')).toEqual(
      written.objects.map(({ key }) => key),
    );
    const contents = await Promise.all(written.objects.map(({ key }) => contentOf(key)));
    expect(contents.join('').match(/\n/g)).toHaveLength(10_000);
  });

  it('takes the seed of its environment where a backfill has none', async () => {
    const { seed, ...unseeded } = backfillEvent;
    const event = { ...unseeded, count: 10 };
    expect(await handler(event, context)).toEqual(await handler({ ...event, seed }, context));
  });

  it('uploads in parts, losing nothing, what does not fit into one', async () => {
    const event = { from: '2026-04-01', to: '2026-04-02', count: 45_000 };
    const { objects } = await handler(event, context);
    const content = await contentOf(objects[0]?.key ?? '');
    expect(objects[0]?.bytes).toBeGreaterThan(10 * 2 ** 20);
    expect(Buffer.byteLength(content)).toBe(objects[0]?.bytes);
    const ids = content.match(/"transaction_id":"[^"]+"/g);
    expect(new Set(ids).size).toBe(45_000);
  });

  it('leaves no part of an upload that it could not finish', async () => {
    let asked = 0;
    const hurried = {
      ...context,
      // Enough time for two parts of 5 MiB, made of chunks of 1 MiB.
      getRemainingTimeInMillis: () => ((asked += 1) < 12 ? 60_000 : 0),
    };
    const event = { from: '2026-05-01', to: '2026-05-02', count: 60_000 };
    await expect(handler(event, hurried)).rejects.toMatchObject({ code: 'OutOfTimeError' });
    const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    expect(uploads.Uploads ?? []).toEqual([]);
    expect(await keysUnder('raw/transactions/date=2026-05-')).toEqual([]);
  });

  it('fails on an event that it does not know, writing nothing', async () => {
    await expect(handler({ from: '2026-06-01' }, context)).rejects.toMatchObject({
      code: 'EventError',
    });
    expect(await keysUnder('raw/transactions/date=2026-06-')).toEqual([]);
  });

  it('fails where the bucket is not there', async () => {
    process.env['RAW_BUCKET'] = 'saleslake-test-missing';
    let other: typeof handler | undefined;
    await jest.isolateModulesAsync(async () => {
      ({ handler: other } = await import('../src/handler'));
    });
    process.env['RAW_BUCKET'] = BUCKET;
    await expect(other?.(tickEvent, context)).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('the customers', () => {
  beforeEach(async () => {
    await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: CUSTOMERS_KEY }));
  });

  it('are all written, once, beside the transactions', async () => {
    await handler(tickEvent, context);
    const lines = (await contentOf(CUSTOMERS_KEY)).trimEnd().split('\n');
    expect(lines).toHaveLength(500);
    for (const line of lines) {
      expect(validateRow(customers, JSON.parse(line))).toMatchObject({ ok: true });
    }
    expect(await keysUnder('raw/customers/')).toEqual([CUSTOMERS_KEY]);
  });

  it('are left alone where they are there', async () => {
    await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: CUSTOMERS_KEY, Body: '{}' }));
    await handler(tickEvent, context);
    expect(await contentOf(CUSTOMERS_KEY)).toBe('{}');
  });

  it('are the same whatever the seed of a backfill', async () => {
    const event = { from: '2026-07-01', to: '2026-07-02', count: 10, seed: 'other' };
    await handler(event, context);
    const content = await contentOf(CUSTOMERS_KEY);
    await s3.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: CUSTOMERS_KEY }));
    await handler(tickEvent, context);
    expect(await contentOf(CUSTOMERS_KEY)).toBe(content);
  });

  it('are written by one of several at once', async () => {
    const putOnce = s3PutOnce(s3.client, BUCKET);
    const bodies = Array.from({ length: 8 }, (_, i) => Buffer.from(String(i)));
    const wrote = await Promise.all(bodies.map((body) => putOnce(CUSTOMERS_KEY, body)));
    expect(wrote.filter((did) => did)).toHaveLength(1);
    expect(await contentOf(CUSTOMERS_KEY)).toBe(String(wrote.indexOf(true)));
  });
});
