import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Context, SNSEvent } from 'aws-lambda';
import { route } from '@saleslake/local/src/composition/route';
import type { AwsContext } from '@saleslake/local/src/core/aws-context';
import { realClock } from '@saleslake/local/src/core/clock';
import { serveAws, type HttpServer } from '@saleslake/local/src/core/http-server';
import { openSecretsManager } from '@saleslake/local/src/secretsmanager/secretsmanager';
import { openSns, type Sns } from '@saleslake/local/src/sns/sns';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import type * as Notify from '../src/notify';
import { publishMessage } from '../src/publish-message';
import type { Message } from '../src/render-message';

// From the topic to the webhook: what SNS invokes the function with, and the secret that it reads.

const TOPIC = 'arn:aws:sns:us-east-1:000000000000:saleslake-local-alerts';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:saleslake-alerting-local-notify';
const SECRET = 'saleslake-local-webhook';
const message: Message = {
  subject: '[saleslake local] ALARM generator failures: 1 dead letter',
  body: 'ALARM: saleslake-local-generator-failures\n\nTo see more\n  saleslake dlq list\n',
  attributes: { state: 'ALARM', alarm: 'saleslake-local-generator-failures', service: 'generator' },
};

const stateDir = freshStateDir();
const posted: { path?: string; body: unknown }[] = [];
const faults: unknown[] = [];
let status = 200;
let webhook: Server;
let aws: HttpServer;
let sns: Sns;
let client: SNSClient;
let secrets: SecretsManagerClient;
let handler: typeof Notify.handler;
let invoked: ((event: SNSEvent) => void) | undefined;

beforeAll(async () => {
  webhook = createServer((request, response) => {
    void text(request).then((body) => {
      posted.push({ path: request.url, body: JSON.parse(body) });
      response.writeHead(status).end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(webhook, 'listening');

  let endpoint = '';
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'us-east-1',
    clock: realClock,
    stateDir,
    endpoint: () => endpoint,
    tell: () => undefined,
    authorize: () => undefined,
  };
  sns = openSns(context, {
    sendToQueue: () => undefined,
    invokeAsync: (_arn, event) => invoked?.(event as SNSEvent),
  });
  sns.createTopic({ name: 'saleslake-local-alerts', arn: TOPIC });
  sns.start();
  const services = {
    sns: sns.handler,
    secretsmanager: openSecretsManager(context).handler,
  };
  const unknown = () => Promise.reject(new Error('Nothing of the local AWS itself is asked for.'));
  aws = await serveAws(
    0,
    (request) => route(request, unknown, services),
    (error) => faults.push(error),
  );
  endpoint = `http://127.0.0.1:${aws.port}`;
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    WEBHOOK_SECRET: SECRET,
  };
  Object.assign(process.env, environment);
  client = new SNSClient();
  secrets = new SecretsManagerClient();
  await secrets.send(new CreateSecretCommand({ Name: SECRET, SecretString: 'not a URL' }));
  await client.send(
    new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'lambda', Endpoint: FUNCTION }),
  );
  // The handler reads its environment when it is loaded.
  ({ handler } = await import('../src/notify'));
});

afterAll(async () => {
  for (const each of [client, secrets]) each.destroy();
  await sns.stop();
  await aws.close();
  webhook.closeAllConnections();
  webhook.close();
  rmSync(stateDir, { recursive: true });
  expect(faults).toEqual([]);
});

beforeEach(() => {
  posted.length = 0;
  status = 200;
});

/** Does something that publishes, and gives what SNS then invokes the function with. */
async function eventOf(publish: () => Promise<unknown>): Promise<SNSEvent> {
  const event = new Promise<SNSEvent>((resolve) => (invoked = resolve));
  await publish();
  return event;
}

const notify = (event: SNSEvent): Promise<void> => handler(event, { functionName: 'n' } as Context);

/** Makes the secret the URL of the webhook. */
async function setUrl(path: string): Promise<void> {
  const { port } = webhook.address() as AddressInfo;
  const SecretString = JSON.stringify({ url: `http://127.0.0.1:${port}${path}` });
  await secrets.send(new PutSecretValueCommand({ SecretId: SECRET, SecretString }));
}

it('posts what came to the topic to the URL of the secret, once there is one', async () => {
  const event = await eventOf(() => publishMessage(client, TOPIC, message));
  await expect(notify(event)).rejects.toThrow(
    `The secret ${SECRET} is not the URL of a webhook; expected https://`,
  );
  expect(posted).toEqual([]);

  await setUrl('/services/T0/B0');
  await notify(event);
  expect(posted).toEqual([
    {
      path: '/services/T0/B0',
      body: { text: `*${message.subject}*\n\`\`\`\n${message.body.trimEnd()}\n\`\`\`` },
    },
  ]);
});

it('posts what CloudWatch itself says where alerting fails', async () => {
  await setUrl('/services/T0/B0');
  const alarm = {
    AlarmName: 'saleslake-local-alerting-failures',
    AlarmDescription: 'Alerts could not be sent: look at the alarms themselves.',
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed',
  };
  const event = await eventOf(() =>
    client.send(
      new PublishCommand({ TopicArn: TOPIC, Subject: 'ALARM', Message: JSON.stringify(alarm) }),
    ),
  );
  await notify(event);
  expect(posted).toMatchObject([
    { body: { text: expect.stringContaining(alarm.AlarmDescription) as string } },
  ]);
});

it('fails where the webhook does, so that Lambda tries again', async () => {
  await setUrl('/services/T0/B0');
  status = 503;
  const event = await eventOf(() => publishMessage(client, TOPIC, message));
  await expect(notify(event)).rejects.toThrow('The webhook answered 503.');
});
