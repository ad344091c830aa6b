import type { Alarm, AlarmChange, StateReason } from './alarm';

/**
 * What is known of an alarm, and what people have been told of it. Times are milliseconds since the
 * epoch; those of the alarm are CloudWatch's, those of messages ours.
 */
export interface Incident {
  alarm: Alarm;
  /** Why it is in the state of its latest change. */
  reason: StateReason;
  /** When that was. */
  changedAt: number;
  /** When it went into ALARM, each time of the last day, ascending: an event may come again. */
  entered: number[];
  /** Those of `entered` that no message has counted yet. */
  untold: number[];
  /** When it was last found OK. */
  left: number | null;
  told: Told | null;
}

/** What the last message said. */
export interface Told {
  state: 'ALARM' | 'OK';
  /** When the alarm first went into ALARM, of the times that it counted. */
  began: number;
  /** How often it had gone into ALARM since. */
  times: number;
  /** When a message last told of something new and bad: from then on there is quiet for a while. */
  alertedAt: number;
  /** What was found behind the alarm then: as long as it is the same, nothing has changed. */
  mark: string;
}

export type MessageKind =
  /** It has begun. */
  | 'opened'
  /** It lasts, and something has changed. */
  | 'still'
  /** It is over. */
  | 'recovered';

/** What a message says of when and how often. */
export interface Telling {
  kind: MessageKind;
  /** When the alarm first went into ALARM, of the times counted. */
  began: number;
  /** How often it did, since then. */
  times: number;
  /** Those that are counted for the first time. */
  news: number[];
}

// EventBridge tries to deliver an event for a day: what is older cannot come any more.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html
const REMEMBERED_MS = 24 * 3_600_000;

/**
 * Takes a change of the alarm's state in. Changes may come twice and in any order: what is known in
 * the end is the same.
 * @returns the same incident where the change says nothing new
 */
export function takeIn(before: Incident | undefined, change: AlarmChange): Incident | undefined {
  const { alarm, state, at, reason } = change;
  // Not knowing is neither: the state before holds until CloudWatch knows better.
  if (state === 'INSUFFICIENT_DATA') return before;
  const incident = before ?? { alarm, reason, changedAt: at, ...NOTHING };
  const { entered, untold, left } = incident;
  const newest = Math.max(incident.changedAt, at);
  if (at < newest - REMEMBERED_MS) return before;
  if (state === 'ALARM' ? entered.includes(at) : left !== null && at <= left) return before;
  const words = at === newest ? { alarm, reason, changedAt: at } : {};
  if (state === 'OK') return { ...incident, ...words, left: at };
  const kept = entered.filter((each) => each >= newest - REMEMBERED_MS || untold.includes(each));
  return {
    ...incident,
    ...words,
    entered: [...kept, at].sort(ascending),
    untold: [...untold, at].sort(ascending),
  };
}

const NOTHING = { entered: [], untold: [], left: null, told: null };

/** The alarm's state, as far as is known. */
export function stateOf({ entered, left }: Incident): 'ALARM' | 'OK' {
  const last = entered.at(-1);
  return last !== undefined && (left === null || last > left) ? 'ALARM' : 'OK';
}

/**
 * What is to be told at a moment, or undefined. That an incident is over is told at once. Anything
 * else waits until `repeatMs` after the last message that alerted, so that an alarm that comes and
 * goes is one message with a count; `still` is due only where something has changed since.
 */
export function whatIsDue(incident: Incident, now: number, repeatMs: number): Telling | undefined {
  const { told, untold } = incident;
  const state = stateOf(incident);
  const open = told?.state === 'ALARM';
  if (open && state === 'OK') return telling('recovered', incident);
  if (told && now < told.alertedAt + repeatMs) return undefined;
  if (open) return telling('still', incident);
  if (untold.length === 0) return undefined;
  // It came and went before anybody could be told of its beginning.
  return telling(state === 'ALARM' ? 'opened' : 'recovered', incident);
}

function telling(kind: MessageKind, { told, untold }: Incident): Telling {
  const first = untold[0] ?? told?.began ?? 0;
  if (told?.state !== 'ALARM') return { kind, began: first, times: untold.length, news: untold };
  // A late event may tell of a beginning before the one that was told.
  const began = Math.min(told.began, first);
  return { kind, began, times: told.times + untold.length, news: untold };
}

/** The incident once a message is out; more may have been taken in meanwhile. */
export function afterTelling(
  incident: Incident,
  { kind, began, times, news }: Telling,
  mark: string,
  now: number,
): Incident {
  const { told } = incident;
  const over = kind === 'recovered';
  // The end of what was told is no alert: what comes next is as quiet as if it had not been told.
  const alertedAt = over && told?.state === 'ALARM' ? told.alertedAt : now;
  return {
    ...incident,
    untold: incident.untold.filter((each) => !news.includes(each)),
    told: { state: over ? 'OK' : 'ALARM', began, times, alertedAt, mark },
  };
}

/** Whether nothing is left to tell of it until the alarm changes again. */
export function isClosed(incident: Incident): boolean {
  return (
    stateOf(incident) === 'OK' && incident.untold.length === 0 && incident.told?.state !== 'ALARM'
  );
}

function ascending(a: number, b: number): number {
  return a - b;
}
