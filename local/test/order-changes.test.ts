import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { waitFor } from '../src/cli/local-connection';
import { clientConfig } from '../src/local-names';
import { compareOrders } from '../src/query/compare-orders';
import { localTarget } from '../src/query/query-target';
import { runQuery } from '../src/query/run-query';
import { startProcess, type KillableProcess } from './support/killable-process';
import { freshStateDir } from './support/state-dir';
import { openFaultyTransformer } from './support/faulty-transformer';

const CHANGES = 10_000;
const SEED = 20261121;
const DOWN_AT_MOST_MS = 120_000;
const TABLE = 'saleslake-local-orders';
const STREAM = 'saleslake-local-order-changes';
const TRANSFORM = 'saleslake-firehose-transformer-local-transform';

const stateDir = freshStateDir();
const random = seeded(SEED);
let running: KillableProcess;

async function start(): Promise<void> {
  running = await startProcess(join(__dirname, 'support', 'local-aws-process.ts'), stateDir);
}

/** Has a client send each request to the process that runs then, on whatever port. */
function configOfRunning() {
  const endpointNow = () => {
    const { protocol, hostname, port, pathname: path } = new URL(running.endpoint);
    return Promise.resolve({ protocol, hostname, port: Number(port), path });
  };
  return { ...clientConfig(running.endpoint), endpoint: endpointNow };
}

/** A request of saleslake's own, beside AWS's. */
async function internal(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${running.endpoint}/_saleslake/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return response.json();
}

interface Order {
  quantity: number;
  cents: number;
}

/** Changes that each really change something, so that the stream has one record for each. */
function planBatches(): {
  puts: [string, Order][];
  updates: [string, Order][];
  deletes: string[];
}[] {
  const orders = new Map<string, Order>();
  const batches: ReturnType<typeof planBatches> = [];
  let planned = 0;
  let ids = 0;
  while (planned < CHANGES) {
    const batch: (typeof batches)[number] = { puts: [], updates: [], deletes: [] };
    const size = Math.min(1 + Math.floor(random() * 60), CHANGES - planned);
    const touched = new Set<string>();
    for (let i = 0; i < size; i++) {
      const known = [...orders.keys()].filter((id) => !touched.has(id));
      const id = known[Math.floor(random() * known.length)];
      const dice = random();
      if (id === undefined || dice < 0.4) {
        const order = {
          quantity: 1 + Math.floor(random() * 9),
          cents: Math.floor(random() * 99_999),
        };
        // An id that was cancelled may come again.
        const added =
          dice < 0.02 && ids > 50 ? `order-${Math.floor(random() * ids)}` : `order-${ids++}`;
        if (orders.has(added) || touched.has(added)) {
          i--;
          continue;
        }
        orders.set(added, order);
        touched.add(added);
        batch.puts.push([added, order]);
      } else if (dice < 0.85) {
        const before = orders.get(id)!;
        const order = { quantity: before.quantity, cents: before.cents + 1 };
        orders.set(id, order);
        touched.add(id);
        batch.updates.push([id, order]);
      } else {
        orders.delete(id);
        touched.add(id);
        batch.deletes.push(id);
      }
    }
    planned += size;
    batches.push(batch);
  }
  return batches;
}

async function write(
  dynamoDb: DynamoDBClient,
  { puts, updates, deletes }: ReturnType<typeof planBatches>[number],
): Promise<void> {
  const requests: WriteRequest[] = puts.map(([id, { quantity, cents }]) => ({
    PutRequest: {
      Item: {
        orderId: { S: id },
        product_name: { S: `Product ${id.length}` },
        quantity: { N: String(quantity) },
        price: { N: (cents / 100).toFixed(2) },
      },
    },
  }));
  const work: Promise<unknown>[] = [];
  for (let at = 0; at < requests.length; at += 25) {
    const RequestItems = { [TABLE]: requests.slice(at, at + 25) };
    work.push(surely(() => dynamoDb.send(new BatchWriteItemCommand({ RequestItems }))));
  }
  for (const [id, { cents }] of updates) {
    work.push(
      surely(() =>
        dynamoDb.send(
          new UpdateItemCommand({
            TableName: TABLE,
            Key: { orderId: { S: id } },
            UpdateExpression: 'SET price = :price',
            ExpressionAttributeValues: { ':price': { N: (cents / 100).toFixed(2) } },
          }),
        ),
      ),
    );
  }
  for (const id of deletes) {
    const Key = { orderId: { S: id } };
    work.push(surely(() => dynamoDb.send(new DeleteItemCommand({ TableName: TABLE, Key }))));
  }
  await Promise.all(work);
}

/** Again and again while nobody answers, for longer than the SDK itself would: a process is down. */
async function surely<T>(send: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + DOWN_AT_MOST_MS;
  for (;;) {
    try {
      return await send();
    } catch (error) {
      if (!/ECONN|socket hang up/.test(String(error)) || Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/** Puts some of the records that the stream holds into it once more, in another order. */
async function repeatSome(kinesis: KinesisClient): Promise<number> {
  const { Shards = [] } = await kinesis.send(new ListShardsCommand({ StreamName: STREAM }));
  const held = [];
  for (const { ShardId } of Shards) {
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({
        StreamName: STREAM,
        ShardId,
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    held.push(...Records);
  }
  const repeated = held
    .filter(() => random() < 0.1)
    .sort(() => random() - 0.5)
    .slice(0, 400);
  if (repeated.length > 0) {
    await kinesis.send(
      new PutRecordsCommand({
        StreamName: STREAM,
        Records: repeated.map(({ Data, PartitionKey }) => ({ Data, PartitionKey })),
      }),
    );
  }
  return repeated.length;
}

describe(`order changes, with a transformer that dies now and then and kills midway (seed ${SEED})`, () => {
  it('end with the current view equal to DynamoDB and each change once in the history', async () => {
    const transformer = await openFaultyTransformer(random);
    const redirect = (): Promise<unknown> =>
      internal('PUT', `functions/${TRANSFORM}/redirect`, { endpoint: transformer.endpoint });
    await start();
    await redirect();
    const dynamoDb = new DynamoDBClient(configOfRunning());
    const kinesis = new KinesisClient(configOfRunning());
    const batches = planBatches();
    let repeated = 0;
    for (const [i, batch] of batches.entries()) {
      const writing = write(dynamoDb, batch);
      if (i === Math.floor(batches.length / 3) || i === Math.floor(batches.length / 2)) {
        await running.kill();
        await start();
        await redirect();
      }
      await writing;
      if (i % 80 === 79) repeated += await repeatSome(kinesis);
    }

    const target = localTarget(running.endpoint);
    const counts = async (): Promise<{ events: number; history: number }> => {
      const { rows } = await runQuery(
        target,
        'SELECT (SELECT count(*) FROM order_events), (SELECT count(*) FROM orders_history)',
      );
      return { events: Number(rows[0]?.[0]), history: Number(rows[0]?.[1]) };
    };
    const settled = await waitFor('every change in the lake', 120_000, async () => {
      await internal('POST', 'firehose/flush');
      const found = await counts();
      return found.history >= CHANGES && found.events >= CHANGES + repeated ? found : undefined;
    });
    const comparison = await compareOrders(target, dynamoDb, TABLE);
    transformer.close();

    expect(transformer.deaths()).toBeGreaterThan(0);
    expect(repeated).toBeGreaterThan(100);
    expect(settled.history).toBe(CHANGES);
    expect(comparison).toEqual({
      orders: comparison.orders,
      current: comparison.orders,
      different: [],
    });
  }, 400_000);
});

/** mulberry32: the same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
