import { PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, closeAll, openHarness, type Harness } from '@saleslake/local/test/s3/harness';
import {
  listFirehoseErrors,
  parseFirehoseErrorKey,
  replayedKey,
} from '@saleslake/shared/lake/firehose-errors';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeAll);

const keyOf = (table: string, name: string): string =>
  `firehose-errors/${table}/processing-failed/date=2026-03-01/${name}`;

async function put(...keys: string[]): Promise<void> {
  for (const Key of keys) {
    await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{}\n' }));
  }
}

async function listed(which?: Parameters<typeof listFirehoseErrors>[2]): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listFirehoseErrors(harness.client, BUCKET, which)) keys.push(key);
  return keys;
}

it('the key of an error object says its table and type, and where it moves once replayed', () => {
  const key = keyOf('order_events', 'x-1');
  expect(parseFirehoseErrorKey(key)).toEqual({ table: 'order_events', type: 'processing-failed' });
  expect(replayedKey(key)).toBe(key.replace('firehose-errors', 'firehose-errors-replayed'));
});

it('lists what waits, of all tables or of one, and nothing beside it', async () => {
  const [order, sale] = [keyOf('order_events', 'a'), keyOf('transactions', 'b')];
  await put(sale, order, replayedKey(sale), 'firehose-errors/transactions/', 'firehose-errors/x');
  expect(await listed()).toEqual([order, sale]);
  expect(await listed({ table: 'transactions' })).toEqual([sale]);
});

it('lists what was written since a moment, to the second', async () => {
  await put(keyOf('transactions', 'before'));
  harness.clock.advance(60_000);
  await put(keyOf('transactions', 'then'));
  const since = new Date(harness.clock.now());
  expect(await listed({ since })).toEqual([keyOf('transactions', 'then')]);
});
