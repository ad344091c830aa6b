import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Order } from '../src/order-plan';
import { openOrderTable, type OrderTable } from '../src/order-table';
import { startLocalOrders, TABLE } from './local-orders';

let orders: Awaited<ReturnType<typeof startLocalOrders>>;
let table: OrderTable;

beforeAll(async () => {
  orders = await startLocalOrders();
  table = openOrderTable(orders.client, TABLE);
});

afterAll(() => orders.close());

function order(orderId: string, revision = 0): Order {
  return { orderId, productName: 'Desk lamp', quantity: 1 + revision, price: 1999n, revision };
}

const insert = (order: Order) => ({ kind: 'insert' as const, order });
const modify = (order: Order) => ({ kind: 'modify' as const, order });
const remove = (orderId: string, revision: number) => ({
  kind: 'remove' as const,
  orderId,
  revision,
});

describe('writes to the table of orders', () => {
  it('are done beside those that the table is past', async () => {
    await table.write([insert(order('a')), insert(order('b')), insert(order('c'))]);
    await table.write([modify(order('b', 1)), remove('c', 0)]);
    const again = [modify(order('a', 1)), modify(order('b', 1)), remove('c', 0)];
    expect(await table.write(again)).toEqual([modify(order('a', 1))]);
    expect(await orders.items()).toMatchObject({ a: { quantity: '2' }, b: { quantity: '2' } });
  });

  it('leave an order that has gone on as it is', async () => {
    await table.write([insert(order('on'))]);
    await table.write([modify(order('on', 1))]);
    await table.write([modify(order('on', 2))]);
    const late = [insert(order('on')), modify(order('on', 1)), remove('on', 1)];
    for (const write of late) expect(await table.write([write])).toEqual([]);
    expect(await table.revisionOf('on')).toBe(2);
  });

  it('are none where there are none', async () => {
    expect(await table.write([])).toEqual([]);
  });
});

// What others do at the same time cannot be ordered of a real table: so DynamoDB is this.
describe('writes that DynamoDB cancels', () => {
  let server: Server;
  let cancellations: string[][];
  let requests: number;
  let refused: OrderTable;

  beforeAll(async () => {
    server = createServer((request, response) => {
      requests += 1;
      const codes = cancellations.shift();
      if (codes) response.statusCode = 400;
      const CancellationReasons = codes?.map((Code) => ({ Code }));
      const error = { __type: 'TransactionCanceledException', CancellationReasons };
      request.resume().on('end', () => response.end(JSON.stringify(codes ? error : {})));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    refused = openOrderTable(client, TABLE);
  });

  beforeEach(() => {
    cancellations = [];
    requests = 0;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'are sent again after a %s, without what the table is past',
    async (code) => {
      const writes = [insert(order('a')), insert(order('b')), insert(order('c'))];
      cancellations = [
        ['None', 'ConditionalCheckFailed', code],
        ['None', code],
      ];
      expect(await refused.write(writes)).toEqual([writes[0], writes[2]]);
      expect(requests).toBe(3);
    },
  );

  it('fail for a reason that does not pass', async () => {
    cancellations = [['None', 'ValidationError']];
    const writes = [insert(order('a')), insert(order('b'))];
    await expect(refused.write(writes)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
    expect(requests).toBe(1);
  });
});
