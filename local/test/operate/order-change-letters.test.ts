import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  type _Record,
} from '@aws-sdk/client-kinesis';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { waitFor } from '../../src/cli/local-connection';
import { SHARD_ID } from '../../src/dynamodb/streams';
import {
  findQueue,
  listDeadLetterQueues,
  lookAtMessages,
  type DeadLetterQueue,
} from '../../src/operate/dead-letter-queues';
import { redriveQueue } from '../../src/operate/redrive';
import { deadLetterMessage } from '../../src/pipes/dead-letter';
import type { PipeConfig } from '../../src/pipes/pipe-config';
import type { PipeEvent, PipeSource } from '../../src/pipes/pipe-source';
import { localStage, type Stage } from '../../src/stage';
import { startProjectAws, type ProjectAws } from '../support/project-aws';

const TIMEOUT_MS = 120_000;

let local: ProjectAws;
let stage: Stage;

beforeAll(async () => {
  local = await startProjectAws();
  stage = localStage(local.aws.endpoint);
}, TIMEOUT_MS);

afterAll(() => local.close());

const queue = async (): Promise<DeadLetterQueue> =>
  findQueue(await listDeadLetterQueues(stage), stage, 'order-changes-dlq');

describe('changes of orders that the pipe gave up', () => {
  let piped: _Record[];
  let changes: Change[];

  interface Change {
    dynamodb: { SequenceNumber: string; ApproximateCreationDateTime: number };
    eventSourceARN: string;
    eventID: string;
  }

  beforeAll(async () => {
    const client = new DynamoDBClient(stage.clientConfig);
    for (const id of ['a', 'b', 'c', 'd']) {
      await client.send(
        new PutItemCommand({
          TableName: 'saleslake-local-orders',
          Item: {
            orderId: { S: `order-${id}` },
            product_name: { S: 'Desk lamp' },
            quantity: { N: '3' },
            price: { N: '19.99' },
            bytes: { B: Uint8Array.from([0xff, 0x00]) },
          },
        }),
      );
    }
    piped = await waitFor('the pipe', 60_000, async () => {
      const records = await readStream();
      return records.length === 4 ? records : undefined;
    });
    changes = piped
      .map(({ Data }) => JSON.parse(Buffer.from(Data!).toString()) as Change)
      .sort((a, b) => (a.dynamodb.SequenceNumber < b.dynamodb.SequenceNumber ? -1 : 1));
  }, TIMEOUT_MS);

  /** A dead-letter message of changes as the local pipe writes it. */
  async function giveUp(from: Change, to: Change): Promise<DeadLetterQueue> {
    const events = [from, to].map(
      ({ dynamodb, eventID }) =>
        ({
          eventId: eventID,
          sequenceNumber: dynamodb.SequenceNumber,
          arrivedAt: dynamodb.ApproximateCreationDateTime * 1000,
        }) as PipeEvent,
    );
    const body = deadLetterMessage(
      {
        arn: 'arn:aws:pipes:us-east-1:000000000000:pipe/saleslake-local-order-changes',
        sourceArn: from.eventSourceARN,
      } as PipeConfig,
      { batchInfo: 'DDBStreamBatchInfo' } as PipeSource,
      SHARD_ID,
      events,
      'RetryAttemptsExhausted',
      Date.now(),
    );
    const { url } = await queue();
    await new SQSClient(stage.clientConfig).send(
      new SendMessageCommand({ QueueUrl: url, MessageBody: body }),
    );
    return queue();
  }

  it('are put on as the pipe would have, the whole range and nothing beside it', async () => {
    const dead = await giveUp(changes[1]!, changes[2]!);
    expect(await lookAtMessages(stage, dead, 10)).toMatchObject([
      { reason: 'RetryAttemptsExhausted', letter: { kind: 'stream position' } },
    ]);
    expect(await redriveQueue(stage, dead)).toMatchObject({ redriven: 1, failures: [] });
    const all = (await readStream()).map(textAndKey).sort();
    const before = piped.map(textAndKey);
    const middle = before.filter((text) => /"order-[bc]"/.test(text));
    expect(all).toEqual([...before, ...middle].sort());
    expect(await queue()).toMatchObject({ messages: 0 });
  });

  it('stay, and are named, where the stream has them no more', async () => {
    const gone = { ...changes[0]!, eventSourceARN: `${changes[0]!.eventSourceARN}-earlier` };
    const dead = await giveUp(gone, gone);
    expect(await redriveQueue(stage, dead)).toMatchObject({
      redriven: 0,
      failures: [{ reason: expect.stringContaining('keeps them for 24 hours') as string }],
    });
    expect(await queue()).toMatchObject({ messages: 1 });
  });

  /** Partition key and parsed text, as members may come in another order. */
  function textAndKey({ PartitionKey, Data }: _Record): string {
    const value = JSON.parse(Buffer.from(Data!).toString()) as Record<string, unknown>;
    return `${PartitionKey} ${JSON.stringify(sorted(value))}`;
  }

  function sorted(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
  }

  async function readStream(): Promise<_Record[]> {
    const client = new KinesisClient(stage.clientConfig);
    const StreamName = 'saleslake-local-order-changes';
    const { Shards = [] } = await client.send(new ListShardsCommand({ StreamName }));
    const found: _Record[] = [];
    for (const { ShardId } of Shards) {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      found.push(...Records);
    }
    return found;
  }
});
