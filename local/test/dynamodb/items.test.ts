import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type Projection,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { startDynamoDb, tableConfig, type Item, type LocalDynamoDb } from './local-dynamodb';

let local: LocalDynamoDb;

beforeAll(async () => {
  local = await startDynamoDb();
});

afterAll(() => local.close());

let tables = 0;
/** Creates a table of its own for a test. */
async function freshTable(definition = {}): Promise<string> {
  tables += 1;
  const name = `table-${tables}`;
  await local.dynamoDb.createTable(tableConfig(name, definition));
  return name;
}

async function put(TableName: string, Item: Item): Promise<void> {
  await local.client.send(new PutItemCommand({ TableName, Item }));
}

async function get(TableName: string, id: string): Promise<Item | undefined> {
  const Key = { id: { S: id } };
  return (await local.client.send(new GetItemCommand({ TableName, Key }))).Item;
}

describe('an item', () => {
  it.each<[string, Item]>([
    ['strings, also empty', { a: { S: 'grün 🌱' }, b: { S: '' } }],
    [
      'numbers of 38 digits',
      { a: { N: '12345678901234567890123456789012345678' }, b: { N: '-0.5' } },
    ],
    ['binary', { a: { B: Uint8Array.from([0, 255, 10]) }, b: { B: Uint8Array.of() } }],
    ['booleans and null', { a: { BOOL: false }, b: { BOOL: true }, c: { NULL: true } }],
    ['sets', { a: { SS: ['y', 'x'] }, b: { NS: ['1', '-2'] }, c: { BS: [Uint8Array.of(7)] } }],
    ['lists and maps', { a: { L: [{ S: 'x' }, { L: [] }] }, b: { M: { c: { M: {} } } } }],
  ])('of %s comes back as it was put', async (_, attributes) => {
    const table = await freshTable();
    const item = { id: { S: 'a' }, ...attributes };
    await put(table, item);
    expect(await get(table, 'a')).toEqual(item);
  });

  it('has numbers in normal form', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'a' }, price: { N: '012.50' } });
    expect(await get(table, 'a')).toEqual({ id: { S: 'a' }, price: { N: '12.5' } });
  });

  it('is refused beyond 400 KB, counted in bytes of UTF-8', async () => {
    const table = await freshTable();
    const tooLarge = put(table, { id: { S: 'a' }, text: { S: 'ü'.repeat(205_000) } });
    await expect(tooLarge).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await get(table, 'a')).toBeUndefined();
  });

  it('is refused without its key', async () => {
    const table = await freshTable();
    await expect(put(table, { other: { S: 'a' } })).rejects.toThrow('Missing the key id');
  });

  describe('in a secondary index', () => {
    const openItems = (TableName: string, more: Partial<QueryCommandInput> = {}) =>
      local.client.send(
        new QueryCommand({
          TableName,
          IndexName: 'by-status',
          KeyConditionExpression: '#s = :s',
          ExpressionAttributeNames: { '#s': 'status' },
          ExpressionAttributeValues: { ':s': { S: 'open' } },
          ...more,
        }),
      );

    const indexedTable = (Projection: Projection = { ProjectionType: 'ALL' }): Promise<string> =>
      freshTable({
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'status', AttributeType: 'S' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-status',
            KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
            Projection,
          },
        ],
      });

    it('is found as it is now', async () => {
      const table = await indexedTable();
      await put(table, { id: { S: 'a' }, status: { S: 'open' } });
      await put(table, { id: { S: 'b' }, status: { S: 'open' } });
      await put(table, { id: { S: 'c' } });
      await put(table, { id: { S: 'a' }, status: { S: 'shipped' } });
      const { Items } = await openItems(table);
      expect(Items).toEqual([{ id: { S: 'b' }, status: { S: 'open' } }]);
    });

    it('has the attributes that the index has', async () => {
      const table = await indexedTable({ ProjectionType: 'INCLUDE', NonKeyAttributes: ['n'] });
      await put(table, { id: { S: 'a' }, status: { S: 'open' }, n: { N: '1' }, text: { S: 'x' } });
      const { Items } = await openItems(table);
      expect(Items).toEqual([{ id: { S: 'a' }, status: { S: 'open' }, n: { N: '1' } }]);
    });

    // The ids are two that dynalite's 24 bits of a hash do not tell apart.
    it('stands beside another of the same key, from page to page', async () => {
      const table = await indexedTable();
      const ids = ['order-4484', 'order-4615', 'order-1'];
      for (const id of ids) await put(table, { id: { S: id }, status: { S: 'open' } });
      const found: (string | undefined)[] = [];
      let ExclusiveStartKey: Item | undefined;
      do {
        const page = await openItems(table, { Limit: 1, ExclusiveStartKey });
        found.push(...(page.Items ?? []).map((item) => item['id']?.S));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      expect(found.sort()).toEqual([...ids].sort());
    });
  });
});

describe('a write', () => {
  const update = (TableName: string, ReturnValues: 'ALL_OLD' | 'ALL_NEW' | 'UPDATED_NEW') =>
    local.client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: 'a' } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues,
      }),
    );

  it('answers with the values that were asked for', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'a' }, n: { N: '1' } });
    const old = await update(table, 'ALL_OLD');
    const updated = await update(table, 'UPDATED_NEW');
    const all = await update(table, 'ALL_NEW');
    const remove = { TableName: table, Key: { id: { S: 'a' } }, ReturnValues: 'ALL_OLD' } as const;
    const deleted = await local.client.send(new DeleteItemCommand(remove));
    expect([old, updated, all, deleted].map(({ Attributes }) => Attributes)).toEqual([
      { id: { S: 'a' }, n: { N: '1' } },
      { n: { N: '3' } },
      { id: { S: 'a' }, n: { N: '4' } },
      { id: { S: 'a' }, n: { N: '4' } },
    ]);
  });

  it('is refused where its condition fails, and shows the item if asked to', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'a' }, n: { N: '1' } });
    const conditional = new PutItemCommand({
      TableName: table,
      Item: { id: { S: 'a' }, n: { N: '2' } },
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await expect(local.client.send(conditional)).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { id: { S: 'a' }, n: { N: '1' } },
    });
    expect(await get(table, 'a')).toEqual({ id: { S: 'a' }, n: { N: '1' } });
  });

  it('of a batch puts and deletes in several tables', async () => {
    const [one, other] = [await freshTable(), await freshTable()];
    await put(other, { id: { S: 'gone' } });
    const RequestItems = {
      [one]: [
        { PutRequest: { Item: { id: { S: 'a' } } } },
        { PutRequest: { Item: { id: { S: 'b' } } } },
      ],
      [other]: [{ DeleteRequest: { Key: { id: { S: 'gone' } } } }],
    };
    await local.client.send(new BatchWriteItemCommand({ RequestItems }));
    const Keys = ['a', 'b', 'gone'].map((id) => ({ id: { S: id } }));
    const { Responses } = await local.client.send(
      new BatchGetItemCommand({ RequestItems: { [one]: { Keys }, [other]: { Keys } } }),
    );
    const scanned = await local.client.send(new ScanCommand({ TableName: one }));
    expect(Responses?.[one]).toHaveLength(2);
    expect(Responses?.[other]).toEqual([]);
    expect(scanned.Count).toBe(2);
  });

  it('to a table that is not there is ResourceNotFoundException', async () => {
    const gone = put('no-table', { id: { S: 'a' } });
    await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a role', () => {
  it.each([
    ['PutItem', new PutItemCommand({ TableName: 'orders', Item: { id: { S: 'a' } } }), 'orders'],
    ['GetItem', new GetItemCommand({ TableName: 'orders', Key: { id: { S: 'a' } } }), 'orders'],
    ['Scan', new ScanCommand({ TableName: 'orders', IndexName: 'i' }), 'orders/index/i'],
    ['BatchWriteItem', new BatchWriteItemCommand({ RequestItems: { orders: [] } }), 'orders'],
  ])('needs dynamodb:%s', async (action, command, resource) => {
    const denied = local.deniedClient.send(command as PutItemCommand);
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `dynamodb:${action} on arn:aws:dynamodb:eu-central-1:000000000000:table/${resource}`,
    });
  });
});
