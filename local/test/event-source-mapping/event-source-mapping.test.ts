import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import type { ManualClock } from '../../src/core/clock';
import {
  startEventSourceMapping,
  type EventSourceMapping,
  type EventSourceMappingConfig,
  type InvokeFunction,
} from '../../src/event-source-mapping/event-source-mapping';
import { openSqs, type QueueConfig, type Sqs } from '../../src/sqs/sqs';
import { arnOf, localContext, queueConfig, START } from '../sqs/local-sqs';
import { freshStateDir } from '../support/state-dir';

const SUCCESS = { payload: null };

let stateDir: string;
let context: AwsContext;
let clock: ManualClock;
let told: Activity[];
let sqs: Sqs;
let events: SQSEvent[];
let started: EventSourceMapping[];

beforeEach(() => {
  stateDir = freshStateDir();
  ({ context, clock, told } = localContext(stateDir));
  sqs = openSqs(context);
  sqs.createQueue(queueConfig('orders'));
  events = [];
  started = [];
});

afterEach(async () => {
  for (const mapping of started) await mapping.stop();
});

type Answer = Awaited<ReturnType<InvokeFunction>>;

/** Starts a mapping to a function that answers as `handle` says and whose events are kept. */
function start(
  handle: (event: SQSEvent) => Answer | Promise<Answer>,
  changed: Partial<EventSourceMappingConfig> = {},
): EventSourceMapping {
  const config: EventSourceMappingConfig = {
    queueArn: arnOf('orders'),
    functionName: 'transformer',
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    reportBatchItemFailures: false,
    enabled: true,
    ...changed,
  };
  const mapping = startEventSourceMapping(
    context,
    config,
    sqs.queue(arnOf('orders')),
    (payload) => {
      const event = payload as SQSEvent;
      events.push(event);
      return Promise.resolve().then(() => handle(event));
    },
  );
  started.push(mapping);
  return mapping;
}

function send(...sent: string[]): void {
  for (const body of sent) sqs.send(arnOf('orders'), body);
}

/** Lets everything run that does not wait for time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

async function advance(seconds: number): Promise<void> {
  clock.advance(seconds * 1000);
  await settle();
}

/** The bodies of each batch so far. */
const batches = () => events.map(({ Records }) => Records.map(({ body }) => body));

function left(name = 'orders'): number {
  const { visible, inFlight, delayed } = sqs.queue(arnOf(name)).counts();
  return visible + inFlight + delayed;
}

function createQueue(changed: Partial<QueueConfig>): void {
  sqs.createQueue(queueConfig('orders', changed));
}

describe('an event', () => {
  it('has the form that Lambda gives it', async () => {
    const color = { DataType: 'String', StringValue: 'red' };
    sqs.send(arnOf('orders'), 'hello', { color });
    clock.advance(1_000);
    start(() => SUCCESS);
    await settle();

    expect(events).toEqual([
      {
        Records: [
          {
            messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
            receiptHandle: expect.any(String) as string,
            body: 'hello',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: String(START),
              SenderId: '000000000000',
              ApproximateFirstReceiveTimestamp: String(START + 1_000),
            },
            messageAttributes: {
              color: {
                stringValue: 'red',
                stringListValues: [],
                binaryListValues: [],
                dataType: 'String',
              },
            },
            md5OfBody: '5d41402abc4b2a76b9719d911017c592',
            md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
            eventSource: 'aws:sqs',
            eventSourceARN: arnOf('orders'),
            awsRegion: 'eu-central-1',
          },
        ],
      },
    ]);
  });
});

describe('a batch', () => {
  it('is invoked with what is there and deleted when the function succeeds', async () => {
    send('a', 'b', 'c');
    start(() => SUCCESS);
    await settle();

    expect(batches()).toEqual([['a', 'b', 'c']]);
    expect(left()).toBe(0);
  });

  it('is invoked as soon as a message comes', async () => {
    start(() => SUCCESS);
    await settle();
    send('a');
    await settle();

    expect(batches()).toEqual([['a']]);
  });

  it('holds no more than the batch size', async () => {
    send('a', 'b', 'c', 'd', 'e');
    start(() => SUCCESS, { batchSize: 2 });
    await settle();

    expect(batches()).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  it('comes back whole after the visibility timeout when the function fails', async () => {
    send('a', 'b');
    start(() => (events.length === 1 ? { functionError: 'Unhandled', payload: {} } : SUCCESS));
    await settle();
    await advance(29);
    expect(batches()).toHaveLength(1);

    await advance(1);
    expect(batches()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(events[1]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('2');
    expect(left()).toBe(0);
  });

  it('is delivered a second time while a slow invocation outlasts the visibility timeout', async () => {
    send('a');
    start(() => (events.length === 1 ? new Promise(() => {}) : SUCCESS));
    started.pop();
    await settle();
    await advance(30);

    expect(batches()).toEqual([['a'], ['a']]);
  });

  it('is deleted whole although it names failures, unless these are to be reported', async () => {
    send('a', 'b');
    start(({ Records }) => ({
      payload: { batchItemFailures: [{ itemIdentifier: Records[0]?.messageId }] },
    }));
    await settle();

    expect(left()).toBe(0);
  });
});

describe('partial batch responses', () => {
  it('bring back only the messages that failed', async () => {
    send('good', 'bad', 'good too');
    start(
      ({ Records }) => ({
        payload: {
          batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
            itemIdentifier: messageId,
          })),
        },
      }),
      { reportBatchItemFailures: true },
    );
    await settle();
    await advance(30);

    expect(batches()).toEqual([['good', 'bad', 'good too'], ['bad']]);
  });

  it('that are malformed bring back the whole batch and are told', async () => {
    send('a', 'b');
    const malformed = { payload: { batchItemFailures: [{ itemIdentifier: '' }] } };
    start(() => (events.length === 1 ? malformed : SUCCESS), { reportBatchItemFailures: true });
    await settle();
    await advance(30);

    expect(batches()).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    expect(told).toContainEqual(
      expect.objectContaining({ what: 'malformed batch response', level: 'error' }),
    );
  });
});

describe('a poison message', () => {
  it('goes to the dead-letter queue after exactly maxReceiveCount receives', async () => {
    sqs.createQueue(queueConfig('orders-dlq'));
    createQueue({ redrive: { deadLetterTargetArn: arnOf('orders-dlq'), maxReceiveCount: 3 } });
    send('poison');
    start(() => ({ functionError: 'Unhandled', payload: {} }));
    await settle();
    for (let round = 0; round < 6; round += 1) await advance(30);

    expect(batches()).toEqual([['poison'], ['poison'], ['poison']]);
    expect(left()).toBe(0);
    expect(left('orders-dlq')).toBe(1);
  });
});

describe('a batching window', () => {
  it('gathers a batch until it is over', async () => {
    start(() => SUCCESS, { batchSize: 100, maximumBatchingWindowSeconds: 10 });
    send('a');
    await settle();
    await advance(9);
    send('b');
    await settle();
    expect(batches()).toEqual([]);

    await advance(1);
    expect(batches()).toEqual([['a', 'b']]);
  });

  it('ends early when the batch is full', async () => {
    start(() => SUCCESS, { batchSize: 12, maximumBatchingWindowSeconds: 10 });
    send(...Array.from({ length: 13 }, (_, i) => String(i)));
    await settle();

    expect(batches().map((batch) => batch.length)).toEqual([12]);
  });

  it('ends early when the next message would make the payload larger than 6 MB', async () => {
    createQueue({ visibilityTimeoutSeconds: 300 });
    const megabyte = 'x'.repeat(1_000_000);
    start(() => SUCCESS, { batchSize: 10, maximumBatchingWindowSeconds: 10 });
    send(...Array.from({ length: 8 }, () => megabyte));
    await settle();
    expect(batches().map((batch) => batch.length)).toEqual([6]);

    await advance(10);
    expect(batches().map((batch) => batch.length)).toEqual([6, 2]);
    expect(events[1]?.Records[0]?.attributes.ApproximateReceiveCount).toBe('1');
  });
});

describe('concurrency', () => {
  /** Starts a mapping to a function that runs until told; one message a batch. */
  function startHeld(changed: Partial<EventSourceMappingConfig> = {}): (() => void)[] {
    const finish: (() => void)[] = [];
    const held = () => new Promise<Answer>((resolve) => finish.push(() => resolve(SUCCESS)));
    start(held, { batchSize: 1, ...changed });
    return finish;
  }

  it.each([
    [5, undefined],
    [2, 2],
  ])('is %d where the maximum is %p', async (expected, maximumConcurrency) => {
    send('a', 'b', 'c', 'd', 'e', 'f', 'g');
    const finish = startHeld({ maximumConcurrency });
    await settle();
    expect(batches()).toHaveLength(expected);

    finish[0]?.();
    await settle();
    expect(batches()).toHaveLength(expected + 1);
    while (finish.length > 0) {
      finish.shift()?.();
      await settle();
    }
  });

  it('leaves the messages it has no room for to other consumers', async () => {
    send('a', 'b', 'c');
    const finish = startHeld({ maximumConcurrency: 2 });
    await settle();

    expect(sqs.queue(arnOf('orders')).counts()).toMatchObject({ visible: 1, inFlight: 2 });
    while (finish.length > 0) {
      finish.shift()?.();
      await settle();
    }
  });
});

describe('a throttled invocation', () => {
  const throttled = (times: number) => (): Answer => {
    if (events.length <= times) throw new Error('Rate Exceeded.');
    return SUCCESS;
  };

  it('is repeated with growing pauses, as one receive', async () => {
    send('a');
    start(throttled(3));
    await settle();
    for (const pause of [1, 2, 4]) {
      const before = events.length;
      await advance(pause - 0.001);
      expect(events).toHaveLength(before);
      await advance(0.001);
      expect(events).toHaveLength(before + 1);
    }

    expect(events.at(-1)?.Records[0]?.attributes.ApproximateReceiveCount).toBe('1');
    expect(left()).toBe(0);
  });

  it('is given up when the messages become visible again', async () => {
    createQueue({ visibilityTimeoutSeconds: 2 });
    send('a');
    start(throttled(2));
    await settle();
    await advance(1);
    await advance(1);

    expect(events.map(({ Records }) => Records[0]?.attributes.ApproximateReceiveCount)).toEqual([
      '1',
      '1',
      '2',
    ]);
    expect(left()).toBe(0);
  });

  it('lets go of its messages when the mapping stops', async () => {
    send('a');
    const mapping = start(throttled(Infinity));
    await settle();
    await mapping.stop();

    expect(sqs.queue(arnOf('orders')).counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });
});

describe('stopping', () => {
  it('waits for the invocations under way and deletes what they did', async () => {
    send('a');
    let finish = (): void => undefined;
    const mapping = start(() => new Promise((resolve) => (finish = () => resolve(SUCCESS))));
    await settle();
    let stopped = false;
    const stopping = mapping.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);

    finish();
    await stopping;
    expect(left()).toBe(0);
  });

  it('takes no more messages', async () => {
    const mapping = start(() => SUCCESS);
    await mapping.stop();
    send('a');
    await settle();

    expect(events).toEqual([]);
  });

  it('lets go at once of the messages of a batch not yet full', async () => {
    const mapping = start(() => SUCCESS, { maximumBatchingWindowSeconds: 300 });
    send('a');
    await settle();
    await mapping.stop();

    expect(sqs.queue(arnOf('orders')).counts()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('by a kill in the middle loses no message', async () => {
    send('done', 'under way', 'waiting');
    const one = { batchSize: 1, maximumConcurrency: 2 };
    start(({ Records }) => (Records[0]?.body === 'done' ? SUCCESS : new Promise(() => {})), one);
    started.pop();
    await settle();
    expect(batches()).toEqual([['done'], ['under way'], ['waiting']]);

    events = [];
    sqs = openSqs(localContext(stateDir, clock).context);
    start(() => SUCCESS, one);
    await settle();
    expect(batches()).toEqual([['under way'], ['waiting']]);
    expect(left()).toBe(0);
  });

  it('rejects with what broke the mapping', async () => {
    send('a');
    const mapping = start(() => {
      // The message's file becomes a folder, so that it cannot be deleted.
      const folder = join(stateDir, 'sqs', 'orders', 'messages');
      const [file = ''] = readdirSync(folder);
      rmSync(join(folder, file));
      mkdirSync(join(folder, file));
      return SUCCESS;
    });
    started.pop();
    await settle();

    await expect(mapping.stop()).rejects.toThrow();
    expect(told).toContainEqual(expect.objectContaining({ what: 'event source mapping broke' }));
  });
});

describe('a mapping', () => {
  it('is idle unless it holds a message', async () => {
    let finish = (): void => undefined;
    const mapping = start(() => new Promise((resolve) => (finish = () => resolve(SUCCESS))));
    expect(mapping.idle()).toBe(true);
    send('a');
    await settle();
    expect(mapping.idle()).toBe(false);

    finish();
    await settle();
    expect(mapping.idle()).toBe(true);
  });

  it('that is disabled takes nothing', async () => {
    send('a');
    start(() => SUCCESS, { enabled: false });
    await settle();

    expect(events).toEqual([]);
  });

  it.each([
    ['FilterCriteria', { filterCriteria: { Filters: [] } }],
    ['BatchSize', { batchSize: 0 }],
    ['MaximumBatchingWindowInSeconds', { batchSize: 11 }],
    ['MaximumBatchingWindowInSeconds', { maximumBatchingWindowSeconds: 301 }],
    ['MaximumConcurrency', { maximumConcurrency: 1 }],
  ])('with a bad %s is refused by name', (named, changed) => {
    expect(() => start(() => SUCCESS, changed)).toThrow(named);
  });
});
