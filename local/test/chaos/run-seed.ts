import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../src/local-names';
import { compareOrders } from '../../src/query/compare-orders';
import { localTarget } from '../../src/query/query-target';
import { readMailbox } from '../../src/sns/mailbox';
import { localStage } from '../../src/stage';
import type { DealtFault } from '../../src/faults/faults';
import { startChaosAws } from './chaos-aws';
import { compareAlarms, readAlarms } from './compare-alarms';
import { compareLake } from './compare-lake';
import { compareMails } from './compare-mails';
import { compareOrdersHistory } from './compare-orders-history';
import { endWell } from './end-well';
import { faultMix } from './fault-mix';
import { invokeBySchedule, invokeLater } from './invoke';
import { readObserved } from './observed';
import { seeded } from './random';
import type { Setup } from './set-up';
import { workload, type ObjectVersion, type Step } from './workload';

export interface Outcome {
  /** What is not as it should be, in words; empty where all is exact. */
  differences: string[];
  faults: number;
  restarts: number;
  /** Good rows put by the workload's last versions. */
  rows: number;
  mails: number;
  /** What is kept of a run that failed, or was to be kept. */
  folder: string | undefined;
}

/** When every run begins; milliseconds since the epoch. */
const STARTS_AT = Date.parse('2026-03-02T06:00:00Z');

/**
 * Puts a random workload through the project's local AWS under random faults, ends these, does what
 * people then do, and compares lake, queues and mails with what they should hold.
 */
export async function runSeed(seed: number, setup: Setup, keep = false): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), `saleslake-chaos-${seed}-`));
  const plan = faultMix(seed);
  const aws = startChaosAws({ ...setup, folder, startAt: STARTS_AT, plan });
  let differences: string[] = [];
  let rows = 0;
  let mails = 0;
  try {
    const versions: ObjectVersion[] = [];
    for (const step of workload(seed)) {
      const now = await aws.wait(step.after);
      await aws.surely((endpoint) => take(step, endpoint, now));
      if (step.kind === 'put') versions.push(step.version);
    }
    const ending = await endWell(aws, seeded(seed, 'ending').next() < 0.5);
    differences = ending.differences;
    const latest = new Map(versions.map((version) => [version.key, version]));
    rows = [...latest.values()].reduce((sum, version) => sum + version.rows.length, 0);
    const state = join(folder, 'state');
    differences.push(...(await compareLake(state, latest)));
    const faults = readFaults(folder);
    differences.push(
      ...(await aws.surely(async (endpoint) => {
        const alarms = await readAlarms(endpoint);
        const sent = readMailbox(state);
        mails = sent.length;
        return [
          ...(await nonEmptyQueues(endpoint)),
          ...(await differentOrders(endpoint)),
          ...(await compareOrdersHistory(endpoint)),
          ...compareAlarms(alarms, {
            observed: readObserved(folder),
            faults,
            quarantined: {
              last: [...latest.values()].some(({ rejections }) => rejections.length > 0),
              any: versions.some(({ rejections }) => rejections.length > 0),
            },
            reconciled: ending.reconciled,
            failedRecords: await hasFailedRecords(endpoint),
          }),
          ...compareMails(alarms, sent, faults),
        ];
      })),
    );
  } catch (error) {
    differences.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await aws.close();
  }
  const failed = differences.length > 0;
  const result = { differences, faults: readFaults(folder).length, restarts: aws.restarts() };
  if (!failed && !keep) rmSync(folder, { recursive: true });
  return { ...result, rows, mails, folder: failed || keep ? folder : undefined };
}

async function take(step: Step, endpoint: string, now: number): Promise<void> {
  switch (step.kind) {
    case 'put': {
      const { key: Key, body: Body } = step.version;
      const { s3, raw } = localStage(endpoint);
      await s3.send(new PutObjectCommand({ Bucket: raw, Key, Body }));
      return;
    }
    case 'orders':
      return invokeLater(endpoint, 'saleslake-orders-local-change', step.event);
    case 'backfill':
      return invokeLater(endpoint, 'saleslake-generator-local-generate', step.event);
    case 'reconcile':
      return invokeBySchedule(endpoint, 'reconciler', 'reconcile', now);
    case 'look':
      return invokeBySchedule(endpoint, 'alerting', 'alert', now);
  }
}

function readFaults(folder: string): DealtFault[] {
  const file = 'faults.ndjson';
  const state = join(folder, 'state');
  if (!readdirSync(state).includes(file)) return [];
  const lines = readFileSync(join(state, file), 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as DealtFault);
}

async function hasFailedRecords(endpoint: string): Promise<boolean> {
  const { s3, curated } = localStage(endpoint);
  const { KeyCount = 0 } = await s3.send(
    new ListObjectsV2Command({ Bucket: curated, Prefix: 'firehose-errors' }),
  );
  return KeyCount > 0;
}

async function nonEmptyQueues(endpoint: string): Promise<string[]> {
  const sqs = new SQSClient(clientConfig(endpoint));
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const held = await Promise.all(
    QueueUrls.map(async (QueueUrl) => {
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
