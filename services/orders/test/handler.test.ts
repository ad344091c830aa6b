import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import changeEvent from '../events/change.json';
import tickEvent from '../events/tick.json';
import type * as Handler from '../src/handler';
import { planOrders } from '../src/order-plan';
import { startLocalOrders, TABLE } from './local-orders';

const context = { functionName: 'change' } as Context;

let orders: Awaited<ReturnType<typeof startLocalOrders>>;
let handler: typeof Handler.handler;

beforeAll(async () => {
  orders = await startLocalOrders();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: orders.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    ORDERS_TABLE: TABLE,
    CHANGES_PER_TICK: '40',
    SEED: 'saleslake',
  });
  // The handler reads its environment when it is loaded.
  ({ handler } = await import('../src/handler'));
});

afterAll(() => orders.close());

/** What of the orders of a plan is in the table at its end. */
function remaining(seed: string, name: string[], changes: number, count: number) {
  const histories = planOrders(seed, name, { changes, orders: count });
  return histories.flatMap((history) => {
    const last = history.changes.at(-1);
    return last === null ? [] : [last ?? history.placed];
  });
}

describe('the orders function', () => {
  it('leaves each order in the table as its last change has it, without the cancelled', async () => {
    const event = { ...changeEvent, changes: 300 };
    const counts = await handler(event, context);
    expect(counts).toEqual({ inserted: 100, modified: 184, removed: 16 });
    const items = await orders.items();
    const left = remaining('demo', ['changes', '300', '100'], 300, 100);
    expect(Object.keys(items).sort()).toEqual(left.map(({ orderId }) => orderId).sort());
    for (const { orderId, productName, quantity, price } of left) {
      expect(items[orderId]).toMatchObject({
        product_name: productName,
        quantity: String(quantity),
      });
      expect(Math.round(Number(items[orderId]!['price']) * 100)).toBe(Number(price));
    }
  });

  it('writes the attributes of an order as strings and numbers', async () => {
    const [order] = remaining('demo', ['changes', '300', '100'], 300, 100);
    const { Item } = await orders.client.send(
      new GetItemCommand({ TableName: TABLE, Key: { orderId: { S: order!.orderId } } }),
    );
    expect(Item).toEqual({
      orderId: { S: order!.orderId },
      product_name: { S: expect.any(String) as string },
      quantity: { N: expect.stringMatching(/^\d$/) as string },
      price: { N: expect.stringMatching(/^\d+(\.\d\d?)?$/) as string },
      revision: { N: expect.stringMatching(/^\d+$/) as string },
    });
  });

  it('does nothing where the same event comes again', async () => {
    const event = { changes: 60, seed: 'again' };
    await handler(event, context);
    const before = await orders.items();
    expect(await handler(event, context)).toEqual({ inserted: 0, modified: 0, removed: 0 });
    expect(await orders.items()).toEqual(before);
  });

  it('changes orders of its own with each tick', async () => {
    const first = await handler(tickEvent, context);
    const second = await handler({ ...tickEvent, time: '2026-03-01T18:10:00Z' }, context);
    expect(first).toEqual({ inserted: 14, modified: 24, removed: 2 });
    expect(second).toEqual(first);
  });

  it('fails on an event that it does not know', async () => {
    await expect(handler({ count: 1 }, context)).rejects.toMatchObject({ code: 'EventError' });
  });
});
