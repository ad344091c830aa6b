import {
  CancelMessageMoveTaskCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import type { Sqs } from '../../src/sqs/sqs';
import { arnOf, queueConfig, START, startSqs, type LocalSqs } from './local-sqs';

const REDRIVE = { deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 2 };

function createQueues(sqs: Sqs): void {
  sqs.createQueue(queueConfig('orders', { redrive: REDRIVE }));
  sqs.createQueue(queueConfig('dlq'));
}

let local: LocalSqs;
beforeEach(async () => {
  local = await startSqs();
  createQueues(local.sqs);
});
afterEach(() => local.close());

const receive = (name: string, seconds = 0) => local.sqs.queue(arnOf(name)).receive(10, seconds);
const bodies = (name: string) => receive(name).map(({ body }) => body);

describe('redrive to a dead-letter queue', () => {
  it('happens when a message would be received once more than maxReceiveCount', () => {
    local.sqs.send(arnOf('orders'), 'poison');

    expect([bodies('orders'), bodies('orders'), bodies('orders')]).toEqual([
      ['poison'],
      ['poison'],
      [],
    ]);
    expect(bodies('dlq')).toEqual(['poison']);
  });

  it('keeps id, attributes and times of the message and says where it came from', () => {
    const color = { DataType: 'String', StringValue: 'red' };
    local.sqs.send(arnOf('orders'), 'poison', { color });
    const [original] = receive('orders');
    receive('orders');
    local.clock.advance(5_000);
    receive('orders');

    expect(receive('dlq')).toMatchObject([
      {
        messageId: original?.messageId,
        attributes: { color },
        systemAttributes: {
          SentTimestamp: String(START),
          ApproximateReceiveCount: '3',
          DeadLetterQueueSourceArn: arnOf('orders'),
        },
      },
    ]);
  });

  it('is told as an error with the name of the queue', () => {
    local.sqs.send(arnOf('orders'), 'poison');
    for (let i = 0; i < 3; i += 1) receive('orders');

    expect(local.told.filter(({ level }) => level !== 'debug')).toEqual([
      {
        service: 'sqs',
        what: 'dead letter',
        subject: 'orders',
        detail: expect.stringContaining('to dlq after 2 receives') as string,
        level: 'error',
      },
    ]);
  });

  it('counts the receives of a second dead-letter queue afresh', () => {
    local.sqs.createQueue(queueConfig('dlq-2'));
    const redrive = { deadLetterTargetArn: arnOf('dlq-2'), maxReceiveCount: 1 };
    local.sqs.createQueue(queueConfig('dlq', { redrive }));
    local.sqs.send(arnOf('orders'), 'poison');
    for (let i = 0; i < 3; i += 1) receive('orders');

    expect([bodies('dlq'), bodies('dlq'), bodies('dlq-2')]).toEqual([['poison'], [], ['poison']]);
  });

  it('leaves the message where there is no such queue, and tells', () => {
    const redrive = { deadLetterTargetArn: arnOf('absent'), maxReceiveCount: 1 };
    local.sqs.createQueue(queueConfig('orders', { redrive }));
    local.sqs.send(arnOf('orders'), 'a');

    expect([bodies('orders'), bodies('orders')]).toEqual([['a'], ['a']]);
    expect(local.told).toContainEqual(
      expect.objectContaining({ what: 'no dead-letter queue', level: 'error' }),
    );
  });
});

describe('a message move task', () => {
  const start = (input: Partial<StartMessageMoveTaskCommandInput> = {}) =>
    local.client.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dlq'), ...input }));
  const list = async () => {
    const command = new ListMessageMoveTasksCommand({ SourceArn: arnOf('dlq'), MaxResults: 10 });
    return (await local.client.send(command)).Results;
  };

  function deadLetters(...sent: string[]): void {
    for (const body of sent) local.sqs.send(arnOf('orders'), body);
    for (let i = 0; i < 3; i += 1) receive('orders');
  }

  it('moves messages back to the queue they came from, as new ones', async () => {
    deadLetters('a', 'b');
    local.clock.advance(1_000);
    await start();
    local.clock.advance(0);
    const moved = receive('orders');

    expect(moved.map(({ body }) => body)).toEqual(['a', 'b']);
    expect(moved[0]?.systemAttributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(START + 1_000),
    });
    expect(bodies('dlq')).toEqual([]);
    expect(await list()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: arnOf('dlq'),
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: START + 1_000,
      },
    ]);
  });

  it('moves messages to another queue', async () => {
    local.sqs.createQueue(queueConfig('other'));
    deadLetters('a');
    await start({ DestinationArn: arnOf('other') });
    local.clock.advance(0);

    expect(bodies('other')).toEqual(['a']);
  });

  it('moves no more a second than asked, and can be cancelled', async () => {
    deadLetters('a', 'b', 'c');
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 1 });
    local.clock.advance(0);
    expect(await list()).toMatchObject([{ TaskHandle, Status: 'RUNNING' }]);

    local.clock.advance(1_000);
    await local.client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    local.clock.advance(1_000);
    expect(await list()).toMatchObject([
      { Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 },
    ]);
    expect(bodies('dlq')).toEqual(['c']);
  });

  it('is one at a time', async () => {
    deadLetters('a', 'b');
    await start({ MaxNumberOfMessagesPerSecond: 1 });

    await expect(start()).rejects.toThrow('There is already a task running.');
  });

  it('fails, and keeps the message, where it cannot say where one came from', async () => {
    local.sqs.send(arnOf('dlq'), 'sent straight here');
    await start();
    local.clock.advance(0);

    expect(await list()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
    ]);
    expect(bodies('dlq')).toEqual(['sent straight here']);
  });

  it.each([
    ['a source that is no dead-letter queue', { SourceArn: arnOf('orders') }, 'Dead Letter Queue'],
    ['a source that is not there', { SourceArn: arnOf('absent') }, 'SourceArn'],
    ['a destination that is not there', { DestinationArn: arnOf('absent') }, 'DestinationArn'],
  ])('is refused for %s', async (_, input, named) => {
    await expect(start(input)).rejects.toThrow(named);
  });

  it('undoes the redrive: every body is back, in its order, and none is doubled', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 8 }),
        fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        async (sent, MaxNumberOfMessagesPerSecond) => {
          deadLetters(...sent);
          await start({ MaxNumberOfMessagesPerSecond });
          local.clock.advance(10_000);
          const back = receive('orders', 30);
          for (const { receiptHandle } of back) {
            local.sqs.queue(arnOf('orders')).delete(receiptHandle);
          }

          expect(back.map(({ body }) => body)).toEqual(sent);
          expect(bodies('dlq')).toEqual([]);
        },
      ),
      { seed: 1, numRuns: 20 },
    );
  });
});
