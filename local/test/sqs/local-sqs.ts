import { SQSClient } from '@aws-sdk/client-sqs';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openSqs, type QueueConfig, type Sqs } from '../../src/sqs/sqs';
import { freshStateDir } from '../support/state-dir';

export const START = Date.UTC(2025, 0, 15, 12);
export const ACCOUNT = '000000000000';
/** A caller that `authorize` lets do nothing. */
export const DENIED_KEY = 'DENIED';

export interface LocalSqs {
  sqs: Sqs;
  client: SQSClient;
  clock: ManualClock;
  context: AwsContext;
  told: Activity[];
  clientWithKey(accessKeyId: string): SQSClient;
  close(): Promise<void>;
}

export function arnOf(name: string): string {
  return `arn:aws:sqs:eu-central-1:${ACCOUNT}:${name}`;
}

export function queueConfig(name: string, changed: Partial<QueueConfig> = {}): QueueConfig {
  return {
    name,
    arn: arnOf(name),
    visibilityTimeoutSeconds: 30,
    delaySeconds: 0,
    messageRetentionSeconds: 345_600,
    receiveWaitTimeSeconds: 0,
    ...changed,
  };
}

export function localContext(stateDir = freshStateDir(), clock = new ManualClock(START)) {
  const told: Activity[] = [];
  const context: AwsContext = {
    accountId: ACCOUNT,
    region: 'eu-central-1',
    clock,
    stateDir,
    endpoint: () => 'http://127.0.0.1:4566',
    tell: (activity) => told.push(activity),
    authorize(accessKeyId, action, arn) {
      if (accessKeyId === DENIED_KEY)
        throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
    },
  };
  return { context, clock, told };
}

/** The local SQS behind HTTP, over `stateDir`, with time held. */
export async function startSqs(stateDir = freshStateDir(), clock?: ManualClock): Promise<LocalSqs> {
  const local = localContext(stateDir, clock);
  const sqs = openSqs(local.context);
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => sqs.handler,
    (error) => faults.push(error),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  local.context.endpoint = () => endpoint;
  const clients: SQSClient[] = [];
  const clientWithKey = (accessKeyId: string): SQSClient => {
    const credentials = { accessKeyId, secretAccessKey: 'test' };
    const made = new SQSClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
    clients.push(made);
    return made;
  };
  return {
    ...local,
    sqs,
    client: clientWithKey('test'),
    clientWithKey,
    async close() {
      for (const client of clients) client.destroy();
      await server.close();
      expect(faults).toEqual([]);
    },
  };
}
