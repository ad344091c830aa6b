import { PublishBatchCommand, PublishCommand, type PublishCommandInput } from '@aws-sdk/client-sns';
import {
  DENIED_KEY,
  DEAD_LETTERS,
  FUNCTION,
  QUEUE,
  START,
  startSns,
  subscription,
  TOPIC,
  type LocalSns,
} from './local-sns';

let local: LocalSns;

afterEach(() => local.close());

const publish = (input: PublishCommandInput) =>
  local.client.send(new PublishCommand({ TopicArn: TOPIC, ...input }));

const bodies = (): Record<string, unknown>[] =>
  local.targets.sent.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

describe('a message to a queue', () => {
  it('comes in an envelope', async () => {
    local = await startSns({ subscriptions: [subscription()] });

    const { MessageId } = await publish({
      Subject: 'Rows quarantined',
      Message: 'Zeile 3: "Menge" fehlt\r\n\u0007 <&>',
      MessageAttributes: {
        stage: { DataType: 'String', StringValue: 'prod' },
        rows: { DataType: 'Number', StringValue: '3' },
        tables: { DataType: 'String.Array', StringValue: '["orders"]' },
        mark: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
      },
    });

    expect(local.targets.sent.map(({ arn }) => arn)).toEqual([QUEUE]);
    expect(bodies()).toEqual([
      {
        Type: 'Notification',
        MessageId,
        TopicArn: TOPIC,
        Subject: 'Rows quarantined',
        Message: 'Zeile 3: "Menge" fehlt\r\n\u0007 <&>',
        Timestamp: new Date(START).toISOString(),
        SignatureVersion: '1',
        Signature: expect.any(String) as string,
        SigningCertURL: expect.stringMatching(/^http.*\.pem$/) as string,
        UnsubscribeURL: expect.stringContaining('Action=Unsubscribe') as string,
        MessageAttributes: {
          stage: { Type: 'String', Value: 'prod' },
          rows: { Type: 'Number', Value: '3' },
          tables: { Type: 'String.Array', Value: '["orders"]' },
          mark: { Type: 'Binary', Value: 'AP8=' },
        },
      },
    ]);
  });

  it('has neither Subject nor MessageAttributes where the publisher gave none', async () => {
    local = await startSns({ subscriptions: [subscription()] });
    await publish({ Message: 'm' });
    expect(Object.keys(bodies()[0] ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(Subject|MessageAttributes)$/)]),
    );
  });

  it('comes alone, its attributes beside it, where the subscription wants it raw', async () => {
    local = await startSns({ subscriptions: [subscription({ rawMessageDelivery: true })] });
    await publish({
      Message: 'plain',
      MessageAttributes: { stage: { DataType: 'String', StringValue: 'prod' } },
    });
    expect(local.targets.sent).toEqual([
      { arn: QUEUE, body: 'plain', attributes: { stage: { type: 'String', value: 'prod' } } },
    ]);
  });

  it('goes to each subscription of its topic and to no other', async () => {
    const OTHER = `${TOPIC}-other`;
    local = await startSns({
      subscriptions: [subscription(), subscription({ arn: `${TOPIC}:2`, endpoint: DEAD_LETTERS })],
    });
    local.sns.createTopic({ name: 'alerts-other', arn: OTHER });
    local.sns.createSubscription(subscription({ arn: `${OTHER}:1`, topicArn: OTHER }));
    await publish({ Message: 'm' });
    expect(local.targets.sent.map(({ arn }) => arn).sort()).toEqual([DEAD_LETTERS, QUEUE]);
  });
});

describe('a message to a function', () => {
  it('is an event with one record', async () => {
    local = await startSns({
      subscriptions: [subscription({ protocol: 'lambda', endpoint: FUNCTION })],
    });

    const { MessageId } = await publish({
      Message: 'm',
      MessageAttributes: { stage: { DataType: 'String', StringValue: 'prod' } },
    });

    expect(local.targets.invoked).toEqual([
      {
        arn: FUNCTION,
        payload: {
          Records: [
            {
              EventSource: 'aws:sns',
              EventVersion: '1.0',
              EventSubscriptionArn: `${TOPIC}:declared`,
              Sns: {
                Type: 'Notification',
                MessageId,
                TopicArn: TOPIC,
                Subject: null,
                Message: 'm',
                Timestamp: '2025-01-15T12:00:00.000Z',
                SignatureVersion: '1',
                Signature: expect.any(String) as string,
                SigningCertUrl: expect.any(String) as string,
                UnsubscribeUrl: expect.any(String) as string,
                MessageAttributes: { stage: { Type: 'String', Value: 'prod' } },
              },
            },
          ],
        },
      },
    ]);
  });
});

describe('a message of structure json', () => {
  const Message = JSON.stringify({ default: 'for all', lambda: 'for functions', sqs: 3 });

  it('has a text for each protocol', async () => {
    const toFunction = subscription({
      arn: `${TOPIC}:2`,
      protocol: 'lambda',
      endpoint: FUNCTION,
    });
    local = await startSns({ subscriptions: [subscription(), toFunction] });
    await publish({ Message, MessageStructure: 'json' });
    expect(bodies()).toMatchObject([{ Message: 'for all' }]);
    expect(local.targets.invoked).toMatchObject([
      { payload: { Records: [{ Sns: { Message: 'for functions' } }] } },
    ]);
  });

  it.each([
    ['without a default', '{"sqs":"x"}', 'No default entry'],
    ['that is no JSON', '{', 'failed to parse'],
  ])('is refused %s', async (_, text, reason) => {
    local = await startSns();
    await expect(publish({ Message: text, MessageStructure: 'json' })).rejects.toThrow(reason);
  });
});

describe('publishing', () => {
  it.each<[string, PublishCommandInput, string]>([
    ['no message', { Message: '' }, 'Empty message'],
    ['a subject of two lines', { Message: 'm', Subject: 'a\nb' }, 'Subject'],
    ['a subject that begins with a space', { Message: 'm', Subject: ' a' }, 'Subject'],
    ['a subject of 101 characters', { Message: 'm', Subject: 'a'.repeat(101) }, 'Subject'],
    ['a subject that is not ASCII', { Message: 'm', Subject: 'Größe' }, 'Subject'],
    ['a message of more than 256 KiB', { Message: 'a'.repeat(262_145) }, 'Message too long'],
    [
      'a message that its attributes make too long',
      {
        Message: 'a'.repeat(262_144 - 'nStringv'.length + 1),
        MessageAttributes: { n: { DataType: 'String', StringValue: 'v' } },
      },
      'Message too long',
    ],
    [
      'an attribute without a value',
      { Message: 'm', MessageAttributes: { n: { DataType: 'String', StringValue: '' } } },
      "'n'",
    ],
    [
      'an attribute of an unknown type',
      { Message: 'm', MessageAttributes: { n: { DataType: 'Date', StringValue: 'x' } } },
      'Date',
    ],
    [
      'a Number that is none',
      { Message: 'm', MessageAttributes: { n: { DataType: 'Number', StringValue: 'x' } } },
      'no number',
    ],
    ['a phone number', { Message: 'm', TopicArn: undefined, PhoneNumber: '+1' }, 'PhoneNumber'],
    ['a group id', { Message: 'm', MessageGroupId: 'g' }, 'MessageGroupId'],
  ])('refuses %s', async (_, input, named) => {
    local = await startSns();
    const refusal = publish(input);
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(refusal).rejects.toThrow(named);
  });

  it.each<[string, PublishCommandInput]>([
    ['a subject of 100 characters', { Message: 'm', Subject: `"${'a'.repeat(99)}` }],
    ['a message of 256 KiB', { Message: 'ä'.repeat(131_072) }],
  ])('takes %s', async (_, input) => {
    local = await startSns();
    expect((await publish(input)).MessageId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is refused for a topic that there is not', async () => {
    local = await startSns();
    const refusal = publish({ TopicArn: `${TOPIC}-gone`, Message: 'm' });
    await expect(refusal).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it("needs the caller's leave on the topic", async () => {
    local = await startSns({ subscriptions: [subscription()] });
    const refusal = local
      .clientWithKey(DENIED_KEY)
      .send(new PublishCommand({ TopicArn: TOPIC, Message: 'm' }));
    await expect(refusal).rejects.toMatchObject({ name: 'AuthorizationErrorException' });
    await expect(refusal).rejects.toThrow(`sns:Publish on ${TOPIC}`);
    expect(local.targets.sent).toEqual([]);
  });

  it('is possible for other services', async () => {
    local = await startSns({ subscriptions: [subscription()] });
    const id = local.sns.publish(TOPIC, { subject: 's', message: 'm' });
    expect(bodies()).toMatchObject([{ MessageId: id, Subject: 's', Message: 'm' }]);
    expect(local.sns.idle()).toBe(true);
  });
});

describe('a batch', () => {
  it('publishes what it can and tells what it cannot', async () => {
    local = await startSns({ subscriptions: [subscription()] });
    const { Successful, Failed } = await local.client.send(
      new PublishBatchCommand({
        TopicArn: TOPIC,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'first', Subject: 'one' },
          { Id: 'b', Message: '' },
        ],
      }),
    );
    expect(bodies()).toMatchObject([{ Message: 'first', Subject: 'one' }]);
    expect(Successful).toEqual([{ Id: 'a', MessageId: bodies()[0]?.MessageId }]);
    expect(Failed).toEqual([
      {
        Id: 'b',
        Code: 'InvalidParameter',
        Message: 'Invalid parameter: Empty message',
        SenderFault: true,
      },
    ]);
  });

  it.each([
    ['without entries', [], 'EmptyBatchRequestException'],
    [
      'of eleven',
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, Message: 'm' })),
      'TooManyEntriesInBatchRequestException',
    ],
    [
      'with an id twice',
      [
        { Id: 'a', Message: 'm' },
        { Id: 'a', Message: 'm' },
      ],
      'BatchEntryIdsNotDistinctException',
    ],
    [
      'of more than 256 KiB',
      ['a', 'b'].map((Id) => ({ Id, Message: 'x'.repeat(131_073) })),
      'BatchRequestTooLongException',
    ],
  ])('is refused %s', async (_, PublishBatchRequestEntries, name) => {
    local = await startSns();
    const batch = new PublishBatchCommand({ TopicArn: TOPIC, PublishBatchRequestEntries });
    await expect(local.client.send(batch)).rejects.toMatchObject({ name });
  });
});

it('refuses an action by name that it does not have', async () => {
  local = await startSns();
  const answer = await fetch(local.endpoint, { method: 'POST', body: 'Action=OptInPhoneNumber' });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(
    'has no action &#34;OptInPhoneNumber&#34;; it has: Publish,',
  );
});
