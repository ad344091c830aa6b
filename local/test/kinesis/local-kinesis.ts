import { KinesisClient } from '@aws-sdk/client-kinesis';
import type { AwsContext } from '../../src/core/aws-context';
import type { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openKinesis, type Kinesis, type KinesisStreamConfig } from '../../src/kinesis/kinesis';
import { ACCOUNT, localContext } from '../sqs/local-sqs';
import { freshStateDir } from '../support/state-dir';

export interface LocalKinesis {
  kinesis: Kinesis;
  client: KinesisClient;
  clock: ManualClock;
  context: AwsContext;
  clientWithKey(accessKeyId: string): KinesisClient;
  close(): Promise<void>;
}

export function streamArn(name: string): string {
  return `arn:aws:kinesis:eu-central-1:${ACCOUNT}:stream/${name}`;
}

export function streamConfig(
  name: string,
  changed: Partial<KinesisStreamConfig> = {},
): KinesisStreamConfig {
  return {
    name,
    arn: streamArn(name),
    shardCount: 1,
    onDemand: false,
    retentionHours: 24,
    ...changed,
  };
}

export function kinesisClient(port: number, accessKeyId: string): KinesisClient {
  return new KinesisClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** The local Kinesis behind HTTP, over `stateDir`, with time held. */
export async function startKinesis(
  stateDir = freshStateDir(),
  clock?: ManualClock,
): Promise<LocalKinesis> {
  const local = localContext(stateDir, clock);
  const kinesis = openKinesis(local.context);
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => kinesis.handler,
    (error) => faults.push(error),
  );
  const clients: KinesisClient[] = [];
  const clientWithKey = (accessKeyId: string): KinesisClient => {
    const made = kinesisClient(server.port, accessKeyId);
    clients.push(made);
    return made;
  };
  return {
    ...local,
    kinesis,
    client: clientWithKey('test'),
    clientWithKey,
    async close() {
      for (const client of clients) client.destroy();
      await server.close();
      kinesis.close();
      expect(faults).toEqual([]);
    },
  };
}
