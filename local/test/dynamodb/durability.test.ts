import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { openDynamoDb } from '../../src/dynamodb/dynamodb';
import { freshStateDir } from '../support/state-dir';
import {
  localContext,
  readStream,
  startDynamoDb,
  streamArn,
  tableConfig,
  type LocalDynamoDb,
} from './local-dynamodb';

let stateDir: string;
let local: LocalDynamoDb;

beforeEach(async () => {
  stateDir = freshStateDir();
  local = await startDynamoDb(stateDir);
  await local.dynamoDb.createTable(tableConfig('orders'));
});

afterEach(() => local.close());

async function restart(whileDown: () => void = () => undefined): Promise<void> {
  await local.close();
  whileDown();
  local = await startDynamoDb(stateDir, local.clock);
}

const put = (id: string) =>
  local.client.send(new PutItemCommand({ TableName: 'orders', Item: { id: { S: id } } }));

async function streamedIds(): Promise<(string | undefined)[]> {
  const records = await readStream(local.streamsClient, streamArn('orders'));
  return records.map(({ dynamodb }) => dynamodb?.Keys?.['id']?.S);
}

function logFile(): string {
  const folder = join(stateDir, 'dynamodb-streams');
  const [file = ''] = readdirSync(folder);
  return join(folder, file);
}

/** Takes the last lines off the stream's log, as where a kill came before they were written. */
function loseLines(count: number): void {
  const lines = readFileSync(logFile(), 'utf8').split('\n').slice(0, -1);
  writeFileSync(
    logFile(),
    lines
      .slice(0, -count)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

describe('after a restart', () => {
  it('items and stream are there', async () => {
    await put('a');
    await restart();
    await put('b');
    const { Count } = await local.client.send(new ScanCommand({ TableName: 'orders' }));
    expect(Count).toBe(2);
    expect(await streamedIds()).toEqual(['a', 'b']);
  });

  it('records are the same, down to their ids', async () => {
    await put('a');
    const before = await readStream(local.streamsClient, streamArn('orders'));
    await restart();
    expect(await readStream(local.streamsClient, streamArn('orders'))).toEqual(before);
  });

  it('tables belong to the account and region that this start is of', async () => {
    await local.close();
    const context = { ...localContext(stateDir, local.clock), region: 'us-east-1' };
    const elsewhere = await openDynamoDb(context);
    expect(elsewhere.tables()).toEqual([
      {
        name: 'orders',
        arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders',
        streamArn: streamArn('orders').replace('eu-central-1', 'us-east-1'),
      },
    ]);
    await elsewhere.close();
    local = await startDynamoDb(stateDir);
  });

  it('a table that was deleted and made again begins with an empty stream', async () => {
    await put('a');
    await local.client.send(new DeleteTableCommand({ TableName: 'orders' }));
    await local.dynamoDb.createTable(tableConfig('orders'));
    await restart();
    const described = await local.client.send(new DescribeTableCommand({ TableName: 'orders' }));
    expect(described.Table?.LatestStreamArn).toBe(streamArn('orders'));
    expect(await streamedIds()).toEqual([]);
  });

  it('a stream whose table was deleted just before a kill leaves nothing', async () => {
    await put('a');
    const log = readFileSync(logFile());
    const file = logFile();
    await local.client.send(new DeleteTableCommand({ TableName: 'orders' }));
    await restart(() => writeFileSync(file, log));
    await local.dynamoDb.createTable(tableConfig('orders'));
    expect(await streamedIds()).toEqual([]);
  });
});

describe('a kill between the commit of a write and the log of the stream', () => {
  it('loses no record', async () => {
    await put('a');
    await put('b');
    await restart(() => loseLines(1));
    await put('c');
    expect(await streamedIds()).toEqual(['a', 'b', 'c']);
  });

  it('loses none where it came within the line', async () => {
    await put('a');
    await put('b');
    await restart(() => truncateSync(logFile(), readFileSync(logFile()).length - 10));
    expect(await streamedIds()).toEqual(['a', 'b']);
  });

  it.each([1, 2, 3])('loses none of a batch of three that lacks %i', async (count) => {
    await put('0');
    const RequestItems = {
      orders: ['a', 'b', 'c'].map((id) => ({ PutRequest: { Item: { id: { S: id } } } })),
    };
    await local.client.send(new BatchWriteItemCommand({ RequestItems }));
    await restart(() => loseLines(count));
    expect(await streamedIds()).toEqual(['0', 'a', 'b', 'c']);
  });

  it('repeats no record where it came after', async () => {
    await put('a');
    await restart();
    await restart();
    expect(await streamedIds()).toEqual(['a']);
  });
});

describe('a state folder in use', () => {
  it('is refused', async () => {
    await expect(openDynamoDb(localContext(stateDir, local.clock))).rejects.toThrow();
    const Key = { id: { S: 'a' } };
    const got = await local.client.send(new GetItemCommand({ TableName: 'orders', Key }));
    expect(got.Item).toBeUndefined();
  });
});
