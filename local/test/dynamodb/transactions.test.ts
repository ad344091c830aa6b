import {
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import {
  readStream,
  startDynamoDb,
  streamArn,
  tableArn,
  tableConfig,
  type LocalDynamoDb,
} from './local-dynamodb';

let local: LocalDynamoDb;

beforeEach(async () => {
  local = await startDynamoDb();
  await local.dynamoDb.createTable(tableConfig('orders'));
  await local.dynamoDb.createTable(tableConfig('stock'));
});

afterEach(() => local.close());

const transact = (TransactItems: TransactWriteItem[], ClientRequestToken?: string) =>
  local.client.send(new TransactWriteItemsCommand({ TransactItems, ClientRequestToken }));

const putOrder = (id: string, ConditionExpression?: string): TransactWriteItem => ({
  Put: { TableName: 'orders', Item: { id: { S: id } }, ConditionExpression },
});

const takeFromStock = (id: string): TransactWriteItem => ({
  Update: {
    TableName: 'stock',
    Key: { id: { S: id } },
    UpdateExpression: 'SET n = n - :one',
    ConditionExpression: 'n >= :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  },
});

async function stock(id: string): Promise<string | undefined> {
  const get = new GetItemCommand({ TableName: 'stock', Key: { id: { S: id } } });
  return (await local.client.send(get)).Item?.['n']?.N;
}

async function orders(): Promise<number | undefined> {
  return (await local.client.send(new ScanCommand({ TableName: 'orders' }))).Count;
}

const stocked = (id: string, n: string) =>
  local.client.send(
    new PutItemCommand({ TableName: 'stock', Item: { id: { S: id }, n: { N: n } } }),
  );

describe('TransactWriteItems', () => {
  it('carries all out, and the streams record each change', async () => {
    await stocked('tea', '2');
    await stocked('old', '0');
    await transact([
      putOrder('a'),
      takeFromStock('tea'),
      { Delete: { TableName: 'stock', Key: { id: { S: 'old' } } } },
    ]);
    expect([await orders(), await stock('tea'), await stock('old')]).toEqual([1, '1', undefined]);
    const records = await readStream(local.streamsClient, streamArn('stock'));
    expect(records.map(({ eventName }) => eventName)).toEqual([
      'INSERT',
      'INSERT',
      'MODIFY',
      'REMOVE',
    ]);
  });

  it('carries nothing out where one condition fails, and says which', async () => {
    await stocked('tea', '0');
    await expect(transact([putOrder('a'), takeFromStock('tea')])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message: expect.stringContaining('[None, ConditionalCheckFailed]') as string,
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'ConditionalCheckFailed', Item: { id: { S: 'tea' }, n: { N: '0' } } },
      ],
    });
    expect(await orders()).toBe(0);
    expect(await readStream(local.streamsClient, streamArn('orders'))).toEqual([]);
  });

  it('checks the condition of an item that it leaves as it is', async () => {
    await stocked('tea', '1');
    const check = (id: string): TransactWriteItem => ({
      ConditionCheck: {
        TableName: 'stock',
        Key: { id: { S: id } },
        ConditionExpression: 'attribute_exists(id)',
      },
    });
    await transact([putOrder('a'), check('tea')]);
    await expect(transact([putOrder('b'), check('coffee')])).rejects.toThrow('[None, Conditional');
    expect([await orders(), await stock('tea')]).toEqual([1, '1']);
  });

  it('is carried out once where it is sent again under its token, also after a restart', async () => {
    await stocked('tea', '5');
    await transact([takeFromStock('tea')], 'token');
    await transact([takeFromStock('tea')], 'token');
    await local.close();
    local = await startDynamoDb(local.context.stateDir, local.clock);
    await transact([takeFromStock('tea')], 'token');
    expect(await stock('tea')).toBe('4');
    local.clock.advance(10 * 60 * 1000);
    await transact([takeFromStock('tea')], 'token');
    expect(await stock('tea')).toBe('3');
  });

  it('is refused under the token of another', async () => {
    await transact([putOrder('a')], 'token');
    await expect(transact([putOrder('b')], 'token')).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  it.each<[string, TransactWriteItem[], RegExp]>([
    ['two on one item', [putOrder('a'), putOrder('a')], /multiple operations on one item/],
    ['no action', [{}], /must be one of Put, Update, Delete, ConditionCheck/],
    ['over 100', Array.from({ length: 101 }, (_, i) => putOrder(`o${i}`)), /equal to 100/],
  ])('is refused with %s', async (_, items, message) => {
    await expect(transact(items)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message) as string,
    });
  });

  it('needs the permission of each action', async () => {
    const command = new TransactWriteItemsCommand({ TransactItems: [takeFromStock('tea')] });
    await expect(local.deniedClient.send(command)).rejects.toMatchObject({
      message: `dynamodb:UpdateItem on ${tableArn('stock')}`,
    });
  });
});

describe('TransactGetItems', () => {
  it('finds items of several tables, in the order asked for', async () => {
    await stocked('tea', '5');
    await transact([putOrder('a')]);
    const keys = [
      ['stock', 'tea'],
      ['orders', 'none'],
      ['orders', 'a'],
    ] as const;
    const TransactItems = keys.map(([TableName, id]) => ({
      Get: { TableName, Key: { id: { S: id } } },
    }));
    const { Responses } = await local.client.send(new TransactGetItemsCommand({ TransactItems }));
    expect(Responses?.map(({ Item }) => Item)).toEqual([
      { id: { S: 'tea' }, n: { N: '5' } },
      undefined,
      { id: { S: 'a' } },
    ]);
  });
});
