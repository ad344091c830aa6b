import { SNSClient } from '@aws-sdk/client-sns';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import {
  openSns,
  type MessageAttributes,
  type Sns,
  type SubscriptionConfig,
} from '../../src/sns/sns';
import { freshStateDir } from '../support/state-dir';

export const START = Date.UTC(2025, 0, 15, 12);
export const REGION = 'eu-central-1';
export const ACCOUNT = '000000000000';
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`;
export const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:inbox`;
export const DEAD_LETTERS = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
export const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:alert`;
/** A caller that `authorize` lets do nothing. */
export const DENIED_KEY = 'DENIED';

/** What SNS has handed over to queues and functions, and what they answer to it. */
export interface Targets {
  sent: { arn: string; body: string; attributes?: MessageAttributes }[];
  invoked: { arn: string; payload: unknown }[];
  /** Thrown by whatever is sent to the ARN. */
  failures: Map<string, Error>;
}

export interface LocalSns {
  sns: Sns;
  client: SNSClient;
  clock: ManualClock;
  stateDir: string;
  endpoint: string;
  targets: Targets;
  told: Activity[];
  clientWithKey(accessKeyId: string): SNSClient;
  close(): Promise<void>;
}

export function emptyTargets(): Targets {
  return { sent: [], invoked: [], failures: new Map() };
}

/** What a queue answers that is not there. */
export function noSuchQueue(): AwsError {
  return new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
}

export function subscription(changed: Partial<SubscriptionConfig> = {}): SubscriptionConfig {
  return {
    arn: `${TOPIC}:declared`,
    topicArn: TOPIC,
    protocol: 'sqs',
    endpoint: QUEUE,
    rawMessageDelivery: false,
    filterPolicyScope: 'MessageAttributes',
    ...changed,
  };
}

export interface StartOptions {
  stateDir?: string;
  clock?: ManualClock;
  targets?: Targets;
  /** What a template declares of the topic `alerts`. */
  subscriptions?: SubscriptionConfig[];
  displayName?: string;
  /** Whether it delivers. */
  working?: boolean;
}

/** The local SNS behind HTTP, with a topic `alerts` and time held. */
export async function startSns(options: StartOptions = {}): Promise<LocalSns> {
  const { stateDir = freshStateDir(), targets = emptyTargets(), working = true } = options;
  const clock = options.clock ?? new ManualClock(START);
  const told: Activity[] = [];
  let endpoint = '';
  const context: AwsContext = {
    accountId: ACCOUNT,
    region: REGION,
    clock,
    stateDir,
    endpoint: () => endpoint,
    tell: (activity) => told.push(activity),
    authorize(accessKeyId, action, arn) {
      if (accessKeyId === DENIED_KEY) {
        throw new AwsError('AccessDenied', `not authorized: ${action} on ${arn}`, 403);
      }
    },
  };
  const failOn = (arn: string): void => {
    const failure = targets.failures.get(arn);
    if (failure) throw failure;
  };
  const sns = openSns(context, {
    sendToQueue(arn, body, attributes) {
      failOn(arn);
      targets.sent.push({ arn, body, ...(attributes && { attributes }) });
    },
    invokeAsync(arn, payload) {
      failOn(arn);
      targets.invoked.push({ arn, payload });
    },
  });
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => sns.handler,
    (error) => faults.push(error),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  sns.createTopic({ name: 'alerts', arn: TOPIC, displayName: options.displayName });
  for (const declared of options.subscriptions ?? []) sns.createSubscription(declared);
  if (working) sns.start();

  const clients: SNSClient[] = [];
  const clientWithKey = (accessKeyId: string): SNSClient => {
    const credentials = { accessKeyId, secretAccessKey: 'test' };
    const made = new SNSClient({ endpoint, region: REGION, credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  return {
    sns,
    client: clientWithKey('test'),
    clientWithKey,
    clock,
    stateDir,
    endpoint,
    targets,
    told,
    async close() {
      for (const client of clients) client.destroy();
      await sns.stop();
      await server.close();
      expect(faults).toEqual([]);
    },
  };
}
