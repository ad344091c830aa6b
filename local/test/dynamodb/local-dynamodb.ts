import { DynamoDBClient, type AttributeValue } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record,
} from '@aws-sdk/client-dynamodb-streams';
import type { AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openDynamoDb, type DynamoDb, type DynamoDbTableConfig } from '../../src/dynamodb/dynamodb';
import { freshStateDir } from '../support/state-dir';

export const START = Date.UTC(2025, 0, 15, 12);
export const ACCOUNT = '000000000000';
export const REGION = 'eu-central-1';
export const LABEL = '2025-01-01T00:00:00.000';
/** A caller that `authorize` lets do nothing. */
export const DENIED_KEY = 'DENIED';

export type Item = Record<string, AttributeValue>;

export interface LocalDynamoDb {
  dynamoDb: DynamoDb;
  client: DynamoDBClient;
  streamsClient: DynamoDBStreamsClient;
  clock: ManualClock;
  context: AwsContext;
  deniedClient: DynamoDBClient;
  deniedStreamsClient: DynamoDBStreamsClient;
  close(): Promise<void>;
}

export function tableArn(name: string): string {
  return `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
}

export function streamArn(name: string): string {
  return `${tableArn(name)}/stream/${LABEL}`;
}

/** A table keyed by the string `id`, with a stream of old and new images. */
export function tableConfig(
  name: string,
  definition: Partial<DynamoDbTableConfig['definition']> = {},
): DynamoDbTableConfig {
  return {
    name,
    arn: tableArn(name),
    definition: {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      ...definition,
    },
    stream: { arn: streamArn(name), viewType: 'NEW_AND_OLD_IMAGES' },
  };
}

export function localContext(stateDir: string, clock: ManualClock): AwsContext {
  return {
    accountId: ACCOUNT,
    region: REGION,
    clock,
    stateDir,
    endpoint: () => 'http://127.0.0.1:4566',
    tell: () => undefined,
    authorize(accessKeyId, action, arn) {
      if (accessKeyId !== DENIED_KEY) return;
      throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
    },
  };
}

export function clientConfig(endpoint: string, accessKeyId = 'test') {
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  return { endpoint, region: REGION, credentials, maxAttempts: 1 };
}

/** The local DynamoDB behind HTTP, over `stateDir`, with time held. */
export async function startDynamoDb(
  stateDir = freshStateDir(),
  clock = new ManualClock(START),
): Promise<LocalDynamoDb> {
  const context = localContext(stateDir, clock);
  const dynamoDb = await openDynamoDb(context);
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => dynamoDb.handler,
    (error) => faults.push(error),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const client = new DynamoDBClient(clientConfig(endpoint));
  const streamsClient = new DynamoDBStreamsClient(clientConfig(endpoint));
  const deniedClient = new DynamoDBClient(clientConfig(endpoint, DENIED_KEY));
  const deniedStreamsClient = new DynamoDBStreamsClient(clientConfig(endpoint, DENIED_KEY));
  return {
    dynamoDb,
    client,
    streamsClient,
    deniedClient,
    deniedStreamsClient,
    clock,
    context,
    async close() {
      for (const each of [client, streamsClient, deniedClient, deniedStreamsClient]) each.destroy();
      await server.close();
      await dynamoDb.close();
      expect(faults).toEqual([]);
    },
  };
}

/** All that the stream holds, by the API, from its oldest record on. */
export async function readStream(client: DynamoDBStreamsClient, arn: string): Promise<_Record[]> {
  const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: arn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const from = { StreamArn: arn, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
  let { ShardIterator } = await client.send(new GetShardIteratorCommand(from));
  const records: _Record[] = [];
  for (;;) {
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));
    if (!page.Records?.length) return records;
    records.push(...page.Records);
    ShardIterator = page.NextShardIterator;
  }
}

/** The items, by `id`, that the changes make of an empty table. */
export function replay(records: readonly _Record[]): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const { dynamodb } of records) {
    const id = dynamodb?.Keys?.['id']?.S ?? '';
    expect(items.get(id)).toEqual(dynamodb?.OldImage);
    if (dynamodb?.NewImage) items.set(id, dynamodb.NewImage);
    else items.delete(id);
  }
  return items;
}
