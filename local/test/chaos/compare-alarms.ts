import {
  CloudWatchClient,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { clientConfig } from '../../src/local-names';
import { expectationOf, type Causes } from './expected-alarms';

/** What became of an alarm. Times are milliseconds since the epoch, ascending. */
export interface AlarmSeen {
  name: string;
  state: string;
  /** When it went into ALARM. */
  entered: number[];
}

/** What an alarm may be later than what it is about. */
const LATE_MS = 3 * 60_000;
const PREFIX = 'saleslake-local-';

/** Every alarm, as CloudWatch tells of it. */
export async function readAlarms(endpoint: string): Promise<AlarmSeen[]> {
  const client = new CloudWatchClient(clientConfig(endpoint));
  const alarms = new Map<string, AlarmSeen>();
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) {
    for (const { AlarmName: name = '', StateValue: state = '' } of MetricAlarms) {
      alarms.set(name, { name, state, entered: [] });
    }
  }
  const changes = { HistoryItemType: 'StateUpdate', ScanBy: 'TimestampAscending' } as const;
  for await (const page of paginateDescribeAlarmHistory({ client }, changes)) {
    for (const { AlarmName = '', HistoryData = '{}', Timestamp } of page.AlarmHistoryItems ?? []) {
      const { newState } = JSON.parse(HistoryData) as { newState?: { stateValue?: string } };
      if (newState?.stateValue === 'ALARM') {
        alarms.get(AlarmName)?.entered.push(Timestamp?.getTime() ?? 0);
      }
    }
  }
  return [...alarms.values()];
}

/** Which alarms were raised that were not due, or not raised that were, in words. */
export function compareAlarms(alarms: AlarmSeen[], causes: Causes): string[] {
  return alarms.flatMap(({ name, state, entered }) => {
    const { least, most, at, lasts = false } = expectationOf(name.slice(PREFIX.length), causes);
    const differences: string[] = [];
    const times = entered.map((time) => new Date(time).toISOString()).join(', ');
    if (entered.length < least || entered.length > most) {
      differences.push(
        `alarm ${name} was raised ${entered.length} times (${times}), ` +
          `due ${least === most ? least : `${least} to ${most}`} times` +
          (at ? ` (${at.map((time) => new Date(time).toISOString()).join(', ')})` : ''),
      );
    } else {
      at?.forEach((due, i) => {
        const late = (entered[i] ?? 0) - due;
        if (late < 0 || late > LATE_MS) {
          differences.push(`alarm ${name} was raised ${late / 1000} s after it was due`);
        }
      });
    }
    if ((state === 'ALARM') !== lasts) {
      differences.push(
        `alarm ${name} is ${state} in the end, expected ${lasts ? '' : 'not '}ALARM`,
      );
    }
    return differences;
  });
}
