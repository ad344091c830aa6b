import { partsOfName } from './alarm';
import { count, utc, type Evidence } from './evidence/evidence';
import type { Incident, MessageKind, Telling } from './incident';

/** A message to the topic. */
export interface Message {
  /** At most 100 characters of ASCII, without line breaks. */
  subject: string;
  body: string;
  /** For the filter policies of subscriptions. */
  attributes: { state: 'ALARM' | 'OK' | 'STILL'; alarm: string; service: string };
}

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const LONGEST_SUBJECT = 100;
const MOST_LINES = 60;
/** A name may be long: a key has up to 1,024 bytes. */
const LONGEST_LINE = 500;

const STATES = { opened: 'ALARM', still: 'STILL', recovered: 'OK' } as const;

/** What a person is sent of an incident. Times are UTC. */
export function renderMessage(
  { alarm, changedAt, reason, left, told }: Incident,
  telling: Telling,
  evidence: Evidence,
  { stage, repeatMinutes }: { stage: string; repeatMinutes: number },
): Message {
  const { kind, began, times, news } = telling;
  const { service, what } = partsOfName(alarm.name, stage);
  const over = kind === 'recovered';
  // Whoever has been told how it began need only hear that it is over.
  const known = over && told?.state === 'ALARM' && news.length === 0;
  const headline = known ? `over after ${durationOf(began, left)}` : evidence.headline;
  const sections: [title: string, lines: string[]][] = known
    ? [['Now', [evidence.afterwards]]]
    : [
        ['What it is about', evidence.facts],
        ['Where the data is', evidence.whereabouts],
        ['To see more', evidence.show],
        ['To have it done again', evidence.replay],
        ['Now', over ? [evidence.afterwards] : []],
      ];
  const body = [
    `${WORDS[kind]}: ${alarm.name}`,
    alarm.description ?? '',
    '',
    `Since      ${utc(began)}`,
    ...(over && left !== null ? [`Until      ${utc(left)}`] : []),
    `How often  ${count(times, 'time')} in ALARM`,
    ...(reason.text === '' ? [] : [`Alarm      ${reason.text} (${utc(changedAt)})`]),
    ...sections
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([title, lines]) => ['', title, ...lines.map((line) => `  ${line}`)]),
    '',
    over ? 'This incident is closed.' : followUp(repeatMinutes),
  ].map(oneLine);
  return {
    subject: ascii(`[saleslake ${stage}] ${STATES[kind]} ${service} ${what}: ${headline}`),
    body: `${cut(body).join('\n')}\n`,
    attributes: { state: STATES[kind], alarm: alarm.name, service },
  };
}

const WORDS: Record<MessageKind, string> = {
  opened: 'ALARM',
  still: 'STILL IN ALARM',
  recovered: 'RECOVERED',
};

function followUp(repeatMinutes: number): string {
  const often = repeatMinutes > 0 ? ` at most every ${count(repeatMinutes, 'minute')}` : '';
  return `You are told again${often} while this lasts and changes, and once when it is over.`;
}

function durationOf(began: number, left: number | null): string {
  const minutes = Math.max(1, Math.round(((left ?? began) - began) / 60_000));
  return minutes < 120 ? count(minutes, 'minute') : count(Math.round(minutes / 60), 'hour');
}

function cut(lines: string[]): string[] {
  if (lines.length <= MOST_LINES) return lines;
  const end = lines.slice(-2);
  return [...lines.slice(0, MOST_LINES - end.length - 1), '  …', ...end];
}

function oneLine(text: string): string {
  const line = text.replace(/[\r\n\u2028\u2029]+/g, ' ');
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}…`;
}

function ascii(text: string): string {
  const plain = text
    .replace(/×/g, 'x')
    .replace(/…/g, '...')
    .replace(/[^\x20-\x7e]/g, '?');
  return plain.length <= LONGEST_SUBJECT ? plain : `${plain.slice(0, LONGEST_SUBJECT - 3)}...`;
}
