import { mail, type MailOptions } from '../../src/cli/mail';
import { startSns, subscription, TOPIC } from './local-sns';

/** What `saleslake mail` answers of the mailbox of a state folder. */
function answered(
  stateDir: string,
  which?: string,
  options: MailOptions = { last: false },
): string {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    mail({ root: '/', packageCache: '/', stateDir }, which, options);
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

async function twoMails(): Promise<string> {
  const local = await startSns({
    displayName: 'saleslake',
    subscriptions: [subscription({ protocol: 'email', endpoint: 'me@example.com' })],
  });
  local.sns.publish(TOPIC, { subject: 'opened', message: 'It began.\n' });
  local.clock.advance(61_000);
  local.sns.publish(TOPIC, { subject: 'recovered', message: 'It ended.' });
  await local.close();
  return local.stateDir;
}

it('lists what was sent, oldest first', async () => {
  expect(answered(await twoMails())).toBe(
    [
      'number  time                  to              subject',
      '──────  ────────────────────  ──────────────  ─────────',
      '     1  2025-01-15 12:00:00Z  me@example.com  opened',
      '     2  2025-01-15 12:01:01Z  me@example.com  recovered',
      '',
    ].join('\n'),
  );
});

it('shows the mail of a number', async () => {
  expect(answered(await twoMails(), '1')).toBe(
    'From:    saleslake <no-reply@sns.eu-central-1.amazonaws.com>\n' +
      'To:      me@example.com\n' +
      'Date:    2025-01-15 12:00:00Z\n' +
      'Subject: opened\n' +
      '\n' +
      'It began.\n',
  );
});

it('shows the newest', async () => {
  expect(answered(await twoMails(), undefined, { last: true })).toMatch(
    /recovered\n\nIt ended\.\n$/,
  );
});

it('tells that there is none', () => {
  expect(answered('/nonexistent')).toBe('The mailbox is empty.\n');
});

it.each(['0', '3', 'x'])('refuses the number %s and tells which there are', async (which) => {
  const stateDir = await twoMails();
  expect(() => answered(stateDir, which)).toThrow(
    `There is no mail ${which}: expected a number from 1 to 2`,
  );
});
