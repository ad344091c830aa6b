import { rmSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Logger } from '@aws-lambda-powertools/logger';
import { route } from '@saleslake/local/src/composition/route';
import type { AwsContext } from '@saleslake/local/src/core/aws-context';
import { ManualClock } from '@saleslake/local/src/core/clock';
import { serveAws } from '@saleslake/local/src/core/http-server';
import { openDynamoDb } from '@saleslake/local/src/dynamodb/dynamodb';
import { openS3 } from '@saleslake/local/src/s3/s3';
import { openSns } from '@saleslake/local/src/sns/sns';
import { openSqs } from '@saleslake/local/src/sqs/sqs';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import type { Violation } from '@saleslake/shared/contract/validate-row';
import { formatManifest, manifestKey } from '@saleslake/shared/lake/manifest';
import { formatQuarantineRecord, quarantineKey } from '@saleslake/shared/lake/quarantine';
import { sourceId, sourceUri } from '@saleslake/shared/lake/source-id';
import type { AlarmMetric } from '../src/alarm';
import { createAlerting } from '../src/alerting';
import { decodeEvent } from '../src/event';

export const START = Date.parse('2026-03-01T18:00:00Z');
export const STAGE = 'dev';
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const RAW = `saleslake-${STAGE}-raw-${ACCOUNT}`;
export const CURATED = `saleslake-${STAGE}-curated-${ACCOUNT}`;
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:saleslake-${STAGE}-alerts`;
export const TABLE = `saleslake-${STAGE}-incidents`;
const arnOf = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** A message as a subscriber of the topic gets it. */
export interface Sent {
  subject: string;
  body: string;
  attributes: Record<string, string>;
}

/** An alarm that a test has change its state. */
export interface TestAlarm {
  name: string;
  description: string;
  metric: AlarmMetric;
}

export const sqsMetric = (queue: string): AlarmMetric => ({
  namespace: 'AWS/SQS',
  name: 'ApproximateNumberOfMessagesVisible',
  dimensions: { QueueName: queue },
  periodSeconds: 60,
});
export const ownMetric = (
  name: string,
  dimensions: Record<string, string>,
  periodSeconds = 300,
): AlarmMetric => ({ namespace: `saleslake/${STAGE}`, name, dimensions, periodSeconds });

/** The event of an alarm that changes its state, as CloudWatch sends it. */
export function stateChange(
  { name, description, metric }: TestAlarm,
  state: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA',
  at: number,
  value = state === 'ALARM' ? 1 : 0,
  threshold = 0,
): Record<string, unknown> {
  const timestamp = new Date(at).toISOString().replace('Z', '+0000');
  const was = state === 'ALARM' ? 'was' : 'was not';
  return {
    version: '0',
    id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: ACCOUNT,
    time: `${new Date(at).toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: [arnOf('cloudwatch', `alarm:${name}`)],
    detail: {
      alarmName: name,
      configuration: {
        description,
        metrics: [
          {
            id: '30b6c6b2-a864-43a2-4877-c09a1afc3b87',
            metricStat: {
              metric: {
                dimensions: metric.dimensions,
                name: metric.name,
                namespace: metric.namespace,
              },
              period: metric.periodSeconds,
              stat: 'Maximum',
            },
            returnData: true,
          },
        ],
      },
      previousState: { reason: 'Before', timestamp, value: state === 'ALARM' ? 'OK' : 'ALARM' },
      state: {
        reason: `Threshold Crossed: 1 datapoint [${value.toFixed(1)}] ${was} greater than the threshold (${threshold.toFixed(1)}).`,
        reasonData: JSON.stringify({
          version: '1.0',
          queryDate: timestamp,
          period: metric.periodSeconds,
          recentDatapoints: [value],
          threshold,
        }),
        timestamp,
        value: state,
      },
    },
  };
}

export const TICK = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: ACCOUNT,
  time: '2026-03-01T18:15:00Z',
  region: REGION,
  resources: [],
  detail: {},
};

/** S3, SQS, SNS and DynamoDB of their own on one port, with time held, and alerting over them. */
export async function startLocalAlerting() {
  const stateDir = freshStateDir();
  const clock = new ManualClock(START);
  let endpoint = '';
  const sent: Sent[] = [];
  const faults: unknown[] = [];
  const context: AwsContext = {
    accountId: ACCOUNT,
    region: REGION,
    clock,
    stateDir,
    endpoint: () => endpoint,
    tell: () => undefined,
    authorize: () => undefined,
  };
  const s3 = openS3(context, () => undefined);
  const sqs = openSqs(context);
  const dynamoDb = await openDynamoDb(context);
  const sns = openSns(context, {
    sendToQueue(_arn, body) {
      const { Subject, Message, MessageAttributes } = JSON.parse(body) as {
        Subject: string;
        Message: string;
        MessageAttributes: Record<string, { Value: string }>;
      };
      const attributes = Object.entries(MessageAttributes).map(([name, { Value }]) => [
        name,
        Value,
      ]);
      sent.push({
        subject: Subject,
        body: Message,
        attributes: Object.fromEntries(attributes) as Record<string, string>,
      });
    },
    invokeAsync: () => undefined,
  });
  for (const name of [RAW, CURATED]) s3.createBucket({ name, eventBridge: false });
  sns.createTopic({ name: `saleslake-${STAGE}-alerts`, arn: TOPIC });
  sns.createSubscription({
    arn: `${TOPIC}:inbox`,
    topicArn: TOPIC,
    protocol: 'sqs',
    endpoint: arnOf('sqs', 'inbox'),
    rawMessageDelivery: false,
    filterPolicyScope: 'MessageAttributes',
  });
  await dynamoDb.createTable({
    name: TABLE,
    arn: arnOf('dynamodb', `table/${TABLE}`),
    definition: {
      AttributeDefinitions: [{ AttributeName: 'alarm', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'alarm', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
  });
  sns.start();
  const services = {
    s3: s3.handler,
    sqs: sqs.handler,
    sns: sns.handler,
    dynamodb: dynamoDb.handler,
  };
  const unknown = () => Promise.reject(new Error('Nothing of the local AWS itself is asked for.'));
  const server = await serveAws(
    0,
    (request) => route(request, unknown, services),
    (error) => faults.push(error),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const config = { endpoint, region: REGION, credentials, maxAttempts: 1 };
  const clients = {
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sqs: new SQSClient(config),
    sns: new SNSClient(config),
    dynamoDb: new DynamoDBClient(config),
  };
  const options = {
    clients,
    stage: STAGE,
    curatedBucket: CURATED,
    incidentsTable: TABLE,
    topicArn: TOPIC,
    repeatMinutes: 60,
    logger: new Logger({ serviceName: 'alerting', logLevel: 'SILENT' }),
    now: () => clock.now(),
    wait: (milliseconds: number) => {
      clock.advance(milliseconds);
      return new Promise<void>((resolve) => setImmediate(resolve));
    },
  };
  const alert = createAlerting(options);

  return {
    endpoint,
    clock,
    clients,
    options,
    sent,
    /** What was sent since this was last asked. */
    newlySent: () => sent.splice(0),
    alert: (event: unknown) => alert(decodeEvent(event)),

    /** Has an alarm change its state now, and alerting hear of it. */
    change(alarm: TestAlarm, state: 'ALARM' | 'OK', value?: number, threshold?: number) {
      return alert(decodeEvent(stateChange(alarm, state, clock.now(), value, threshold)));
    },

    createQueue(name: string): void {
      sqs.createQueue({
        name,
        arn: arnOf('sqs', name),
        visibilityTimeoutSeconds: 30,
        delaySeconds: 0,
        messageRetentionSeconds: 1_209_600,
        receiveWaitTimeSeconds: 0,
      });
    },
    send: (queue: string, body: unknown) => sqs.send(arnOf('sqs', queue), JSON.stringify(body)),
    depth: (queue: string) => sqs.queues().find(({ name }) => name === queue),

    async put(Key: string, Body: string): Promise<void> {
      await clients.s3.send(new PutObjectCommand({ Bucket: CURATED, Key, Body }));
    },

    /** Puts records of a raw object into quarantine, as the transformer does. */
    async quarantine(
      table: string,
      key: string,
      records: {
        line: number | null;
        violations: Violation[];
        record: string | null;
        why?: string;
      }[],
    ): Promise<void> {
      const source = { bucket: RAW, key };
      const version = { etag: 'e', size: 10, sequencer: '0A' };
      const file = quarantineKey({ table, date: '2026-03-01', sourceId: sourceId(source) });
      const lines = records.map(({ line, violations, record, why }) =>
        formatQuarantineRecord({
          source: sourceUri(source),
          ...version,
          line,
          reasons: why ?? violations.map(({ value }) => `line ${line}: got ${value}`).join('; '),
          violations,
          record,
        }),
      );
      await this.put(file, lines.join(''));
      const quarantined = records.length;
      const manifest = formatManifest({
        source,
        ...version,
        table,
        contractVersion: 1,
        state: 'complete',
        rows: { in: quarantined + 7, good: 7, quarantined, duplicates: 0 },
        whole: records[0]?.line === null,
        reasons: [],
        outputs: [{ key: file, rows: quarantined }],
      });
      await this.put(manifestKey(table, source), manifest);
    },

    async close(): Promise<void> {
      for (const client of Object.values(clients)) client.destroy();
      await sns.stop();
      await server.close();
      await dynamoDb.close();
      rmSync(stateDir, { recursive: true, force: true });
      if (faults.length > 0) throw new AggregateError(faults, 'The local AWS had faults.');
    },
  };
}

export type LocalAlerting = Awaited<ReturnType<typeof startLocalAlerting>>;
