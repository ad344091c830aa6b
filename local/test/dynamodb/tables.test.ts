import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ExecuteStatementCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  type CreateTableCommandInput,
} from '@aws-sdk/client-dynamodb';
import { ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import {
  readStream,
  startDynamoDb,
  streamArn,
  tableArn,
  tableConfig,
  type Item,
  type LocalDynamoDb,
} from './local-dynamodb';

const STARTED_LABEL = '2025-01-15T12:00:00.000';
const BY_STATUS = {
  AttributeDefinitions: [
    { AttributeName: 'id', AttributeType: 'S' as const },
    { AttributeName: 'status', AttributeType: 'S' as const },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-status',
      KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' as const }],
      Projection: { ProjectionType: 'ALL' as const },
    },
  ],
};

let local: LocalDynamoDb;

beforeEach(async () => {
  local = await startDynamoDb();
});

afterEach(() => local.close());

const describeTable = async (TableName: string) =>
  (await local.client.send(new DescribeTableCommand({ TableName }))).Table;

const put = (TableName: string, Item: Item) =>
  local.client.send(new PutItemCommand({ TableName, Item }));

describe('a table of a template', () => {
  it('is described with its ARN and its stream', async () => {
    await local.dynamoDb.createTable(tableConfig('orders'));
    expect(await describeTable('orders')).toMatchObject({
      TableName: 'orders',
      TableArn: tableArn('orders'),
      TableStatus: 'ACTIVE',
      CreationDateTime: new Date(local.clock.now()),
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      LatestStreamArn: streamArn('orders'),
      LatestStreamLabel: '2025-01-01T00:00:00.000',
    });
    expect(local.dynamoDb.tables()).toEqual([
      { name: 'orders', arn: tableArn('orders'), streamArn: streamArn('orders') },
    ]);
  });

  it('without a stream records nothing', async () => {
    await local.dynamoDb.createTable({ ...tableConfig('orders'), stream: undefined });
    await put('orders', { id: { S: 'a' } });
    expect(local.dynamoDb.tables()).toEqual([{ name: 'orders', arn: tableArn('orders') }]);
    expect(() => local.dynamoDb.stream(streamArn('orders'))).toThrow('not found');
  });

  it('keeps items and stream where it stands already', async () => {
    await local.dynamoDb.createTable(tableConfig('orders'));
    await put('orders', { id: { S: 'a' } });
    await local.dynamoDb.createTable(tableConfig('orders'));
    const { Count } = await local.client.send(new ScanCommand({ TableName: 'orders' }));
    expect(Count).toBe(1);
    expect(await readStream(local.streamsClient, streamArn('orders'))).toHaveLength(1);
  });

  it('has the items that stand in an index that is new', async () => {
    await local.dynamoDb.createTable(tableConfig('orders'));
    await put('orders', { id: { S: 'a' }, status: { S: 'open' } });
    await put('orders', { id: { S: 'b' } });
    await local.dynamoDb.createTable(tableConfig('orders', BY_STATUS));
    const query = {
      TableName: 'orders',
      IndexName: 'by-status',
      KeyConditionExpression: '#s = :s',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: 'open' } },
    };
    const { Items } = await local.client.send(new QueryCommand(query));
    expect(Items).toEqual([{ id: { S: 'a' }, status: { S: 'open' } }]);
  });

  it('is refused where one with another key stands', async () => {
    await local.dynamoDb.createTable(tableConfig('orders'));
    const otherKey = tableConfig('orders', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'N' }],
    });
    await expect(local.dynamoDb.createTable(otherKey)).rejects.toThrow(
      'The table orders stands with the key id S HASH; expected id N HASH.',
    );
  });

  it('is refused as CreateTable refuses it', async () => {
    const withoutKey = tableConfig('orders', { AttributeDefinitions: [] });
    await expect(local.dynamoDb.createTable(withoutKey)).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });
});

describe('a table made by API', () => {
  const input: CreateTableCommandInput = {
    TableName: 'orders',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const stream = { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } as const;
  const create = (more: Partial<CreateTableCommandInput> = {}) =>
    local.client.send(new CreateTableCommand({ ...input, ...more }));

  it('has a stream with a label of its time', async () => {
    await create({ StreamSpecification: stream });
    await waitUntilTableExists({ client: local.client, maxWaitTime: 30 }, { TableName: 'orders' });
    const table = await describeTable('orders');
    expect(table?.LatestStreamArn).toBe(`${tableArn('orders')}/stream/${STARTED_LABEL}`);
    expect(table?.StreamSpecification).toEqual(stream);
  });

  it('gets a stream later, and loses it', async () => {
    await create();
    const update = (StreamSpecification: {
      StreamEnabled: boolean;
      StreamViewType?: 'NEW_IMAGE';
    }) => local.client.send(new UpdateTableCommand({ TableName: 'orders', StreamSpecification }));
    const enabled = await update(stream);
    const arn = enabled.TableDescription?.LatestStreamArn ?? '';
    await put('orders', { id: { S: 'a' } });
    expect(await readStream(local.streamsClient, arn)).toHaveLength(1);
    await update({ StreamEnabled: false });
    const { Streams } = await local.streamsClient.send(new ListStreamsCommand({}));
    expect(Streams).toEqual([]);
    await expect(update({ StreamEnabled: false })).rejects.toThrow('has no stream');
  });

  it('is refused where one of its name stands', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('is gone with its items and its index entries when it is deleted', async () => {
    await create(BY_STATUS);
    await put('orders', { id: { S: 'a' }, status: { S: 'open' } });
    await local.client.send(new DeleteTableCommand({ TableName: 'orders' }));
    await expect(describeTable('orders')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await create(BY_STATUS);
    const scans = [undefined, 'by-status'].map((IndexName) =>
      local.client.send(new ScanCommand({ TableName: 'orders', IndexName })),
    );
    expect((await Promise.all(scans)).map(({ Count }) => Count)).toEqual([0, 0]);
  });

  it('is refused changes that are not emulated', async () => {
    await create();
    const update = { TableName: 'orders', TableClass: 'STANDARD_INFREQUENT_ACCESS' as const };
    await expect(local.client.send(new UpdateTableCommand(update))).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('TableClass') as string,
    });
  });
});

describe('DynamoDB', () => {
  it('lists tables from page to page', async () => {
    for (const name of ['ccc', 'aaa', 'bbb']) await local.dynamoDb.createTable(tableConfig(name));
    const first = await local.client.send(new ListTablesCommand({ Limit: 2 }));
    const second = await local.client.send(
      new ListTablesCommand({ ExclusiveStartTableName: first.LastEvaluatedTableName }),
    );
    expect([first.TableNames, second.TableNames]).toEqual([['aaa', 'bbb'], ['ccc']]);
    expect(second.LastEvaluatedTableName).toBeUndefined();
  });

  it('says that nothing expires and nothing is backed up', async () => {
    await local.dynamoDb.createTable(tableConfig('orders'));
    const TableName = 'orders';
    const ttl = await local.client.send(new DescribeTimeToLiveCommand({ TableName }));
    const backups = await local.client.send(new DescribeContinuousBackupsCommand({ TableName }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
    expect(
      backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription
        ?.PointInTimeRecoveryStatus,
    ).toBe('DISABLED');
  });

  it('has no PartiQL', async () => {
    const statement = new ExecuteStatementCommand({ Statement: 'SELECT * FROM orders' });
    await expect(local.client.send(statement)).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});
