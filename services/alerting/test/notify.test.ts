import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSEvent } from 'aws-lambda';
import notification from '../events/notification.json';
import { alertOf } from '../src/notification';
import { postJson } from '../src/post-alert';
import { webhookBody } from '../src/webhook-body';
import { webhookUrlReader } from '../src/webhook-url';

const { Sns } = (notification as unknown as SNSEvent).Records[0]!;
const alert = alertOf(Sns);

let server: Server;
let origin: string;
let status: number;
const received: { path?: string; body: string }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ path: request.url, body });
      response.writeHead(status, { location: '/elsewhere' }).end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  status = 200;
  received.length = 0;
});

describe('posting an alert', () => {
  it('sends JSON to the URL', async () => {
    await postJson(new URL(`${origin}/services/T0/secret`), { text: 'a' });
    expect(received).toEqual([{ path: '/services/T0/secret', body: '{"text":"a"}' }]);
  });

  it.each([302, 404, 429, 500])('fails on an answer of %d, without the URL', async (answer) => {
    status = answer;
    const posted = postJson(new URL(`${origin}/services/T0/secret`), {});
    await expect(posted).rejects.toThrow(`The webhook answered ${answer}.`);
    expect(received).toHaveLength(1);
  });

  it('fails where nobody listens, without the URL', async () => {
    const posted = postJson(new URL('http://127.0.0.1:9/services/T0/secret'), {});
    const error = await posted.then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error?.message).toMatch(/^The webhook could not be reached: \w+\.$/);
    expect(JSON.stringify(error) + error?.stack).not.toContain('secret');
  });
});

describe('the body of a post', () => {
  it.each([
    ['hooks.slack.com', 'text'],
    ['chat.example.com', 'text'],
    ['acme.webhook.office.com', '@type'],
    ['prod-1.westeurope.logic.azure.com', 'attachments'],
    ['evil-logic.azure.com.example.com', 'text'],
  ])('for %s has the member %s', (host, member) => {
    expect(webhookBody(host, alert)).toHaveProperty([member]);
  });

  it.each(['hooks.slack.com', 'x.webhook.office.com', 'x.logic.azure.com'])(
    'for %s has the subject and every line',
    (host) => {
      const body = JSON.stringify(webhookBody(host, alert));
      expect(body).toContain(alert.subject);
      for (const line of alert.text.split('\n')) expect(body).toContain(line);
    },
  );

  it('for Slack has what would be markup escaped', () => {
    const body = webhookBody('hooks.slack.com', {
      subject: 'a',
      text: '<!channel> & ```',
      state: 'OK',
    });
    expect(body).toEqual({ text: "*a*\n```\n&lt;!channel&gt; &amp; '''\n```" });
  });
});

it('reads an alarm of CloudWatch itself', () => {
  const Message = JSON.stringify({
    AlarmName: 'saleslake-local-alerting-failures',
    AlarmDescription: 'Alerts could not be sent.',
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed',
  });
  expect(alertOf({ ...Sns, Subject: 's', Message, MessageAttributes: {} })).toEqual({
    subject: 's',
    text: 'saleslake-local-alerting-failures\nAlerts could not be sent.\n\nThreshold Crossed',
    state: 'ALARM',
  });
});

describe('the URL of the webhook', () => {
  let now = 0;
  let asked = 0;
  // Secrets Manager has no local emulation that stands alone; its answer is all that counts here.
  const reader = (SecretString: string) =>
    webhookUrlReader(
      {
        send: () => Promise.resolve({ SecretString, asked: asked++ }),
      } as unknown as SecretsManagerClient,
      'webhook',
      () => now,
    );

  it.each([
    ['the whole text', ' https://hooks.slack.com/services/x\n'],
    ['a member of JSON', '{"url":"https://hooks.slack.com/services/x"}'],
  ])('is %s of the secret', async (_what, secret) => {
    expect(String(await reader(secret)())).toBe('https://hooks.slack.com/services/x');
  });

  it.each([
    '',
    'hooks.slack.com/x',
    '{"link":"https://x"}',
    'http://hooks.slack.com/x',
    'file:///x',
  ])('is not %j, which no error repeats', async (secret) => {
    const error = await reader(secret)().then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error?.message).toMatch(/^The secret webhook is not the URL of a webhook/);
    if (secret !== '') expect(error?.message).not.toContain(secret);
  });

  it('is read again after some minutes', async () => {
    const read = reader('https://hooks.slack.com/services/x');
    asked = 0;
    await read();
    now += 60_000;
    await read();
    expect(asked).toBe(1);
    now += 300_000;
    await read();
    expect(asked).toBe(2);
  });
});
