import type { DealtFault } from '../../src/faults/faults';
import type { Mail } from '../../src/sns/mail-message';
import type { AlarmSeen } from './compare-alarms';

/** What a mail of alerting says. Times are milliseconds since the epoch. */
interface Told {
  mail: Mail;
  word: 'ALARM' | 'STILL IN ALARM' | 'RECOVERED';
  alarm: string;
  since: number;
  until: number | undefined;
  times: number;
}

const QUIET_MS = 60 * 60_000;
/** The alarm that goes to the topic itself. */
const OF_ALERTING = 'saleslake-local-alerting-failures';
// A mail tells whole seconds, and a message takes its time to its mailbox.
const SLACK_MS = 120_000;

/**
 * Holds what people were sent against what became of the alarms: each time in ALARM is counted by
 * one incident, each incident begins, is over once its alarm is, is told once, and nothing else is.
 */
export function compareMails(alarms: AlarmSeen[], mails: Mail[], faults: DealtFault[]): string[] {
  const differences: string[] = [];
  const told = mails.map((mail) => readMail(mail));
  const others = mails.filter((_, i) => told[i] === undefined);
  const direct = others.filter(({ subject }) => subject.startsWith(`ALARM: "${OF_ALERTING}"`));
  for (const { subject } of others.filter((mail) => !direct.includes(mail))) {
    differences.push(`a mail that nobody expects: ${subject}`);
  }
  const ownFailures = alarms.find(({ name }) => name === OF_ALERTING)?.entered.length ?? 0;
  const directOnes = withoutRepeats(direct, ({ subject, body }) => subject + body, faults);
  if (directOnes.kept.length !== ownFailures) {
    differences.push(
      `${directOnes.kept.length} mails of CloudWatch's own, expected ${ownFailures}`,
    );
  }
  differences.push(...directOnes.unexplained);
  const known = new Set(alarms.map(({ name }) => name));
  for (const one of told) {
    if (one && !known.has(one.alarm)) differences.push(`a mail of no alarm: ${one.mail.subject}`);
  }
  for (const alarm of alarms) {
    const ofAlarm = told.filter((one): one is Told => one?.alarm === alarm.name);
    differences.push(...compareMailsOfAlarm(alarm, ofAlarm, faults));
  }
  return differences;
}

function compareMailsOfAlarm(
  { name, state, entered }: AlarmSeen,
  all: Told[],
  faults: DealtFault[],
): string[] {
  const identity = ({ word, since, until, times }: Told): string =>
    JSON.stringify([word, since, word === 'RECOVERED' ? until : null, times]);
  const { kept, unexplained } = withoutRepeats(all, identity, faults, ({ mail }) => mail);
  const differences = [...unexplained];
  const problem = (what: string): void => {
    const list = all.map(
      ({ mail, word, times }) => `${new Date(mail.at).toISOString()} ${word} ×${times}`,
    );
    const times = entered.map((time) => new Date(time).toISOString());
    differences.push(
      `mails of ${name}: ${what}; in ALARM at [${times.join(', ')}], mails [${list.join(', ')}]`,
    );
  };
  let open: Told | undefined;
  let alertedAt = -Infinity;
  let counted = 0;
  for (const one of kept) {
    const alerts = one.word !== 'RECOVERED' || !open;
    if (alerts && one.mail.at < alertedAt + QUIET_MS - SLACK_MS) problem('not quiet for an hour');
    if (alerts) alertedAt = one.mail.at;
    if (one.word === 'ALARM' && open) problem('begun twice');
    if (one.word === 'STILL IN ALARM' && !open) problem('lasts, and has not begun');
    if (!entered.some((time) => Math.abs(time - one.since) < 1000)) {
      problem(`since ${new Date(one.since).toISOString()}`);
    }
    if (one.word === 'RECOVERED') counted += one.times;
    open = one.word === 'RECOVERED' ? undefined : one;
  }
  counted += open?.times ?? 0;
  if (counted !== entered.length) problem(`${counted} times counted, ${entered.length} expected`);
  if ((state === 'ALARM') !== (open !== undefined)) {
    problem(`the last says ${open ? 'ALARM' : 'nothing or OK'}, the alarm is ${state}`);
  }
  return differences;
}

/**
 * A mail may come again where a fault struck between that it was published and that this was
 * recorded: in the function, at SNS, or the process.
 */
function withoutRepeats<T>(
  all: T[],
  identity: (one: T) => string,
  faults: DealtFault[],
  mailOf: (one: T) => Mail = (one) => one as unknown as Mail,
): { kept: T[]; unexplained: string[] } {
  const kept = new Map<string, T>();
  const unexplained: string[] = [];
  let explanations = [...faults];
  for (const one of all) {
    const key = identity(one);
    const first = kept.get(key);
    if (!first) {
      kept.set(key, one);
      continue;
    }
    const from = mailOf(first).at - SLACK_MS;
    const to = mailOf(one).at + SLACK_MS;
    const reason = explanations.find(
      (fault) => Date.parse(fault.at) >= from && Date.parse(fault.at) <= to && repeatsMail(fault),
    );
    if (!reason) unexplained.push(`told twice, and no fault is why: ${mailOf(one).subject}`);
    // Each fault explains one repetition.
    explanations = explanations.filter((fault) => fault !== reason);
  }
  return { kept: [...kept.values()], unexplained };
}

function repeatsMail({ on, subject, fault }: DealtFault): boolean {
  if (fault.startsWith('stop-process')) return true;
  if (on === 'lambda:invoke') return subject === 'saleslake-alerting-local-alert';
  if (on === 'sns:deliver' || on.startsWith('sns:')) return true;
  return on.startsWith('dynamodb:') && subject === 'saleslake-local-incidents';
}

function readMail(mail: Mail): Told | undefined {
  const [, word, alarm] = /^(ALARM|STILL IN ALARM|RECOVERED): (\S+)\n/.exec(mail.body) ?? [];
  const since = timeAfter('Since', mail.body);
  const [, times] = /^How often +(\d+) times? in ALARM$/m.exec(mail.body) ?? [];
  if (!mail.subject.startsWith('[saleslake local] ') || !word || !alarm || !since) return undefined;
  return {
    mail,
    word: word as Told['word'],
    alarm,
    since,
    until: timeAfter('Until', mail.body),
    times: Number(times),
  };
}

function timeAfter(label: string, body: string): number | undefined {
  const [, day, time] = new RegExp(`^${label} +(\\S+) (\\S+) UTC$`, 'm').exec(body) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}T${time}Z`);
}
