import type { DealtFault } from '../../src/faults/faults';
import type { Observed } from './observed';

/** What there was to be alarmed of, as seen from outside of the pipeline and of CloudWatch. */
export interface Causes {
  observed: Observed[];
  faults: DealtFault[];
  /** Whether records of the last version of an object are quarantined, or of any version. */
  quarantined: { last: boolean; any: boolean };
  /** What the reconciler found as it ran after all faults had ended. */
  reconciled: Reconciled[];
  /** Whether Firehose has put anything under its error prefix. */
  failedRecords: boolean;
}

export interface Reconciled {
  /** By table, since its newest records arrived; none of a table that never had any. */
  minutesSince: Partial<Record<string, number>>;
  /** Objects of failed records that were older than the reconciler's grace. */
  failedRecordObjects: number;
}

/** What a run of the alarm has to have been. */
export interface Expectation {
  /** How often it has to have gone into ALARM: at least and at most. */
  least: number;
  most: number;
  /** Where that is known: when, to within a few minutes; milliseconds since the epoch. */
  at?: number[];
  /** Whether its cause is there still. */
  lasts?: boolean;
}

const NEVER: Expectation = { least: 0, most: 0 };
const MINUTE_MS = 60_000;
/** The period of alarms on metrics. */
const PERIOD_MS = 5 * MINUTE_MS;
const STALE_MINUTES = 30;
const BACKLOG_SECONDS = 1800;

const QUEUES: Record<string, string> = {
  'transformer-dead-letters': 'transformer-objects-dlq',
  'generator-failures': 'generator-failures',
  'orders-failures': 'orders-failures',
  'orders-dead-letters': 'order-changes-dlq',
  'alerting-failures': 'alerting-failures',
  'reconciler-failures': 'reconciler-failures',
  'quality-failures': 'quality-failures',
};

/** What is due of an alarm, by its name without the stage's prefix; of others nothing ever is. */
export function expectationOf(alarm: string, causes: Causes): Expectation {
  const { quarantined, reconciled, failedRecords } = causes;
  const queue = QUEUES[alarm];
  if (queue !== undefined) return exactly(messagesAppeared(causes.observed, queue));
  const [, staleTable] = /^reconciler-stale-(.*)$/.exec(alarm) ?? [];
  if (staleTable !== undefined) {
    const minutes = reconciled.map((run) => run.minutesSince[staleTable.replace('-', '_')] ?? 0);
    const stale = minutes.map((each) => each > STALE_MINUTES);
    const rises = stale.filter((is, i) => is && !stale[i - 1]).length;
    return { least: rises, most: rises, lasts: stale.at(-1) ?? false };
  }
  switch (alarm) {
    case 'transformer-quarantine':
      return { least: quarantined.last ? 1 : 0, most: quarantined.any ? Infinity : 0 };
    case 'transformer-backlog':
      return exactly(backlogs(causes.observed));
    case 'reconciler-failed-records': {
      const seen = reconciled.some(({ failedRecordObjects }) => failedRecordObjects > 0);
      return { least: seen ? 1 : 0, most: failedRecords ? Infinity : 0 };
    }
    case 'firehose-transformer-order-events-transformation':
      return someWhere(allFailed(causes));
    case 'firehose-transformer-order-events-delivery':
      return possibleAfter(causes, /^processed\/order_events\/|^firehose-errors\/order_events\//);
    case 'firehose-transformer-order-events-backup':
      return possibleAfter(causes, /^firehose-backup\/order_events\//);
    case 'firehose-transformer-order-events-freshness':
      return possibleAfter(
        causes,
        /^(processed|firehose-errors)\/order_events\/|^saleslake-firehose-transformer-/,
      );
    default:
      return NEVER;
  }
}

/** When messages came to be in a queue that had none, at whole minutes. */
function messagesAppeared(observed: Observed[], queue: string): number[] {
  return rises(observed, ({ visible }) => (visible[`saleslake-local-${queue}`] ?? 0) > 0);
}

function backlogs(observed: Observed[]): number[] {
  const queue = 'saleslake-local-transformer-objects';
  return rises(observed, ({ oldest }) => (oldest[queue] ?? 0) > BACKLOG_SECONDS);
}

function rises(
  observed: Observed[],
  holds: (minute: Observed & { kind: 'minute' }) => boolean,
): number[] {
  const times: number[] = [];
  let held = false;
  for (const seen of observed) {
    if (seen.kind !== 'minute') continue;
    const holdsNow = holds(seen);
    if (holdsNow && !held) times.push(seen.at);
    held = holdsNow;
  }
  return times;
}

/** The ends of the periods in which Firehose's function was invoked, and never with success. */
function allFailed({ observed, faults }: Causes): number[] {
  const periods = new Map<number, boolean>();
  const add = (at: number, ok: boolean): void => {
    const end = (Math.floor(at / PERIOD_MS) + 1) * PERIOD_MS;
    periods.set(end, (periods.get(end) ?? false) || ok);
  };
  for (const seen of observed) {
    if (seen.kind === 'invocation' && seen.function.startsWith('saleslake-firehose-transformer-')) {
      add(seen.at, seen.ok);
    }
  }
  // These never come to be invocations.
  for (const { at, on, subject, fault } of faults) {
    if (on !== 'lambda:invoke' || !subject.startsWith('saleslake-firehose-transformer-')) continue;
    if (fault === 'throttle' || fault === 'error') add(Date.parse(at), false);
  }
  return [...periods].filter(([, ok]) => !ok).map(([end]) => end);
}

function exactly(at: number[]): Expectation {
  return { least: at.length, most: at.length, at };
}

function someWhere(at: number[]): Expectation {
  return at.length === 0 ? NEVER : { least: 1, most: at.length };
}

/** May have been where faults struck what it is about; what a retry mends is no reason for it. */
function possibleAfter({ faults }: Causes, subjects: RegExp): Expectation {
  const struck = faults.some(({ subject }) => subjects.test(subject));
  return { least: 0, most: struck ? Infinity : 0 };
}
