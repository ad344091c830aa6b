import type { DealtFault } from '../../src/faults/faults';
import type { Mail } from '../../src/sns/mail-message';
import type { AlarmSeen } from './compare-alarms';
import { compareMails } from './compare-mails';

const T0 = Date.parse('2026-03-02T06:00:00Z');
const MINUTE = 60_000;
const NAME = 'saleslake-local-transformer-quarantine';

const utc = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

function mail(word: string, at: number, since: number, times = 1): Mail {
  const until = word === 'RECOVERED' ? `Until      ${utc(at)} UTC\n` : '';
  return {
    from: { name: 'saleslake', address: 'a@b' },
    to: 'you@example.com',
    subject: `[saleslake local] ${word} transformer quarantine: 1 record`,
    at,
    id: `${at}`,
    body: `${word}: ${NAME}\nWhy.\n\nSince      ${utc(since)} UTC\n${until}How often  ${times} time in ALARM\n`,
  };
}

const alarm = (state: string, ...entered: number[]): AlarmSeen[] => [
  { name: NAME, state, entered },
];

const OPENED = mail('ALARM', T0, T0);
const OVER = mail('RECOVERED', T0 + 5 * MINUTE, T0);

describe('the comparison of mails with alarms', () => {
  it('finds nothing where each incident is told when it begins and when it is over', () => {
    expect(compareMails(alarm('OK', T0), [OPENED, OVER], [])).toEqual([]);
  });

  it('finds an incident that nobody was told of', () => {
    expect(compareMails(alarm('ALARM', T0), [], [])).toHaveLength(2);
  });

  it('finds an incident whose end nobody was told of', () => {
    expect(compareMails(alarm('OK', T0), [OPENED], [])).toHaveLength(1);
  });

  it('finds a time in ALARM that no incident counts', () => {
    const later = T0 + 10 * MINUTE;
    expect(compareMails(alarm('OK', T0, later), [OPENED, OVER], [])).toHaveLength(1);
  });

  it('finds two alerts within the hour', () => {
    const later = T0 + 10 * MINUTE;
    const mails = [OPENED, OVER, mail('ALARM', later, later), mail('RECOVERED', later, later)];
    expect(compareMails(alarm('OK', T0, later), mails, [])).toHaveLength(1);
  });

  it('finds a mail of no alarm', () => {
    expect(compareMails([], [OPENED], [])).toHaveLength(1);
  });

  it('lets a mail come twice where a fault says why, and no oftener', () => {
    const fault = (on: string, subject: string): DealtFault => ({
      at: new Date(T0).toISOString(),
      on,
      subject,
      nth: 1,
      fault: 'kill-after',
    });
    const twice = [OPENED, OPENED, OVER];
    const why = [fault('lambda:invoke', 'saleslake-alerting-local-alert')];
    expect(compareMails(alarm('OK', T0), twice, why)).toEqual([]);
    expect(compareMails(alarm('OK', T0), [OPENED, ...twice], why)).toHaveLength(1);
    expect(
      compareMails(alarm('OK', T0), twice, [fault('lambda:invoke', 'saleslake-other')]),
    ).toHaveLength(1);
  });
});
