import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { FirehoseClient, PutRecordCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '../../src/core/clock';
import { BUCKET, closeAll, startFaultyAws, stop, type FaultyAws } from './faulty-aws';

afterEach(closeAll);

async function publish({ client }: FaultyAws, Source: string, detail: object): Promise<void> {
  const entry = { Source, DetailType: 'Order', Detail: JSON.stringify(detail) };
  const { FailedEntryCount } = await new EventBridgeClient(client).send(
    new PutEventsCommand({ Entries: [entry] }),
  );
  expect(FailedEntryCount).toBe(0);
}

const queueUrl = ({ client }: FaultyAws) => `${client.endpoint}/000000000000/orders`;

async function receive(faulty: FaultyAws) {
  const { Messages = [] } = await new SQSClient(faulty.client).send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl(faulty), MaxNumberOfMessages: 10 }),
  );
  return Messages;
}

async function send(faulty: FaultyAws, MessageBody: string): Promise<void> {
  const command = new SendMessageCommand({ QueueUrl: queueUrl(faulty), MessageBody });
  await new SQSClient(faulty.client).send(command);
}

const orders = ({ aws }: FaultyAws) => aws.sqs.queues().find(({ name }) => name === 'orders');

describe('a delivery from EventBridge', () => {
  it('that is duplicated comes as two messages', async () => {
    const faulty = await startFaultyAws([
      { on: 'events:deliver', subject: 'orders', fault: 'duplicate' },
    ]);
    await publish(faulty, 'shop', { id: 1 });
    const messages = await receive(faulty);
    expect(new Set(messages.map(({ MessageId }) => MessageId)).size).toBe(2);
    expect(new Set(messages.map(({ Body }) => Body)).size).toBe(1);
  });

  it('that is delayed comes after so long, also over a restart', async () => {
    const clock = new ManualClock(Date.now());
    const before = await startFaultyAws([{ on: 'events:deliver', fault: 'delay 30s' }], { clock });
    await publish(before, 'shop', { id: 1 });
    await stop(before);
    const faulty = await startFaultyAws([], { clock, stateDir: before.stateDir });
    clock.advance(29_999);
    expect(await receive(faulty)).toEqual([]);
    clock.advance(1);
    expect(await receive(faulty)).toHaveLength(1);
  });

  it('to a function that is delayed invokes it after so long, also over a restart', async () => {
    const clock = new ManualClock(Date.now());
    const rules = [{ on: 'events:deliver', subject: 'work', fault: 'delay 30s' } as const];
    const before = await startFaultyAws(rules, { clock });
    await publish(before, 'robot', { puts: 1, name: 'a' });
    await stop(before);
    const { aws, s3, told } = await startFaultyAws([], { clock, stateDir: before.stateDir });
    clock.advance(29_999);
    expect(told.map(({ what }) => what)).not.toContain('invocation succeeded');
    expect(aws.idle()).toBe(false);
    clock.advance(1);
    await aws.settled();
    await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'a/1' }));
  });

  it('is out of order by delays that the seed decides', async () => {
    const clock = new ManualClock(Date.now());
    const faulty = await startFaultyAws([{ on: 'events:deliver', fault: 'reorder' }], { clock });
    for (let id = 0; id < 6; id += 1) await publish(faulty, 'shop', { id });
    const received: number[] = [];
    while (received.length < 6) {
      clock.advance(1);
      if (orders(faulty)!.visible === 0) continue;
      for (const { Body = '' } of await receive(faulty)) {
        received.push((JSON.parse(Body) as { detail: { id: number } }).detail.id);
      }
    }
    expect(received).not.toEqual([0, 1, 2, 3, 4, 5]);
    expect(received.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('a message', () => {
  it('that is duplicated as it is received comes once more although it was deleted', async () => {
    const faulty = await startFaultyAws([
      { on: 'sqs:receive', subject: 'orders', nth: 1, fault: 'duplicate' },
    ]);
    await send(faulty, 'order');
    const [first] = await receive(faulty);
    await new SQSClient(faulty.client).send(
      new DeleteMessageCommand({
        QueueUrl: queueUrl(faulty),
        ReceiptHandle: first!.ReceiptHandle,
      }),
    );
    const again = await receive(faulty);
    expect(again).toMatchObject([{ MessageId: first!.MessageId, Body: 'order' }]);
    expect(await receive(faulty)).toEqual([]);
  });

  it('that is delayed lets others come first', async () => {
    const clock = new ManualClock(Date.now());
    const faulty = await startFaultyAws([{ on: 'sqs:receive', nth: 1, fault: 'delay 5s' }], {
      clock,
    });
    await send(faulty, 'first');
    await send(faulty, 'second');
    expect(await receive(faulty)).toMatchObject([{ Body: 'second' }]);
    clock.advance(5000);
    expect(await receive(faulty)).toMatchObject([{ Body: 'first' }]);
  });
});

describe('what Firehose delivers', () => {
  it('comes in two objects where it is duplicated', async () => {
    const faulty = await startFaultyAws([
      { on: 'firehose:deliver', subject: 'clicks', nth: 1, fault: 'duplicate' },
    ]);
    const Record = { Data: Buffer.from('click\n') };
    await new FirehoseClient(faulty.client).send(
      new PutRecordCommand({ DeliveryStreamName: 'clicks', Record }),
    );
    await faulty.aws.firehose.flush();
    const { Contents = [] } = await faulty.s3.send(
      new ListObjectsV2Command({ Bucket: 'delivered', Prefix: 'clicks/' }),
    );
    const bodies = await Promise.all(
      Contents.map(async ({ Key }) => {
        const object = await faulty.s3.send(new GetObjectCommand({ Bucket: 'delivered', Key }));
        return object.Body!.transformToString();
      }),
    );
    expect(bodies).toEqual(['click\n', 'click\n']);
  });
});
