import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import type { PublishEvent } from '../core/event';
import { aggregateOf } from './aggregate';
import type { AlarmConfig, AlarmState } from './alarm-config';
import { alarmOperations } from './alarm-operations';
import { openAlarms } from './alarms';
import { openDashboards } from './dashboards';
import { EmbeddedMetricError, embeddedMetrics } from './embedded-metrics';
import { cloudWatchHandler } from './handler';
import type { Measure, MetricDatum } from './metric-datum';
import { metricOperations } from './metric-operations';
import { MINUTE_MS, openMetricStore } from './metric-store';

export type { AlarmConfig, AlarmState } from './alarm-config';
export type { Measure, MetricDatum } from './metric-datum';

export interface CloudWatchConnections {
  publishEvent: PublishEvent;
  /** For alarm actions; durable on return. Throws AwsError where there is no such topic. */
  publishToTopic(arn: string, subject: string, message: string): void;
  /** Read at each whole minute of the clock: what AWS services measure by themselves. */
  gauges(): MetricDatum[];
}

export interface CloudWatch {
  handler: ServiceHandler;
  /**
   * Makes an alarm of a template, or takes over what changed in it; its state stays. Throws
   * InvalidParameterValueException for what CloudWatch refuses or the local one cannot do.
   */
  createAlarm(config: AlarmConfig): void;
  /** Makes a dashboard of a template. `body` is a JSON value. */
  createDashboard(name: string, body: unknown): void;
  measure: Measure;
  /**
   * Takes the metrics in Embedded Metric Format out of whole lines of a function's log; other text
   * is ignored, and a document that is wrong is told.
   */
  ingestLog(text: string): void;
  /** By name. `since` is in milliseconds since the epoch. */
  alarms(): (AlarmConfig & { state: AlarmState; since: number; reason: string })[];
  /** Tells what the last process had still to tell, and judges alarms at each whole minute. */
  start(): void;
  /** Judges no more. */
  stop(): void;
  /** What was measured is on disk when it returns. Nothing may be measured after it. */
  close(): void;
}

/** Of the clock's time. */
const WRITTEN_WITHIN_MS = 200;

/**
 * Opens CloudWatch over `<stateDir>/cloudwatch`: metrics in minutes, alarms on them, dashboards.
 * The state of an alarm survives a kill; of what was measured, a kill may lose the last second.
 */
export function openCloudWatch(
  context: AwsContext,
  connections: CloudWatchConnections,
): CloudWatch {
  const { clock, stateDir } = context;
  const store = openMetricStore(
    join(stateDir, 'cloudwatch', 'metrics.ndjson'),
    () => clock.now(),
    (error) => tellFault('metrics not written', error),
  );
  const alarms = openAlarms(context, connections, store);
  const dashboards = openDashboards(context);
  let cancelTick: (() => void) | undefined;
  let cancelFlush: (() => void) | undefined;

  function tellFault(what: string, error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.tell({ service: 'cloudwatch', what, subject: 'cloudwatch', detail, level: 'error' });
  }

  const measure: Measure = (datum) => {
    const aggregate = aggregateOf(datum);
    if (!aggregate) return;
    store.add(datum, datum.at ?? clock.now(), aggregate, datum.unit);
    cancelFlush ??= clock.schedule(flush, WRITTEN_WITHIN_MS);
  };

  /** Where the clock runs ahead of real time, the store's own moment would be minutes of it. */
  function flush(): void {
    cancelFlush = undefined;
    try {
      store.flush();
    } catch (error) {
      tellFault('metrics not written', error);
    }
  }

  function tickAfter(time: number): void {
    const due = (Math.floor(time / MINUTE_MS) + 1) * MINUTE_MS;
    cancelTick = clock.schedule(() => {
      // A timer may be a trace early, and late by minutes.
      const now = Math.max(due, clock.now());
      tickAfter(now);
      tick(now);
    }, due - clock.now());
  }

  function tick(now: number): void {
    // Of the minute that has just passed, so that an alarm sees at once what there is now.
    const at = Math.floor(now / MINUTE_MS) * MINUTE_MS - 1;
    try {
      for (const datum of connections.gauges()) measure({ ...datum, at: datum.at ?? at });
    } catch (error) {
      tellFault('gauges not read', error);
    }
    alarms.evaluate(now);
  }

  function ingestLine(line: string): void {
    try {
      // A function's clock is this one, but for what has passed since it wrote the line.
      for (const datum of embeddedMetrics(line)) measure({ ...datum, at: clock.now() });
    } catch (error) {
      if (!(error instanceof EmbeddedMetricError)) throw error;
      context.tell({
        service: 'cloudwatch',
        what: 'embedded metrics refused',
        subject: 'log',
        detail: error.message,
        level: 'warn',
      });
    }
  }

  return {
    handler: cloudWatchHandler(context, {
      ...metricOperations(store, clock),
      ...alarmOperations(context, alarms),
      ...dashboards.operations,
    }),
    createAlarm: (config) => alarms.declare(config),
    createDashboard: (name, body) => dashboards.declare(name, body),
    measure,
    ingestLog(text) {
      if (text.includes('"_aws"')) text.split('\n').forEach(ingestLine);
    },
    alarms: () =>
      alarms.all().map(({ config, state: { value, at, reason } }) => ({
        ...config,
        state: value,
        since: at,
        reason,
      })),
    start() {
      alarms.start();
      tickAfter(clock.now());
    },
    stop: () => cancelTick?.(),
    close() {
      cancelFlush?.();
      store.close();
    },
  };
}
