import { CloudWatchClient, type CloudWatchClientConfig } from '@aws-sdk/client-cloudwatch';
import {
  openCloudWatch,
  type AlarmConfig,
  type CloudWatch,
  type MetricDatum,
} from '../../src/cloudwatch/cloudwatch';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { ManualClock } from '../../src/core/clock';
import type { AwsEvent } from '../../src/core/event';
import { serveAws } from '../../src/core/http-server';
import { freshStateDir } from '../support/state-dir';

export const START = Date.UTC(2025, 0, 15, 12);
export const MINUTE = 60_000;
/** A caller that `authorize` lets do nothing. */
export const DENIED_KEY = 'DENIED';
export const TOPIC = 'arn:aws:sns:us-east-1:000000000000:alerts';

export interface Published {
  arn: string;
  subject: string;
  message: string;
}

export interface LocalCloudWatch {
  cloudWatch: CloudWatch;
  client: CloudWatchClient;
  endpoint: string;
  clock: ManualClock;
  stateDir: string;
  told: Activity[];
  events: AwsEvent[];
  published: Published[];
  /** What is read at the next whole minute. */
  gauges: MetricDatum[];
  clientWith: (config: Partial<CloudWatchClientConfig>) => CloudWatchClient;
  /** The state of an alarm. */
  stateOf: (name: string) => string;
  /** Lets so many minutes pass. */
  pass: (minutes: number) => void;
  /** Leaves everything as it is on disk. */
  kill: () => Promise<void>;
  close: () => Promise<void>;
}

export interface Options {
  stateDir?: string;
  clock?: ManualClock;
  /** Of the template, at each start. */
  alarms?: AlarmConfig[];
  publishEvent?: (event: AwsEvent) => void;
  publishToTopic?: (arn: string) => void;
}

/** An alarm when more than 5 failed in a minute. */
export function alarmConfig(changed: Partial<AlarmConfig> = {}): AlarmConfig {
  const { name = 'failures' } = changed;
  return {
    name,
    arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`,
    namespace: 'test',
    metricName: 'Failed',
    dimensions: { service: 'x' },
    statistic: 'Sum',
    periodSeconds: 60,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 5,
    comparisonOperator: 'GreaterThanThreshold',
    treatMissingData: 'missing',
    actionsEnabled: true,
    actions: { OK: [], ALARM: [], INSUFFICIENT_DATA: [] },
    ...changed,
  };
}

/** So many failed, now or at a time. */
export function failed(value: number, at?: number): MetricDatum {
  return { namespace: 'test', name: 'Failed', dimensions: { service: 'x' }, values: [value], at };
}

const opened: LocalCloudWatch[] = [];

/** The local CloudWatch behind HTTP, with time held; `closeAll` ends it. */
export async function startCloudWatch(options: Options = {}): Promise<LocalCloudWatch> {
  const { stateDir = freshStateDir(), clock = new ManualClock(START) } = options;
  const told: Activity[] = [];
  const events: AwsEvent[] = [];
  const published: Published[] = [];
  const gauges: MetricDatum[] = [];
  const faults: unknown[] = [];
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'us-east-1',
    clock,
    stateDir,
    endpoint: () => '',
    tell: (activity) => told.push(activity),
    authorize(accessKeyId, action, arn) {
      if (accessKeyId === DENIED_KEY)
        throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
    },
  };
  const cloudWatch = openCloudWatch(context, {
    publishEvent(event) {
      options.publishEvent?.(event);
      events.push(event);
    },
    publishToTopic(arn, subject, message) {
      options.publishToTopic?.(arn);
      published.push({ arn, subject, message });
    },
    gauges: () => gauges,
  });
  for (const alarm of options.alarms ?? []) cloudWatch.createAlarm(alarm);
  cloudWatch.start();
  const server = await serveAws(
    0,
    () => cloudWatch.handler,
    (error) => faults.push(error),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const clients: CloudWatchClient[] = [];
  const clientWith = (config: Partial<CloudWatchClientConfig>): CloudWatchClient => {
    const client = new CloudWatchClient({
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
      ...config,
    });
    clients.push(client);
    return client;
  };
  let closed: Promise<void> | undefined;
  const closeServer = async (): Promise<void> => {
    for (const client of clients) client.destroy();
    await server.close();
    expect(faults).toEqual([]);
  };
  const local: LocalCloudWatch = {
    cloudWatch,
    client: clientWith({}),
    endpoint,
    clock,
    stateDir,
    told,
    events,
    published,
    gauges,
    clientWith,
    stateOf: (name) => cloudWatch.alarms().find((alarm) => alarm.name === name)?.state ?? 'none',
    pass: (minutes) => clock.advance(minutes * MINUTE),
    kill: () => (closed ??= closeServer()),
    close() {
      closed ??= (async () => {
        cloudWatch.stop();
        await closeServer();
        cloudWatch.close();
      })();
      return closed;
    },
  };
  opened.push(local);
  return local;
}

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((local) => local.close()));
}
