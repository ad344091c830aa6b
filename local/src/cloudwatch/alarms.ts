import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { DurableMap } from '../core/durable-map';
import type { PublishEvent } from '../core/event';
import { fileKey } from '../eventbridge/file-key';
import { statisticOf } from './aggregate';
import { announceChange, type Announcement, type StateRecord } from './alarm-announcement';
import type { AlarmConfig, AlarmState } from './alarm-config';
import { checkAlarm } from './check-alarm';
import { notFound } from './cloudwatch-error';
import { evaluateAlarm, evaluationRange } from './evaluate-alarm';
import type { MetricStore } from './metric-store';
import { stateReason, stateReasonData, stateTime, type EvaluatedPeriod } from './state-reason';

export interface HistoryItem {
  at: number;
  type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  summary: string;
  /** JSON. */
  data: string;
}

/** An alarm with all that is kept of it. */
export interface AlarmRecord {
  config: AlarmConfig;
  /** As its template has it: what people change holds until that changes. */
  declared?: AlarmConfig;
  configuredAt: number;
  state: StateRecord;
  /** A change of state that is still to be told. */
  pending?: Announcement;
  /** The newest first. */
  history: HistoryItem[];
}

export interface AlarmConnections {
  publishEvent: PublishEvent;
  /** Durable on return. Throws AwsError where there is no such topic. */
  publishToTopic(arn: string, subject: string, message: string): void;
}

export interface Alarms {
  /** Makes an alarm of a template, or takes over what changed in it; its state stays. */
  declare(config: AlarmConfig): void;
  /** Makes or changes an alarm; its state stays. Throws InvalidParameterValueException. */
  put(config: AlarmConfig): void;
  remove(name: string): void;
  /** Throws ResourceNotFound. */
  get(name: string): AlarmRecord;
  has(name: string): boolean;
  /** By name. */
  all(): AlarmRecord[];
  /** Puts an alarm into a state, where it stays until an evaluation finds another. */
  setState(name: string, state: AlarmState, reason: string, reasonData?: string): void;
  /** Tells what the last process had still to tell, and forgets alarms that no template has. */
  start(): void;
  /** Judges, at `now`, every alarm of which a period has passed since it was last judged. */
  evaluate(now: number): void;
}

const MOST_HISTORY = 100;

/**
 * Opens the alarms kept in `<stateDir>/cloudwatch/alarms`. A change of state is on disk together
 * with what is to be told of it before it is told, so a kill may have it told twice but not lost.
 */
export function openAlarms(
  context: AwsContext,
  connections: AlarmConnections,
  store: MetricStore,
): Alarms {
  const { clock } = context;
  const records = new DurableMap<AlarmRecord>(join(context.stateDir, 'cloudwatch', 'alarms'));
  /** By alarm, the end of the newest period that it was judged by. */
  const judgedUntil = new Map<string, number>();
  const declaredNow = new Set<string>();

  const find = (name: string): AlarmRecord | undefined => records.get(fileKey(name));
  const save = (record: AlarmRecord): AlarmRecord => {
    records.set(fileKey(record.config.name), record);
    return record;
  };

  function get(name: string): AlarmRecord {
    const found = find(name);
    if (found) return found;
    throw notFound(`There is no alarm ${name}.`);
  }

  function configure(config: AlarmConfig, declared: AlarmConfig | undefined): void {
    checkAlarm(config);
    const now = clock.now();
    const known = find(config.name);
    const item: HistoryItem = {
      at: now,
      type: 'ConfigurationUpdate',
      summary: `Alarm "${config.name}" ${known ? 'updated' : 'created'}`,
      data: JSON.stringify({ version: '1.0', type: known ? 'Update' : 'Create' }),
    };
    save({
      state: {
        value: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        at: now,
      },
      ...known,
      config,
      declared,
      configuredAt: now,
      history: withItem(known?.history ?? [], item),
    });
    judgedUntil.delete(config.name);
  }

  function changeState(record: AlarmRecord, to: StateRecord): void {
    const { config, configuredAt, state: from } = record;
    const change = {
      version: '1.0',
      oldState: historyState(from),
      newState: historyState(to),
    };
    const item: HistoryItem = {
      at: to.at,
      type: 'StateUpdate',
      summary: `Alarm updated from ${from.value} to ${to.value}`,
      data: JSON.stringify(change),
    };
    const changed = save({
      ...record,
      state: to,
      pending: announceChange(context, config, configuredAt, from, to),
      history: withItem(record.history, item),
    });
    context.tell({
      service: 'cloudwatch',
      what: `alarm ${to.value === 'INSUFFICIENT_DATA' ? 'without data' : to.value}`,
      subject: config.name,
      detail: to.reason,
      level: to.value === 'ALARM' ? 'warn' : 'info',
    });
    announce(changed);
  }

  function announce(record: AlarmRecord): void {
    const { pending, config } = record;
    if (!pending) return;
    connections.publishEvent(pending.event);
    const items = pending.topicArns.map((arn): HistoryItem => {
      const failure = publish(pending, arn);
      if (failure) {
        const detail = `${arn}: ${failure.message}`;
        const subject = config.name;
        context.tell({
          service: 'cloudwatch',
          what: 'action failed',
          subject,
          detail,
          level: 'error',
        });
      }
      return {
        at: clock.now(),
        type: 'Action',
        summary: `${failure ? 'Failed to execute' : 'Successfully executed'} action ${arn}`,
        data: JSON.stringify({ actionState: failure ? 'Failed' : 'Succeeded', resource: arn }),
      };
    });
    save({ ...record, pending: undefined, history: items.reduce(withItem, record.history) });
  }

  function publish({ subject, message }: Announcement, arn: string): AwsError | undefined {
    try {
      connections.publishToTopic(arn, subject, message);
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return error;
      throw error;
    }
  }

  function evaluate(record: AlarmRecord, now: number): void {
    const { config, state } = record;
    const { namespace, metricName: name, dimensions, statistic } = config;
    const periodMs = config.periodSeconds * 1000;
    const end = Math.floor(now / periodMs) * periodMs;
    if (judgedUntil.get(config.name) === end) return;
    const periods = Array.from({ length: evaluationRange(config) }, (_, i): EvaluatedPeriod => {
      const start = end - (i + 1) * periodMs;
      const found = store.aggregate({ namespace, name, dimensions }, start, start + periodMs);
      if (!found) return { start };
      return { start, value: statisticOf(statistic, found), sampleCount: found.count };
    });
    const values = periods.map(({ value }) => value);
    const verdict = evaluateAlarm(config, values, state.value);
    if (verdict.state !== state.value) {
      changeState(record, {
        value: verdict.state,
        reason: stateReason(config, verdict, periods),
        reasonData: stateReasonData(config, verdict, periods, now),
        at: now,
      });
    }
    judgedUntil.set(config.name, end);
  }

  return {
    declare(config) {
      const declared = plain(config);
      declaredNow.add(config.name);
      if (!isDeepStrictEqual(find(config.name)?.declared, declared)) configure(declared, declared);
    },
    put: (config) => configure(plain(config), find(config.name)?.declared),
    remove(name) {
      records.delete(fileKey(name));
      judgedUntil.delete(name);
    },
    get,
    has: (name) => find(name) !== undefined,
    all: () =>
      records
        .entries()
        .map(([, record]) => record)
        .sort((a, b) => (a.config.name < b.config.name ? -1 : 1)),
    setState(name, value, reason, reasonData) {
      // What could not be told yet of an earlier change comes first.
      announce(get(name));
      changeState(get(name), { value, reason, reasonData, at: clock.now() });
    },
    start() {
      for (const [key, record] of records.entries()) {
        announce(record);
        if (record.declared && !declaredNow.has(record.config.name)) records.delete(key);
      }
    },
    evaluate(now) {
      for (const [key] of records.entries()) {
        try {
          const record = records.get(key);
          if (record?.pending) announce(record);
          const settled = records.get(key);
          if (settled) evaluate(settled, now);
        } catch (error) {
          // Such as a full disk: what is not told yet is told at the next minute.
          context.tell({
            service: 'cloudwatch',
            what: 'alarm not judged',
            subject: records.get(key)?.config.name ?? key,
            detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
            level: 'error',
          });
        }
      }
    },
  };
}

function withItem(history: HistoryItem[], item: HistoryItem): HistoryItem[] {
  return [item, ...history].slice(0, MOST_HISTORY);
}

function historyState({ value, reason, reasonData, at }: StateRecord): object {
  return {
    stateValue: value,
    stateReason: reason,
    ...(reasonData !== undefined && { stateReasonData: parsed(reasonData) }),
    stateTimestamp: stateTime(at),
  };
}

function parsed(json: string): unknown {
  return JSON.parse(json) as unknown;
}

/** As it comes back from disk: without members that are undefined. */
function plain(config: AlarmConfig): AlarmConfig {
  return JSON.parse(JSON.stringify(config)) as AlarmConfig;
}
