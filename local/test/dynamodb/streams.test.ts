import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type GetShardIteratorCommandInput,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import fc from 'fast-check';
import type { StreamViewType } from '../../src/dynamodb/dynamodb';
import {
  readStream,
  replay,
  startDynamoDb,
  streamArn,
  tableConfig,
  type Item,
  type LocalDynamoDb,
} from './local-dynamodb';

const SHARD = 'shardId-00000000000000000001-00000001';
const HOUR_MS = 60 * 60 * 1000;

let local: LocalDynamoDb;

beforeAll(async () => {
  local = await startDynamoDb();
});

afterAll(() => local.close());

let tables = 0;
/** Creates a table of its own for a test. */
async function freshTable(viewType: StreamViewType = 'NEW_AND_OLD_IMAGES'): Promise<string> {
  tables += 1;
  const name = `table-${tables}`;
  const stream = { arn: streamArn(name), viewType };
  await local.dynamoDb.createTable({ ...tableConfig(name), stream });
  return name;
}

const put = (TableName: string, Item: Item) =>
  local.client.send(new PutItemCommand({ TableName, Item }));

const remove = (TableName: string, id: string) =>
  local.client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));

const recordsOf = (table: string) => readStream(local.streamsClient, streamArn(table));

describe('the stream of a table', () => {
  it('has a record for each change of an item, with the images before and after', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'a' }, n: { N: '1' } });
    await put(table, { id: { S: 'a' }, n: { N: '2' } });
    await remove(table, 'a');
    const records = await recordsOf(table);
    expect(
      records.map(({ eventName, dynamodb }) => [
        eventName,
        dynamodb?.Keys,
        dynamodb?.OldImage,
        dynamodb?.NewImage,
      ]),
    ).toEqual([
      ['INSERT', { id: { S: 'a' } }, undefined, { id: { S: 'a' }, n: { N: '1' } }],
      [
        'MODIFY',
        { id: { S: 'a' } },
        { id: { S: 'a' }, n: { N: '1' } },
        { id: { S: 'a' }, n: { N: '2' } },
      ],
      ['REMOVE', { id: { S: 'a' } }, { id: { S: 'a' }, n: { N: '2' } }, undefined],
    ]);
  });

  it('has records in the form of the API', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'a' }, text: { S: 'new' } });
    expect(await recordsOf(table)).toEqual([
      {
        eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        eventName: 'INSERT',
        eventVersion: '1.1',
        eventSource: 'aws:dynamodb',
        awsRegion: 'eu-central-1',
        dynamodb: {
          ApproximateCreationDateTime: new Date(local.clock.now()),
          Keys: { id: { S: 'a' } },
          NewImage: { id: { S: 'a' }, text: { S: 'new' } },
          SequenceNumber: '100000000000000000000',
          SizeBytes: 13,
          StreamViewType: 'NEW_AND_OLD_IMAGES',
        },
      },
    ]);
  });

  it.each<[StreamViewType, boolean, boolean]>([
    ['KEYS_ONLY', false, false],
    ['NEW_IMAGE', false, true],
    ['OLD_IMAGE', true, false],
    ['NEW_AND_OLD_IMAGES', true, true],
  ])('of type %s has the images that this type has', async (viewType, hasOld, hasNew) => {
    const table = await freshTable(viewType);
    await put(table, { id: { S: 'a' } });
    await put(table, { id: { S: 'a' }, n: { N: '1' } });
    const [, { dynamodb } = {}] = await recordsOf(table);
    expect(dynamodb?.OldImage).toEqual(hasOld ? { id: { S: 'a' } } : undefined);
    expect(dynamodb?.NewImage).toEqual(hasNew ? { id: { S: 'a' }, n: { N: '1' } } : undefined);
  });

  it('has every type of attribute as it was put', async () => {
    const table = await freshTable();
    const item: Item = {
      id: { S: 'a' },
      number: { N: '12345678901234567890123456789012345678' },
      binary: { B: Uint8Array.from([0, 255]) },
      empty: { S: '' },
      sets: { L: [{ SS: ['x'] }, { NS: ['1'] }, { BS: [Uint8Array.of(7)] }] },
      map: { M: { yes: { BOOL: true }, nothing: { NULL: true } } },
    };
    await put(table, item);
    expect((await recordsOf(table))[0]?.dynamodb?.NewImage).toEqual(item);
  });

  it('has no record of a write that changes nothing', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'a' }, tags: { SS: ['x', 'y'] }, n: { N: '1' } });
    await put(table, { n: { N: '1.0' }, tags: { SS: ['y', 'x'] }, id: { S: 'a' } });
    await local.client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: 'a' } },
        UpdateExpression: 'SET n = :n',
        ExpressionAttributeValues: { ':n': { N: '1' } },
      }),
    );
    await remove(table, 'nothing');
    expect(await recordsOf(table)).toHaveLength(1);
  });

  it('has no record of a write whose condition fails', async () => {
    const table = await freshTable();
    const conditional = new PutItemCommand({
      TableName: table,
      Item: { id: { S: 'a' } },
      ConditionExpression: 'attribute_exists(id)',
    });
    await expect(local.client.send(conditional)).rejects.toThrow();
    expect(await recordsOf(table)).toEqual([]);
  });

  it('has a record for each item of a batch', async () => {
    const table = await freshTable();
    await put(table, { id: { S: 'gone' } });
    const RequestItems = {
      [table]: [
        { PutRequest: { Item: { id: { S: 'a' } } } },
        { DeleteRequest: { Key: { id: { S: 'gone' } } } },
        { DeleteRequest: { Key: { id: { S: 'never' } } } },
      ],
    };
    await local.client.send(new BatchWriteItemCommand({ RequestItems }));
    const names = (await recordsOf(table)).map(({ eventName }) => eventName);
    expect(names.sort()).toEqual(['INSERT', 'INSERT', 'REMOVE']);
  });

  it('chains the images of concurrent updates of one item', async () => {
    const table = await freshTable();
    const increment = new UpdateItemCommand({
      TableName: table,
      Key: { id: { S: 'counter' } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    });
    await Promise.all(Array.from({ length: 200 }, () => local.client.send(increment)));
    const records = await recordsOf(table);
    const counts = (image: 'OldImage' | 'NewImage') =>
      records.map(({ dynamodb }) => Number(dynamodb?.[image]?.['n']?.N ?? 0));
    expect(counts('OldImage')).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(counts('NewImage')).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  });

  it('numbers its records so that both text and number grow', async () => {
    const table = await freshTable();
    for (let i = 0; i < 11; i += 1) await put(table, { id: { S: 'a' }, n: { N: String(i) } });
    const numbers = (await recordsOf(table)).map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    expect(numbers.every((number) => /^\d{21}$/.test(number))).toBe(true);
    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(11);
  });

  it('makes the table, when its images are replayed from nothing', async () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const n = fc.integer({ min: 0, max: 2 }).map(String);
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), id, n }),
      fc.record({ kind: fc.constant('add' as const), id, n }),
      fc.record({ kind: fc.constant('conditional' as const), id, n }),
      fc.record({ kind: fc.constant('delete' as const), id, n }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
        const table = await freshTable();
        const expected = new Map<string, number>();
        for (const { kind, id, n } of operations) {
          const before = expected.get(id);
          const isNew = before === undefined;
          if (kind === 'delete') {
            await remove(table, id);
            expected.delete(id);
          } else if (kind === 'add') {
            await local.client.send(
              new UpdateItemCommand({
                TableName: table,
                Key: { id: { S: id } },
                UpdateExpression: 'ADD n :n',
                ExpressionAttributeValues: { ':n': { N: n } },
              }),
            );
            expected.set(id, (before ?? 0) + Number(n));
          } else {
            const item = { id: { S: id }, n: { N: n } };
            const ConditionExpression =
              kind === 'conditional' ? 'attribute_not_exists(id)' : undefined;
            const command = new PutItemCommand({
              TableName: table,
              Item: item,
              ConditionExpression,
            });
            const refused = await local.client.send(command).then(
              () => false,
              () => true,
            );
            expect(refused).toBe(kind === 'conditional' && !isNew);
            if (!refused) expected.set(id, Number(n));
          }
        }
        const replayed = [...replay(await recordsOf(table))];
        expect(new Map(replayed.map(([key, item]) => [key, Number(item['n']?.N)]))).toEqual(
          expected,
        );
      }),
      { seed: 20250115, numRuns: 25 },
    );
  });
});

describe('reading a stream', () => {
  /** A table whose stream has changes of n from 0 to `count` - 1. */
  async function tableWithChanges(count: number): Promise<string> {
    const table = await freshTable();
    for (let n = 0; n < count; n += 1) await put(table, { id: { S: 'a' }, n: { N: String(n) } });
    return table;
  }

  const values = (records: _Record[] = []) =>
    records.map(({ dynamodb }) => Number(dynamodb?.NewImage?.['n']?.N));

  async function iterator(
    table: string,
    where: Pick<GetShardIteratorCommandInput, 'ShardIteratorType' | 'SequenceNumber'>,
  ): Promise<string | undefined> {
    const command = new GetShardIteratorCommand({
      StreamArn: streamArn(table),
      ShardId: SHARD,
      ...where,
    });
    return (await local.streamsClient.send(command)).ShardIterator;
  }

  const getRecords = (ShardIterator: string | undefined, Limit?: number) =>
    local.streamsClient.send(new GetRecordsCommand({ ShardIterator, Limit }));

  it('finds it by its table, and its one shard', async () => {
    const table = await freshTable();
    const arn = streamArn(table);
    const listed = await local.streamsClient.send(new ListStreamsCommand({ TableName: table }));
    const described = await local.streamsClient.send(new DescribeStreamCommand({ StreamArn: arn }));
    const label = '2025-01-01T00:00:00.000';
    expect(listed.Streams).toEqual([{ StreamArn: arn, StreamLabel: label, TableName: table }]);
    expect(described.StreamDescription).toMatchObject({
      StreamArn: arn,
      StreamLabel: label,
      StreamStatus: 'ENABLED',
      StreamViewType: 'NEW_AND_OLD_IMAGES',
      TableName: table,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      Shards: [
        {
          ShardId: SHARD,
          SequenceNumberRange: { StartingSequenceNumber: '100000000000000000000' },
        },
      ],
    });
  });

  it('begins at the oldest, at a record, after it, or with what comes', async () => {
    const table = await tableWithChanges(3);
    const SequenceNumber = '100000000000000000001';
    const oldest = await iterator(table, { ShardIteratorType: 'TRIM_HORIZON' });
    const at = await iterator(table, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber });
    const after = await iterator(table, {
      ShardIteratorType: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber,
    });
    const latest = await iterator(table, { ShardIteratorType: 'LATEST' });
    await put(table, { id: { S: 'a' }, n: { N: '3' } });
    const pages = await Promise.all([oldest, at, after, latest].map((each) => getRecords(each)));
    expect(pages.map(({ Records }) => values(Records))).toEqual([
      [0, 1, 2, 3],
      [1, 2, 3],
      [2, 3],
      [3],
    ]);
  });

  it('goes on from page to page', async () => {
    const table = await tableWithChanges(3);
    const start = await iterator(table, { ShardIteratorType: 'TRIM_HORIZON' });
    const first = await getRecords(start, 2);
    const second = await getRecords(first.NextShardIterator, 2);
    const third = await getRecords(second.NextShardIterator, 2);
    const pages = [first, second, third].map(({ Records }) => values(Records));
    expect(pages).toEqual([[0, 1], [2], []]);
  });

  it('takes at most 1000 records at once', async () => {
    const table = await freshTable();
    const start = await iterator(table, { ShardIteratorType: 'TRIM_HORIZON' });
    await expect(getRecords(start, 1001)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('takes at most 1 MiB at once', async () => {
    const table = await freshTable();
    for (let i = 0; i < 4; i += 1) {
      await put(table, { id: { S: String(i) }, text: { S: 'x'.repeat(300_000) } });
    }
    const start = await iterator(table, { ShardIteratorType: 'TRIM_HORIZON' });
    expect((await getRecords(start)).Records).toHaveLength(3);
  });

  it('finds no records older than 24 hours', async () => {
    const table = await tableWithChanges(2);
    const start = await iterator(table, { ShardIteratorType: 'TRIM_HORIZON' });
    local.clock.advance(24 * HOUR_MS);
    await put(table, { id: { S: 'a' }, n: { N: '2' } });
    expect(values(await recordsOf(table))).toEqual([2]);
    await expect(getRecords(start)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
    const old = {
      ShardIteratorType: 'AT_SEQUENCE_NUMBER' as const,
      SequenceNumber: '100000000000000000000',
    };
    await expect(iterator(table, old)).rejects.toMatchObject({
      name: 'TrimmedDataAccessException',
    });
  });

  it.each<[string, GetShardIteratorCommandInput, string]>([
    [
      'stream',
      { StreamArn: streamArn('no-table'), ShardId: SHARD, ShardIteratorType: 'LATEST' },
      'ResourceNotFoundException',
    ],
    [
      'shard',
      {
        StreamArn: streamArn('table-1'),
        ShardId: 'shardId-00000000000000000009-00000009',
        ShardIteratorType: 'LATEST',
      },
      'ResourceNotFoundException',
    ],
    [
      'sequence number',
      {
        StreamArn: streamArn('table-1'),
        ShardId: SHARD,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        SequenceNumber: '199999999999999999999',
      },
      'ValidationException',
    ],
  ])('is refused for an unknown %s', async (_, input, name) => {
    const refused = local.streamsClient.send(new GetShardIteratorCommand(input));
    await expect(refused).rejects.toMatchObject({ name });
  });

  it('needs the permission on the stream', async () => {
    const describe = new DescribeStreamCommand({ StreamArn: streamArn('orders') });
    await expect(local.deniedStreamsClient.send(describe)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `dynamodb:DescribeStream on ${streamArn('orders')}`,
    });
  });
});

describe('a stream inside the local AWS', () => {
  it('hands out changes as the event source of a function has them', async () => {
    const table = await freshTable();
    const stream = local.dynamoDb.stream(streamArn(table));
    const [shard = ''] = stream.shardIds();
    let changes = 0;
    const stop = stream.onChange(() => (changes += 1));
    await put(table, { id: { S: 'a' }, data: { B: Uint8Array.of(1, 2) } });
    stop();
    await put(table, { id: { S: 'b' } });
    expect(changes).toBe(1);
    expect(stream.end(shard)).toBe(2);
    expect(stream.read(shard, 0, 1)).toMatchObject([
      {
        position: 0,
        record: {
          eventSourceARN: streamArn(table),
          dynamodb: {
            ApproximateCreationDateTime: Math.floor(local.clock.now() / 1000),
            NewImage: { id: { S: 'a' }, data: { B: 'AQI=' } },
          },
        },
      },
    ]);
  });

  it('tells what a listener throws, and the write is done all the same', async () => {
    const table = await freshTable();
    const tell = jest.spyOn(local.context, 'tell');
    const leave = local.dynamoDb.stream(streamArn(table)).onChange(() => {
      throw new Error('full');
    });
    await put(table, { id: { S: 'a' } });
    await put(table, { id: { S: 'b' } });
    leave();
    expect(await recordsOf(table)).toHaveLength(2);
    expect(tell).toHaveBeenCalledWith(
      expect.objectContaining({
        subject: table,
        what: 'stream listener failed',
        level: 'error',
        detail: expect.stringContaining('full') as string,
      }),
    );
    tell.mockRestore();
  });

  it('is ResourceNotFoundException where there is none', () => {
    expect(() => local.dynamoDb.stream(streamArn('none'))).toThrow('not found');
  });
});
