import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { RETENTION_MS, openMetricStore } from '../../src/cloudwatch/metric-store';
import { freshStateDir } from '../support/state-dir';
import { until } from '../support/until';
import {
  alarmConfig,
  closeAll,
  failed,
  MINUTE,
  START,
  startCloudWatch,
  TOPIC,
  type LocalCloudWatch,
} from './local-cloudwatch';

afterEach(closeAll);

const METRIC = { namespace: 'test', name: 'Failed', dimensions: { service: 'x' } };
const ONE = { sum: 1, count: 1, min: 1, max: 1 };
const unexpected = (error: unknown): void => {
  throw error;
};

function openStore(stateDir: string, now = START) {
  return openMetricStore(join(stateDir, 'metrics.ndjson'), () => now, unexpected);
}

/** The same state in a new process, after a kill. */
async function restarted(killed: LocalCloudWatch): Promise<LocalCloudWatch> {
  await killed.kill();
  const { stateDir, clock } = killed;
  return startCloudWatch({ stateDir, clock, alarms: [WITH_ACTION] });
}

const WITH_ACTION = alarmConfig({ actions: { OK: [], ALARM: [TOPIC], INSUFFICIENT_DATA: [] } });

describe('metrics', () => {
  it('are there after a restart, and go on to be added to', () => {
    const stateDir = freshStateDir();
    for (let times = 0; times < 3; times += 1) {
      const store = openStore(stateDir);
      store.add(METRIC, START, ONE, 'Count');
      store.add({ ...METRIC, name: 'Other' }, START, ONE);
      store.close();
    }
    const store = openStore(stateDir);
    expect(store.aggregate(METRIC, START, START + MINUTE)).toEqual({ ...ONE, sum: 3, count: 3 });
    expect(store.get(METRIC)?.unit).toBe('Count');
    store.close();
  });

  it('are there but for what a kill cut short', () => {
    const stateDir = freshStateDir();
    const store = openStore(stateDir);
    store.add(METRIC, START, ONE);
    store.flush();
    appendFileSync(join(stateDir, 'metrics.ndjson'), '[0,28');
    const next = openStore(stateDir);
    expect(next.aggregate(METRIC, START, START + MINUTE)).toEqual(ONE);
    store.close();
    next.close();
  });

  it('are written a moment after they were measured', async () => {
    const stateDir = freshStateDir();
    const store = openStore(stateDir);
    for (let i = 0; i < 1000; i += 1) store.add(METRIC, START, ONE);
    const written = (): string => readFileSync(join(stateDir, 'metrics.ndjson'), 'utf8');
    await until(() => written() !== '');
    expect(written().trim().split('\n')).toHaveLength(2);
    store.close();
  });

  it('are let go of once they are too old', () => {
    const stateDir = freshStateDir();
    const store = openStore(stateDir);
    store.add(METRIC, START, ONE);
    store.add({ ...METRIC, name: 'Other' }, START + 2 * MINUTE, ONE);
    store.close();
    const later = openStore(stateDir, START + RETENTION_MS + MINUTE);
    expect(later.metrics().map(({ name }) => name)).toEqual(['Other']);
    later.add({ ...METRIC, name: 'New' }, START + RETENTION_MS, ONE);
    later.close();
    const last = openStore(stateDir, START + RETENTION_MS + MINUTE);
    expect(last.metrics().map(({ name }) => name)).toEqual(['Other', 'New']);
    last.close();
  });
});

describe('an alarm', () => {
  it('is in its state after a kill, and tells nothing anew', async () => {
    const first = await startCloudWatch({ alarms: [WITH_ACTION] });
    first.cloudWatch.measure(failed(6));
    first.pass(1);
    const second = await restarted(first);
    expect(second.cloudWatch.alarms()).toMatchObject([{ state: 'ALARM', since: START + MINUTE }]);
    expect(second.events).toEqual([]);
    expect(second.published).toEqual([]);
  });

  it('tells after a kill what it had still to tell, with the same event', async () => {
    const tried: string[] = [];
    const first = await startCloudWatch({
      alarms: [WITH_ACTION],
      publishEvent(event) {
        tried.push(event.id);
        throw new Error('killed here');
      },
    });
    first.cloudWatch.measure(failed(6));
    first.pass(1);
    const second = await restarted(first);
    expect(second.events.map(({ id }) => id)).toEqual(tried);
    expect(second.published.map(({ arn }) => arn)).toEqual([TOPIC]);
  });

  it('tells at the next minute what could not be told', async () => {
    let broken = true;
    const { cloudWatch, events, told, pass } = await startCloudWatch({
      alarms: [alarmConfig()],
      publishEvent() {
        if (broken) throw new Error('no space left');
      },
    });
    cloudWatch.measure(failed(6));
    pass(1);
    expect(told.map(({ what }) => what)).toContain('alarm not judged');
    broken = false;
    pass(1);
    expect(events).toHaveLength(1);
  });

  it('tells what could not be told before it is put into another state', async () => {
    let broken = true;
    const { client, cloudWatch, events, pass } = await startCloudWatch({
      alarms: [alarmConfig()],
      publishEvent() {
        if (broken) throw new Error('no space left');
      },
    });
    cloudWatch.measure(failed(6));
    pass(1);
    broken = false;
    const StateReason = 'by hand';
    await client.send(
      new SetAlarmStateCommand({ AlarmName: 'failures', StateValue: 'OK', StateReason }),
    );
    expect(events.map(({ detail }) => detail.state)).toMatchObject([
      { value: 'ALARM' },
      { value: 'OK' },
    ]);
  });

  it('takes the time when nothing ran for missing data', async () => {
    const alarms = [alarmConfig({ treatMissingData: 'missing' })];
    const first = await startCloudWatch({ alarms });
    first.cloudWatch.measure(failed(6));
    first.pass(1);
    await first.close();
    first.clock.advance(60 * MINUTE);
    const second = await startCloudWatch({ stateDir: first.stateDir, clock: first.clock, alarms });
    second.pass(1);
    expect(second.stateOf('failures')).toBe('INSUFFICIENT_DATA');
  });

  it('stays as people changed it until its template changes', async () => {
    const first = await startCloudWatch({ alarms: [WITH_ACTION] });
    await first.client.send(new DisableAlarmActionsCommand({ AlarmNames: ['failures'] }));
    const second = await restarted(first);
    expect(second.cloudWatch.alarms()).toMatchObject([{ actionsEnabled: false }]);
    second.cloudWatch.createAlarm({ ...WITH_ACTION, threshold: 6 });
    expect(second.cloudWatch.alarms()).toMatchObject([{ actionsEnabled: true, threshold: 6 }]);
  });

  it('is gone when no template has it any more', async () => {
    const first = await startCloudWatch({ alarms: [WITH_ACTION] });
    await first.kill();
    const { client } = await startCloudWatch({ stateDir: first.stateDir, clock: first.clock });
    expect((await client.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });
});
