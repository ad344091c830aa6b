import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { openSqs, type Sqs } from '../../src/sqs/sqs';
import { freshStateDir } from '../support/state-dir';
import { arnOf, localContext, queueConfig, START, startSqs } from './local-sqs';

let stateDir: string;
let local: ReturnType<typeof localContext>;
let sqs: Sqs;

beforeEach(() => {
  stateDir = freshStateDir();
  local = localContext(stateDir);
  sqs = openSqs(local.context);
  sqs.createQueue(queueConfig('orders'));
});

/** What a new process finds where the old one was killed. */
function restart(): void {
  sqs = openSqs(local.context);
}

const receive = (name = 'orders', limit = 10) => sqs.queue(arnOf(name)).receive(limit);
const bodies = (name?: string) => receive(name).map(({ body }) => body);

describe('after a restart', () => {
  it('queues and their messages are there, in the order they came', () => {
    const sent = Array.from({ length: 25 }, (_, index) => String(index));
    for (const body of sent) sqs.send(arnOf('orders'), body);
    restart();

    expect([...bodies(), ...bodies(), ...bodies()]).toEqual(sent);
  });

  it('new messages come after the old', () => {
    sqs.send(arnOf('orders'), 'old');
    restart();
    sqs.send(arnOf('orders'), 'new');
    restart();

    expect(bodies()).toEqual(['old', 'new']);
  });

  it('deleted messages stay deleted', () => {
    sqs.send(arnOf('orders'), 'a');
    sqs.send(arnOf('orders'), 'b');
    sqs.queue(arnOf('orders')).delete(receive('orders', 1)[0]?.receiptHandle ?? '');
    restart();

    expect(bodies()).toEqual(['b']);
  });

  it('attributes and the times of sending and first receive are as before', () => {
    const color = { DataType: 'String', StringValue: 'red' };
    sqs.send(arnOf('orders'), 'a', { color });
    local.clock.advance(1_000);
    receive();
    local.clock.advance(1_000);
    restart();

    expect(receive()).toMatchObject([
      {
        attributes: { color },
        systemAttributes: {
          SentTimestamp: String(START),
          ApproximateFirstReceiveTimestamp: String(START + 1_000),
          ApproximateReceiveCount: '2',
        },
      },
    ]);
  });

  it('what was in flight is visible at once', () => {
    sqs.send(arnOf('orders'), 'a');
    receive();
    restart();

    expect(bodies()).toEqual(['a']);
  });

  it('a consumer outside can still delete what it received before', () => {
    sqs.send(arnOf('orders'), 'a');
    const [message] = receive();
    restart();
    sqs.queue(arnOf('orders')).delete(message?.receiptHandle ?? '');

    expect(bodies()).toEqual([]);
  });

  it('a delay still runs', async () => {
    const server = await startSqs(stateDir, local.clock);
    const QueueUrl = `${server.context.endpoint()}/000000000000/orders`;
    const delayed = { QueueUrl, MessageBody: 'a', DelaySeconds: 10 };
    await server.client.send(new SendMessageCommand(delayed));
    await server.close();
    restart();
    expect(bodies()).toEqual([]);

    local.clock.advance(10_000);
    expect(bodies()).toEqual(['a']);
  });

  it('receives before it count toward the redrive', () => {
    sqs.createQueue(queueConfig('dlq'));
    const redrive = { deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 3 };
    sqs.createQueue(queueConfig('orders', { redrive }));
    sqs.send(arnOf('orders'), 'poison');
    const received: string[][] = [];
    for (let round = 0; round < 5; round += 1) {
      received.push(bodies());
      restart();
    }

    expect(received).toEqual([['poison'], ['poison'], ['poison'], [], []]);
    expect(bodies('dlq')).toEqual(['poison']);
  });

  it('a queue made through the API has the attributes it was given', async () => {
    const server = await startSqs(stateDir, local.clock);
    const Attributes = { VisibilityTimeout: '77' };
    await server.client.send(new CreateQueueCommand({ QueueName: 'made', Attributes }));
    await server.close();
    restart();

    expect(sqs.queue(arnOf('made')).config().visibilityTimeoutSeconds).toBe(77);
  });

  it('a queue whose deletion was cut short is gone', () => {
    sqs.send(arnOf('orders'), 'a');
    rmSync(join(stateDir, 'sqs', 'orders', 'queue.json'));
    restart();

    expect(sqs.queues()).toEqual([]);
    expect(readdirSync(join(stateDir, 'sqs'))).toEqual([]);
  });

  it('queues belong to the region that this start is of', () => {
    sqs.send(arnOf('orders'), 'a');
    local.context.region = 'us-east-1';
    restart();

    const arn = arnOf('orders').replace('eu-central-1', 'us-east-1');
    expect(sqs.queue(arn).receive(1)).toMatchObject([{ body: 'a' }]);
  });
});
