import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { invoke, s3ClientOf } from '../../src/cli/local-connection';
import { bucketNames, clientConfig } from '../../src/local-names';
import { compareOrders } from '../../src/query/compare-orders';
import { localTarget } from '../../src/query/query-target';
import { packagedServices } from '../support/packaged-services';
import { compareLake } from './compare-lake';
import { faultMix } from './fault-mix';
import { seeded } from './random';
import { workload, type ObjectVersion, type Step } from './workload';

/** How many times as fast as the wall clock retries and visibility timeouts run. */
const SPEED = 60;
/** For one call of a person's, over restarts. */
const PATIENCE_MS = 60_000;
const SETTLE_MS = 120_000;

export interface Outcome {
  /** What is not as it should be, in words; empty where the lake is exact. */
  differences: string[];
  faults: number;
  restarts: number;
  /** Where the log of the faults is kept; undefined where all is well. */
  log?: string;
}

/**
 * Puts a random workload through the project's local AWS under random faults, ends these, drives
 * again what was given up, and compares the lake with what it should hold.
 */
export async function runSeed(seed: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), `saleslake-chaos-${seed}-`));
  const stateDir = join(folder, 'state');
  // Once: what people change meanwhile is none of this run's business.
  const services = join(folder, 'services.json');
  writeFileSync(services, JSON.stringify(await packagedServices()));
  let plan = JSON.stringify(faultMix(seed));
  const random = seeded(seed, 'pauses');
  const begun = Date.now();
  let child: ChildProcess | undefined;
  let endpoint = '';
  let restarts = -1;
  let ended = false;
  let broken: Error | undefined;

  async function start(): Promise<void> {
    restarts += 1;
    const script = join(__dirname, 'chaos-process.ts');
    child = fork(script, [stateDir, services, String(begun), String(SPEED), plan], {
      execArgv: ['--require', 'tsx/cjs'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const exited = once(child, 'exit').then(([, signal]) => {
      if (signal === 'SIGKILL' || ended) return undefined;
      throw new Error(`Seed ${seed}: the local AWS ended by itself.`);
    });
    const [message] = ((await Promise.race([once(child, 'message'), exited])) ?? []) as string[];
    // A fault may strike while it begins with what the last process left.
    if (message === undefined) return ended ? undefined : start();
    endpoint = message;
    void exited.then(
      () => {
        if (!ended) starting = start();
      },
      (error: Error) => {
        broken = error;
      },
    );
  }
  let starting = start();

  /** What people do when there is no answer: the same again. */
  async function surely<T>(call: () => Promise<T>): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      await starting;
      try {
        return await call();
      } catch (error) {
        if (broken) throw broken;
        if (Date.now() > deadline) throw error;
        await delay(100);
      }
    }
  }

  async function take(step: Step): Promise<void> {
    if (step.kind === 'put') {
      const { key: Key, body: Body } = step;
      const Bucket = bucketNames().raw;
      await surely(() => s3ClientOf(endpoint).send(new PutObjectCommand({ Bucket, Key, Body })));
    } else if (step.kind === 'orders') {
      await surely(() => invoke(endpoint, 'saleslake-orders-local-change', step.event));
    } else {
      const command = new InvokeCommand({
        FunctionName: 'saleslake-generator-local-generate',
        InvocationType: 'Event',
        Payload: JSON.stringify(step.event),
      });
      await surely(() => new LambdaClient(clientConfig(endpoint)).send(command));
    }
  }

  async function settle(): Promise<void> {
    const late = delay(SETTLE_MS, undefined, { ref: false }).then(() => {
      throw new Error(`Seed ${seed} did not settle in ${SETTLE_MS / 1000} s.`);
    });
    for (;;) {
      await starting;
      const asked = child!;
      const answered = once(asked, 'message').then(() => true);
      // A fault may have been on its way when faults were ended.
      const died = once(asked, 'exit').then(() => false);
      asked.send('settle');
      if (await Promise.race([answered, died, late])) return;
      if (broken) throw broken;
    }
  }

  try {
    const latest = new Map<string, ObjectVersion>();
    for (const step of workload(seed)) {
      await take(step);
      if (step.kind === 'put') latest.set(step.key, step);
      await delay(random.integer(0, 200));
    }
    plan = JSON.stringify({ rules: [] });
    await surely(() => fetch(`${endpoint}/_saleslake/faults`, { method: 'DELETE' }));
    await settle();
    await redrive(endpoint);
    await settle();
    const differences = await compareLake(stateDir, latest);
    differences.push(...(await nonEmptyQueues(endpoint)), ...(await differentOrders(endpoint)));
    const path = join(stateDir, 'faults.ndjson');
    const faults = existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
    if (differences.length === 0) return { differences, faults, restarts };
    const log = join(tmpdir(), `saleslake-chaos-${seed}.ndjson`);
    if (faults > 0) copyFileSync(path, log);
    return { differences, faults, restarts, log };
  } finally {
    ended = true;
    await starting.catch(() => undefined);
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  }
}

async function queueUrls(sqs: SQSClient): Promise<string[]> {
  return (await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? [];
}

/** Events go back into their queue, invocations that failed are invoked again. */
async function redrive(endpoint: string): Promise<void> {
  const sqs = new SQSClient(clientConfig(endpoint));
  const lambda = new LambdaClient(clientConfig(endpoint));
  for (const QueueUrl of await queueUrls(sqs)) {
    if (QueueUrl.endsWith('-transformer-objects-dlq')) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      );
      await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes!['QueueArn'] }));
    } else if (QueueUrl.endsWith('-failures')) {
      for (;;) {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        const [message] = Messages;
        if (!message) break;
        const record = JSON.parse(message.Body!) as {
          requestContext: { functionArn: string };
          requestPayload: unknown;
        };
        await lambda.send(
          new InvokeCommand({
            FunctionName: record.requestContext.functionArn,
            InvocationType: 'Event',
            Payload: JSON.stringify(record.requestPayload),
          }),
        );
        const { ReceiptHandle } = message;
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }
}

async function nonEmptyQueues(endpoint: string): Promise<string[]> {
  const sqs = new SQSClient(clientConfig(endpoint));
  const held = await Promise.all(
    (await queueUrls(sqs)).map(async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: [
            'ApproximateNumberOfMessages',
            'ApproximateNumberOfMessagesNotVisible',
            'ApproximateNumberOfMessagesDelayed',
          ],
        }),
      );
      const messages = Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
      return messages === 0 ? [] : [`${QueueUrl} holds ${messages} messages`];
    }),
  );
  return held.flat();
}

async function differentOrders(endpoint: string): Promise<string[]> {
  const client = new DynamoDBClient(clientConfig(endpoint));
  const compared = await compareOrders(localTarget(endpoint), client, 'saleslake-local-orders');
  return compared.different.map((id) => `order ${id} differs from DynamoDB's`);
}
