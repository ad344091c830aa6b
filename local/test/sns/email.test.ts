import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMailbox } from '../../src/sns/mailbox';
import { freshStateDir } from '../support/state-dir';
import { startSns, subscription, TOPIC, type LocalSns } from './local-sns';

let local: LocalSns;

afterEach(() => local.close());

const BY_MAIL = subscription({ protocol: 'email', endpoint: 'me@example.com' });

const files = (): string[] => readdirSync(join(local.stateDir, 'mail')).sort();

it('sends e-mail to a folder of .eml files whose names sort by time', async () => {
  local = await startSns({ subscriptions: [BY_MAIL], displayName: 'Größe' });
  for (let i = 0; i < 12; i += 1) {
    local.sns.publish(TOPIC, { subject: `s${i}`, message: `m${i}` });
    if (i % 3 === 0) local.clock.advance(1500);
  }
  expect(files()).toHaveLength(12);
  expect(files()[0]).toMatch(/^2025-01-15T12-00-00\.000Z-.*\.eml$/);
  const mails = readMailbox(local.stateDir);
  expect(mails.map(({ subject }) => subject)).toEqual(mails.map((_, i) => `s${i}`));
  expect(mails[1]).toMatchObject({
    from: { name: 'Größe', address: 'no-reply@sns.eu-central-1.amazonaws.com' },
    to: 'me@example.com',
    at: Date.UTC(2025, 0, 15, 12, 0, 1),
    body: 'm1',
  });
});

it('has a sender and a subject also where topic and publisher name none', async () => {
  local = await startSns({ subscriptions: [BY_MAIL] });
  local.sns.publish(TOPIC, { message: 'm' });
  expect(readMailbox(local.stateDir)).toMatchObject([
    { from: { name: 'AWS Notifications' }, subject: 'AWS Notification Message' },
  ]);
});

it('sends email-json as the notification', async () => {
  local = await startSns({ subscriptions: [{ ...BY_MAIL, protocol: 'email-json' }] });
  const MessageId = local.sns.publish(TOPIC, { subject: 's', message: 'm' });
  const [mail] = readMailbox(local.stateDir);
  expect(mail?.subject).toBe('s');
  expect(JSON.parse(mail?.body ?? '')).toMatchObject({ MessageId, Message: 'm' });
});

it('writes a mail once, although the process died before it noted that', async () => {
  const stateDir = freshStateDir();
  local = await startSns({ stateDir, subscriptions: [BY_MAIL], working: false });
  local.sns.publish(TOPIC, { message: 'm' });
  const deliveries = join(stateDir, 'sns', 'deliveries');
  const [delivery = ''] = readdirSync(deliveries);
  const { clock } = local;
  const noted = readFileSync(join(deliveries, delivery));
  await local.close();
  local = await startSns({ stateDir, clock, subscriptions: [BY_MAIL] });
  expect(existsSync(join(deliveries, delivery))).toBe(false);
  await local.close();
  // As a kill between the writing of the mail and the noting of it leaves it.
  writeFileSync(join(deliveries, delivery), noted);
  clock.advance(5000);
  local = await startSns({ stateDir, clock, subscriptions: [BY_MAIL] });
  expect(readMailbox(stateDir)).toHaveLength(1);
});

it('clears away a mail whose writing a kill cut short', async () => {
  const stateDir = freshStateDir();
  local = await startSns({ stateDir });
  writeFileSync(join(stateDir, 'mail', 'x.eml.1-1.tmp'), 'From: ');
  await local.close();
  local = await startSns({ stateDir });
  expect(files()).toEqual([]);
});
