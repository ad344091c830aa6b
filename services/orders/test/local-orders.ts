import { rmSync } from 'node:fs';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { realClock } from '@saleslake/local/src/core/clock';
import { serveAws } from '@saleslake/local/src/core/http-server';
import { openDynamoDb } from '@saleslake/local/src/dynamodb/dynamodb';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';

export const TABLE = 'orders-test';
const ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${TABLE}`;

/** The local DynamoDB on a free port and in a folder of its own, with a table of orders. */
export async function startLocalOrders() {
  const stateDir = freshStateDir();
  let endpoint = '';
  const faults: unknown[] = [];
  const dynamoDb = await openDynamoDb({
    accountId: '000000000000',
    region: 'us-east-1',
    clock: realClock,
    stateDir,
    endpoint: () => endpoint,
    tell: () => undefined,
    authorize: () => undefined,
  });
  await dynamoDb.createTable({
    name: TABLE,
    arn: ARN,
    definition: {
      AttributeDefinitions: [{ AttributeName: 'orderId', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'orderId', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  });
  const server = await serveAws(
    0,
    () => dynamoDb.handler,
    (fault) => faults.push(fault),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    endpoint,
    client,
    /** The table's items by id, numbers as their texts. */
    async items(): Promise<Record<string, Record<string, unknown>>> {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
      const items = Items.map((item) => unmarshall(item, { wrapNumbers: String }));
      return Object.fromEntries(items.map((item) => [String(item['orderId']), item]));
    },
    async close() {
      client.destroy();
      await server.close();
      await dynamoDb.close();
      rmSync(stateDir, { recursive: true, force: true });
      if (faults.length > 0) throw new AggregateError(faults, 'The local DynamoDB had faults.');
    },
  };
}
