import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  paginateListTopics,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import {
  ACCOUNT,
  DEAD_LETTERS,
  DENIED_KEY,
  FUNCTION,
  QUEUE,
  REGION,
  startSns,
  subscription,
  TOPIC,
  type LocalSns,
} from './local-sns';

let local: LocalSns;

afterEach(() => local.close());

async function subscribe(input: Partial<SubscribeCommandInput> = {}): Promise<string> {
  const { SubscriptionArn = '' } = await local.client.send(
    new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE, ...input }),
  );
  return SubscriptionArn;
}

async function restart(): Promise<void> {
  const { stateDir, clock, targets } = local;
  await local.close();
  local = await startSns({ stateDir, clock, targets });
}

const attributesOf = async (SubscriptionArn: string): Promise<Record<string, string>> =>
  (await local.client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes ??
  {};

const setAttribute = (SubscriptionArn: string, AttributeName: string, AttributeValue: string) =>
  local.client.send(
    new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }),
  );

const topicAttributes = async (): Promise<Record<string, string>> =>
  (await local.client.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }))).Attributes ?? {};

describe('a topic', () => {
  it('is made once, and lives on', async () => {
    local = await startSns();
    const create = new CreateTopicCommand({ Name: 'made', Attributes: { DisplayName: 'Made' } });
    const { TopicArn } = await local.client.send(create);
    expect(TopicArn).toBe(`arn:aws:sns:${REGION}:${ACCOUNT}:made`);
    expect((await local.client.send(create)).TopicArn).toBe(TopicArn);
    await restart();
    const { Topics } = await local.client.send(new ListTopicsCommand({}));
    expect(Topics).toEqual([{ TopicArn: TOPIC }, { TopicArn }]);
  });

  it('tells its attributes, which can be changed', async () => {
    local = await startSns({ subscriptions: [subscription()] });
    await local.client.send(
      new SetTopicAttributesCommand({
        TopicArn: TOPIC,
        AttributeName: 'DisplayName',
        AttributeValue: 'Saleslake',
      }),
    );
    expect(await topicAttributes()).toEqual({
      TopicArn: TOPIC,
      Owner: ACCOUNT,
      DisplayName: 'Saleslake',
      SubscriptionsConfirmed: '1',
      SubscriptionsPending: '0',
    });
  });

  it('goes with its subscriptions', async () => {
    local = await startSns();
    await subscribe();
    await local.client.send(new DeleteTopicCommand({ TopicArn: TOPIC }));
    expect((await local.client.send(new ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
    await expect(topicAttributes()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a.b', {}, 'a.b'],
    ['a.fifo', {}, 'FIFO'],
    ['a', { KmsMasterKeyId: 'k' }, 'KmsMasterKeyId'],
    ['a', { DisplayName: 'a\nb' }, 'DisplayName'],
    ['alerts', { DisplayName: 'another' }, 'already exists'],
  ])('is refused: %s with %j', async (Name, Attributes, named) => {
    local = await startSns();
    const refusal = local.client.send(new CreateTopicCommand({ Name, Attributes }));
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(refusal).rejects.toThrow(named);
  });

  it('is listed by pages of a hundred', async () => {
    local = await startSns();
    const names = Array.from({ length: 101 }, (_, i) => `t${i}`);
    for (const name of names) {
      local.sns.createTopic({ name, arn: `arn:aws:sns:${REGION}:${ACCOUNT}:${name}` });
    }
    const sizes: number[] = [];
    const seen = new Set<string>();
    for await (const { Topics = [] } of paginateListTopics({ client: local.client }, {})) {
      sizes.push(Topics.length);
      for (const { TopicArn = '' } of Topics) seen.add(TopicArn);
    }
    expect(sizes).toEqual([100, 2]);
    expect(seen.size).toBe(102);
  });
});

describe('a subscription of a queue', () => {
  it('gets messages at once, also after a restart', async () => {
    local = await startSns();
    const arn = await subscribe();
    expect(arn).toMatch(new RegExp(`^${TOPIC}:[0-9a-f-]{36}$`));
    await local.client.send(new PublishCommand({ TopicArn: TOPIC, Message: 'before' }));
    await restart();
    await local.client.send(new PublishCommand({ TopicArn: TOPIC, Message: 'after' }));
    expect(local.targets.sent).toHaveLength(2);
  });

  it('is the same one where it is made twice', async () => {
    local = await startSns();
    expect(await subscribe()).toBe(await subscribe());
    const different = subscribe({ Attributes: { RawMessageDelivery: 'true' } });
    await expect(different).rejects.toThrow('already exists with different attributes');
  });

  it('is listed', async () => {
    local = await startSns();
    const SubscriptionArn = await subscribe();
    const listed = {
      SubscriptionArn,
      Owner: ACCOUNT,
      Protocol: 'sqs',
      Endpoint: QUEUE,
      TopicArn: TOPIC,
    };
    const all = await local.client.send(new ListSubscriptionsCommand({}));
    expect(all.Subscriptions).toEqual([listed]);
    const byTopic = new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC });
    expect((await local.client.send(byTopic)).Subscriptions).toEqual([listed]);
  });

  it('tells its attributes, which can be changed', async () => {
    local = await startSns();
    const arn = await subscribe({ Attributes: { RawMessageDelivery: 'true' } });
    const FilterPolicy = '{"stage":["prod"]}';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: DEAD_LETTERS });
    await setAttribute(arn, 'FilterPolicyScope', 'MessageBody');
    await setAttribute(arn, 'FilterPolicy', FilterPolicy);
    await setAttribute(arn, 'RedrivePolicy', RedrivePolicy);
    await restart();
    expect(await attributesOf(arn)).toEqual({
      SubscriptionArn: arn,
      TopicArn: TOPIC,
      Protocol: 'sqs',
      Endpoint: QUEUE,
      Owner: ACCOUNT,
      RawMessageDelivery: 'true',
      PendingConfirmation: 'false',
      ConfirmationWasAuthenticated: 'true',
      FilterPolicy,
      FilterPolicyScope: 'MessageBody',
      RedrivePolicy,
    });
  });

  it('has no filter any more where that is emptied', async () => {
    local = await startSns();
    const arn = await subscribe({ Attributes: { FilterPolicy: '{"stage":["prod"]}' } });
    await setAttribute(arn, 'FilterPolicy', '{}');
    expect(await attributesOf(arn)).not.toHaveProperty('FilterPolicy');
  });

  it('gets what its filter lets through', async () => {
    local = await startSns();
    await subscribe({
      Attributes: { FilterPolicy: '{"stage":["prod"]}', FilterPolicyScope: 'MessageBody' },
    });
    for (const Message of ['{"stage":"test"}', '{"stage":"prod"}', 'prod']) {
      await local.client.send(new PublishCommand({ TopicArn: TOPIC, Message }));
    }
    expect(local.targets.sent).toHaveLength(1);
    expect(local.targets.sent[0]?.body).toContain('prod');
  });

  it('ends', async () => {
    local = await startSns();
    const SubscriptionArn = await subscribe();
    await local.client.send(new UnsubscribeCommand({ SubscriptionArn }));
    await local.client.send(new PublishCommand({ TopicArn: TOPIC, Message: 'm' }));
    expect(local.targets.sent).toEqual([]);
    await expect(attributesOf(SubscriptionArn)).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('ends where the link in a message is visited', async () => {
    local = await startSns();
    await subscribe();
    await local.client.send(new PublishCommand({ TopicArn: TOPIC, Message: 'm' }));
    const body = JSON.parse(local.targets.sent[0]?.body ?? '') as { UnsubscribeURL: string };
    expect((await fetch(body.UnsubscribeURL)).status).toBe(200);
    expect((await topicAttributes()).SubscriptionsConfirmed).toBe('0');
  });
});

describe('subscribing', () => {
  it.each<[string, Partial<SubscribeCommandInput>, string]>([
    ['an unknown protocol', { Protocol: 'sms', Endpoint: '+1' }, 'sms'],
    ['a queue by no ARN', { Endpoint: 'inbox' }, "a standard queue's ARN"],
    ['a FIFO queue', { Endpoint: `${QUEUE}.fifo` }, "a standard queue's ARN"],
    ['no address', { Protocol: 'email', Endpoint: 'me' }, 'an e-mail address'],
    ['two addresses', { Protocol: 'email', Endpoint: 'a@b.de,c@d.de' }, 'an e-mail address'],
    ['http to https', { Protocol: 'http', Endpoint: 'https://x' }, 'begins with http://'],
    [
      'a function in the raw',
      { Protocol: 'lambda', Endpoint: FUNCTION, Attributes: { RawMessageDelivery: 'true' } },
      'RawMessageDelivery',
    ],
    ['a filter that is no JSON', { Attributes: { FilterPolicy: '{' } }, 'FilterPolicy'],
    ['an unknown scope', { Attributes: { FilterPolicyScope: 'Body' } }, 'Body'],
    ['a redrive policy without a queue', { Attributes: { RedrivePolicy: '{}' } }, 'RedrivePolicy'],
    ['a delivery policy', { Attributes: { DeliveryPolicy: '{}' } }, 'DeliveryPolicy'],
  ])('is refused with %s', async (_, input, named) => {
    local = await startSns();
    const refusal = subscribe(input);
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(refusal).rejects.toThrow(named);
  });
});

it('lets a template declare no subscription of a topic that there is not', async () => {
  local = await startSns();
  const declare = (): void =>
    local.sns.createSubscription(subscription({ topicArn: `${TOPIC}-gone` }));
  expect(declare).toThrow('Topic does not exist');
});

it("needs the caller's leave for each operation", async () => {
  local = await startSns({ subscriptions: [subscription()] });
  const client = local.clientWithKey(DENIED_KEY);
  const SubscriptionArn = `${TOPIC}:declared`;
  const forbidden = [
    client.send(new CreateTopicCommand({ Name: 'x' })),
    client.send(new DeleteTopicCommand({ TopicArn: TOPIC })),
    client.send(new ListTopicsCommand({})),
    client.send(new GetTopicAttributesCommand({ TopicArn: TOPIC })),
    client.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'DisplayName' })),
    client.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: 'sqs', Endpoint: QUEUE })),
    client.send(new ConfirmSubscriptionCommand({ TopicArn: TOPIC, Token: 't' })),
    client.send(new UnsubscribeCommand({ SubscriptionArn })),
    client.send(new ListSubscriptionsCommand({})),
    client.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC })),
    client.send(new GetSubscriptionAttributesCommand({ SubscriptionArn })),
    client.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'FilterPolicy' }),
    ),
  ];
  const outcomes = await Promise.allSettled(forbidden);
  const names = outcomes.map((outcome) =>
    outcome.status === 'rejected' ? (outcome.reason as Error).name : outcome.status,
  );
  expect(names).toEqual(forbidden.map(() => 'AuthorizationErrorException'));
});
