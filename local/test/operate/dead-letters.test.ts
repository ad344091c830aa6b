import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readManifest } from '@saleslake/shared/lake/read-manifest';
import { waitFor } from '../../src/cli/local-connection';
import {
  findQueue,
  listDeadLetterQueues,
  lookAtMessages,
  type DeadLetterQueue,
} from '../../src/operate/dead-letter-queues';
import { redriveQueue } from '../../src/operate/redrive';
import { localStage, type Stage } from '../../src/stage';
import { startProjectAws, type ProjectAws } from '../support/project-aws';
import { openFailingFunctions, putRaw, sale } from './lake';
import { leapingClock } from './leaping-clock';

const TRANSFORM = 'saleslake-transformer-local-transform';
const GENERATE = 'saleslake-generator-local-generate';

// More than any visibility timeout, and any wait before a function is tried again.
const LEAP_MS = 15 * 60_000;

const TIMEOUT_MS = 120_000;
const clock = leapingClock();
let local: ProjectAws;
let stage: Stage;

beforeAll(async () => {
  local = await startProjectAws({ clock });
  stage = localStage(local.aws.endpoint);
}, TIMEOUT_MS);

afterAll(() => local.close());

const queue = async (name: string): Promise<DeadLetterQueue> =>
  findQueue(await listDeadLetterQueues(stage), stage, name);

/** Lets time pass until the queue has so many messages. */
const filled = (name: string, messages: number): Promise<DeadLetterQueue> =>
  waitFor(`${messages} messages in ${name}`, 60_000, async () => {
    const found = await queue(name);
    if (found.messages === messages) return found;
    // While a function runs no time passes: an event could become too old to be tried again.
    if (!local.aws.lambda.busy()) clock.leap(LEAP_MS);
    return undefined;
  });

/** Has a function fail while something is done. */
async function failing(name: string, message: string, act: () => Promise<void>): Promise<void> {
  const functions = await openFailingFunctions(message);
  local.aws.lambda.redirect(name, functions.endpoint);
  try {
    await act();
  } finally {
    local.aws.lambda.redirect(name, undefined);
    functions.close();
  }
}

describe('the queues of what failed', () => {
  it('are the dead-letter queues and those of failures', async () => {
    const names = (await listDeadLetterQueues(stage)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'saleslake-local-generator-failures',
        'saleslake-local-order-changes-dlq',
        'saleslake-local-orders-failures',
        'saleslake-local-transformer-objects-dlq',
      ]),
    );
    expect(names).not.toContain('saleslake-local-transformer-objects');
  });

  it('are named where another is asked for', async () => {
    await expect(queue('nix')).rejects.toThrow(/no dead-letter or failure queue nix; there is: /);
  });
});

describe('an object that the transformer failed on for good', () => {
  const key = 'raw/transactions/date=2026-03-01/dead.json';
  let dead: DeadLetterQueue;

  beforeAll(async () => {
    await failing(TRANSFORM, 'no such column', async () => {
      await putRaw(stage, key, sale('dead-1'));
      dead = await filled('transformer-objects-dlq', 1);
    });
  }, TIMEOUT_MS);

  it('is named, with how often it was tried', async () => {
    expect(await lookAtMessages(stage, dead, 10)).toMatchObject([
      { about: `s3://${stage.raw}/${key}`, attempts: 5, letter: { object: { key } } },
    ]);
  });

  it('stays there when it is looked at', async () => {
    await lookAtMessages(stage, dead, 10);
    expect(await lookAtMessages(stage, dead, 10)).toHaveLength(1);
  });

  it('is transformed once it is redriven', async () => {
    expect(await redriveQueue(stage, dead)).toEqual({
      queue: 'saleslake-local-transformer-objects-dlq',
      redriven: 1,
      failures: [],
    });
    await local.aws.settled();
    expect(await readManifest(stage.s3, stage, key)).toMatchObject({
      state: 'complete',
      rows: { in: 1, good: 1 },
    });
    expect(await queue('transformer-objects-dlq')).toMatchObject({ messages: 0 });
  });

  it(
    'is handed back one by one where only some are to be',
    async () => {
      const client = new SQSClient(stage.clientConfig);
      const QueueUrl = dead.url;
      for (const MessageBody of ['one', 'two', 'three']) {
        await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      }
      const three = await filled('transformer-objects-dlq', 3);
      // What is no event of an object would come back before it is counted.
      await failing(TRANSFORM, 'busy', async () => {
        expect(await redriveQueue(stage, three, { most: 2 })).toMatchObject({
          redriven: 2,
          failures: [],
        });
      });
      await filled('transformer-objects-dlq', 3);
    },
    TIMEOUT_MS,
  );
});

it('shows messages to others again at once where a redrive breaks off', async () => {
  const client = new SQSClient(stage.clientConfig);
  const { url: QueueUrl } = await queue('orders-failures');
  for (const MessageBody of ['one', 'two', 'three']) {
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  const progress = (): never => {
    throw new Error('broken off');
  };
  const redriving = redriveQueue(stage, await queue('orders-failures'), { progress });
  await expect(redriving).rejects.toThrow('broken off');
  expect(await queue('orders-failures')).toMatchObject({ messages: 3 });
});

describe('a backfill that the generator failed on for good', () => {
  const payload = { from: '2026-02-01', to: '2026-02-03', count: 20, seed: 'redrive' };
  let dead: DeadLetterQueue;

  beforeAll(async () => {
    await failing(GENERATE, 'no room', async () => {
      await new LambdaClient(stage.clientConfig).send(
        new InvokeCommand({
          FunctionName: GENERATE,
          InvocationType: 'Event',
          Payload: JSON.stringify(payload),
        }),
      );
      dead = await filled('generator-failures', 1);
    });
  }, TIMEOUT_MS);

  it('is named, with its event, how often it was tried, and why it failed', async () => {
    const [message] = await lookAtMessages(stage, dead, 10);
    expect(message).toMatchObject({
      about: `${GENERATE} ${JSON.stringify(payload)}`,
      attempts: 3,
      reason: 'no room',
    });
  });

  it('yields exactly its objects once it is redriven', async () => {
    expect(await redriveQueue(stage, dead)).toMatchObject({ redriven: 1, failures: [] });
    await local.aws.settled();
    const found = await objectsOf('raw/transactions/date=2026-02-');
    expect(found).toHaveLength(2);
    // The same again would be the same objects: the generator names them after the event.
    const manifests = await Promise.all(found.map((key) => readManifest(stage.s3, stage, key)));
    expect(manifests.map((manifest) => manifest?.rows.good ?? 0).reduce((a, b) => a + b)).toBe(20);
    expect(await queue('generator-failures')).toMatchObject({ messages: 0 });
  });

  async function objectsOf(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    const request = { Bucket: stage.raw, Prefix: prefix };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: stage.s3 }, request)) {
      keys.push(...Contents.map(({ Key = '' }) => Key));
    }
    return keys;
  }
});
