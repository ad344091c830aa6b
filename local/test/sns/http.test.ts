import {
  ConfirmSubscriptionCommand,
  GetSubscriptionAttributesCommand,
  ListSubscriptionsCommand,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { startHttpEndpoint, type HttpEndpoint } from './http-endpoint';
import {
  DEAD_LETTERS,
  startSns,
  subscription,
  TOPIC,
  type LocalSns,
  type StartOptions,
} from './local-sns';

let endpoint: HttpEndpoint;
let local: LocalSns;

beforeEach(async () => {
  endpoint = await startHttpEndpoint();
});

afterEach(async () => {
  await local.close();
  await endpoint.close();
});

/** SNS with the endpoint subscribed by a template. */
async function start(changed: object = {}, options: StartOptions = {}): Promise<void> {
  const declared = subscription({ protocol: 'http', endpoint: endpoint.url, ...changed });
  local = await startSns({ subscriptions: [declared], ...options });
}

/** Resolves when this has been told. */
async function isTold(what: string, times = 1): Promise<void> {
  while (local.told.filter((activity) => activity.what === what).length < times) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a message to an HTTP endpoint', () => {
  it('is posted in its envelope, with headers that tell what it is', async () => {
    await start();
    const id = local.sns.publish(TOPIC, { subject: 's', message: 'm' });
    await endpoint.receives(1);
    const [{ headers, body } = { headers: {}, body: '' }] = endpoint.received;
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=UTF-8',
      'user-agent': 'Amazon Simple Notification Service Agent',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': id,
      'x-amz-sns-topic-arn': TOPIC,
      'x-amz-sns-subscription-arn': `${TOPIC}:declared`,
    });
    expect(JSON.parse(body)).toMatchObject({ Type: 'Notification', Subject: 's', Message: 'm' });
  });

  it('is posted alone where the subscription wants it raw', async () => {
    await start({ rawMessageDelivery: true });
    local.sns.publish(TOPIC, { message: 'plain' });
    await endpoint.receives(1);
    expect(endpoint.received[0]?.body).toBe('plain');
    expect(endpoint.received[0]?.headers['x-amz-sns-rawdelivery']).toBe('true');
  });

  it('is posted three times more, 20 seconds apart, where the endpoint has an error', async () => {
    await start({ deadLetterTargetArn: DEAD_LETTERS });
    endpoint.status = 503;
    local.sns.publish(TOPIC, { message: 'm' });
    for (const failed of [1, 2, 3]) {
      await isTold('retry planned', failed);
      local.clock.advance(19_999);
      expect(endpoint.received).toHaveLength(failed);
      local.clock.advance(1);
    }
    await isTold('dead letter');
    expect(endpoint.received).toHaveLength(4);
    expect(local.targets.sent).toMatchObject([{ arn: DEAD_LETTERS }]);
    const ids = endpoint.received.map(({ headers }) => headers['x-amz-sns-message-id']);
    expect(new Set(ids).size).toBe(1);
  });

  it('is not posted again where the endpoint refuses it', async () => {
    await start({ deadLetterTargetArn: DEAD_LETTERS });
    endpoint.status = 404;
    local.sns.publish(TOPIC, { message: 'm' });
    await isTold('dead letter');
    expect(endpoint.received).toHaveLength(1);
  });

  it('waits for another attempt where nobody listens', async () => {
    await start({ endpoint: 'http://127.0.0.1:1/' });
    local.sns.publish(TOPIC, { message: 'm' });
    await isTold('retry planned');
    expect(local.told.at(-1)?.detail).toContain('http://127.0.0.1:1/ did not answer');
  });

  it('is posted by the next process where the last one ended meanwhile', async () => {
    await start();
    endpoint.status = undefined;
    local.sns.publish(TOPIC, { message: 'm' });
    await endpoint.receives(1);
    const { stateDir, clock } = local;
    await local.close();
    endpoint.status = 200;
    await start({}, { stateDir, clock });
    await endpoint.receives(2);
    await isTold('delivered');
    expect(endpoint.received[1]?.body).toContain('"Message": "m"');
    expect(local.sns.idle()).toBe(true);
  });
});

describe('an HTTP endpoint that is subscribed by API', () => {
  const subscribe = (more: object = {}) =>
    local.client.send(
      new SubscribeCommand({
        TopicArn: TOPIC,
        Protocol: 'http',
        Endpoint: endpoint.url,
        ...more,
      }),
    );

  async function question(): Promise<Record<string, string>> {
    await endpoint.receives(1);
    return JSON.parse(endpoint.received[0]?.body ?? '') as Record<string, string>;
  }

  it('is asked to confirm, and gets nothing before it does', async () => {
    local = await startSns();
    expect((await subscribe()).SubscriptionArn).toBe('pending confirmation');
    const asked = await question();
    expect(endpoint.received[0]?.headers).toMatchObject({
      'x-amz-sns-message-type': 'SubscriptionConfirmation',
      'x-amz-sns-topic-arn': TOPIC,
    });
    expect(asked).toMatchObject({
      Type: 'SubscriptionConfirmation',
      TopicArn: TOPIC,
      Token: expect.any(String) as string,
      Message: expect.stringContaining(TOPIC) as string,
    });
    local.sns.publish(TOPIC, { message: 'too early' });
    await isTold('delivered');
    const { Subscriptions } = await local.client.send(new ListSubscriptionsCommand({}));
    expect(Subscriptions).toMatchObject([{ SubscriptionArn: 'PendingConfirmation' }]);
    expect(local.sns.idle()).toBe(true);
    expect(endpoint.received).toHaveLength(1);
  });

  it('is confirmed by the token', async () => {
    local = await startSns();
    const { SubscriptionArn } = await subscribe({ ReturnSubscriptionArn: true });
    const { Token } = await question();
    const confirm = new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token });
    expect((await local.client.send(confirm)).SubscriptionArn).toBe(SubscriptionArn);
    const { Attributes } = await local.client.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn }),
    );
    expect(Attributes).toMatchObject({ PendingConfirmation: 'false' });
  });

  it('is confirmed by a visit to the link, and then gets messages', async () => {
    local = await startSns();
    await subscribe();
    const { SubscribeURL = '' } = await question();
    expect((await fetch(SubscribeURL)).status).toBe(200);
    local.sns.publish(TOPIC, { message: 'm' });
    await endpoint.receives(2);
    expect(endpoint.received[1]?.headers['x-amz-sns-message-type']).toBe('Notification');
  });

  it('is not confirmed by another token', async () => {
    local = await startSns();
    await subscribe();
    const confirm = new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token: 'wrong' });
    await expect(local.client.send(confirm)).rejects.toThrow('Token');
  });
});
