import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  paginateListQueues,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import { arnOf, DENIED_KEY, queueConfig, START, startSqs, type LocalSqs } from './local-sqs';

let local: LocalSqs;

beforeEach(async () => {
  local = await startSqs();
});
afterEach(() => local.close());

const urlOf = (name: string) => `${local.context.endpoint()}/000000000000/${name}`;

function create(QueueName: string, Attributes?: Record<string, string>) {
  return local.client.send(new CreateQueueCommand({ QueueName, Attributes }));
}

async function attributes(name: string, ...AttributeNames: string[]) {
  const names = AttributeNames as QueueAttributeName[];
  const command = new GetQueueAttributesCommand({ QueueUrl: urlOf(name), AttributeNames: names });
  return (await local.client.send(command)).Attributes;
}

function set(name: string, Attributes: Record<string, string>) {
  return local.client.send(new SetQueueAttributesCommand({ QueueUrl: urlOf(name), Attributes }));
}

describe('creating a queue', () => {
  it('answers its URL', async () => {
    expect((await create('orders')).QueueUrl).toBe(urlOf('orders'));
  });

  it('gives it the defaults of AWS', async () => {
    await create('orders');

    expect(await attributes('orders', 'All')).toEqual({
      QueueArn: arnOf('orders'),
      VisibilityTimeout: '30',
      DelaySeconds: '0',
      MessageRetentionPeriod: '345600',
      MaximumMessageSize: '1048576',
      ReceiveMessageWaitTimeSeconds: '0',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: String(START / 1000),
      LastModifiedTimestamp: String(START / 1000),
    });
  });

  it('again with the same attributes answers the same URL', async () => {
    await create('orders', { DelaySeconds: '5' });

    expect((await create('orders', { DelaySeconds: '5' })).QueueUrl).toBe(urlOf('orders'));
  });

  it('again with other attributes is refused', async () => {
    await create('orders');

    await expect(create('orders', { DelaySeconds: '5' })).rejects.toMatchObject({
      name: 'QueueNameExists',
      Code: 'QueueAlreadyExists',
    });
  });

  it('refuses a FIFO queue as not emulated', async () => {
    await expect(create('orders.fifo', { FifoQueue: 'true' })).rejects.toThrow(/not emulated/);
    expect(() => local.sqs.createQueue(queueConfig('orders.fifo'))).toThrow(
      'FIFO queue orders.fifo: not emulated',
    );
  });

  it.each(['', 'a b', 'a/b', 'x'.repeat(81)])('refuses the name %j', (name) => {
    expect(() => local.sqs.createQueue(queueConfig(name))).toThrow(/Queue name/);
  });

  it.each([
    ['VisibilityTimeout', '43201'],
    ['DelaySeconds', '-1'],
    ['MessageRetentionPeriod', '59'],
    ['MaximumMessageSize', '1048577'],
    ['ReceiveMessageWaitTimeSeconds', '1.5'],
    ['VisibilityTimeout', ''],
    ['RedrivePolicy', '{'],
    ['RedrivePolicy', '{"maxReceiveCount":3}'],
  ])('refuses %s %j', async (name, value) => {
    await expect(create('orders', { [name]: value })).rejects.toMatchObject({
      name: 'InvalidAttributeValue',
      message: expect.stringContaining(name) as string,
    });
  });

  it('refuses an attribute that does not exist', async () => {
    await expect(create('orders', { Colour: 'red' })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute Colour.',
    });
  });

  it('refuses an attribute that has no effect here', async () => {
    await expect(create('orders', { KmsMasterKeyId: 'a' })).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('KmsMasterKeyId') as string,
    });
  });

  it('from a template keeps the messages of the queue there is', () => {
    local.sqs.createQueue(queueConfig('orders'));
    local.sqs.send(arnOf('orders'), 'a');
    local.sqs.createQueue(queueConfig('orders', { visibilityTimeoutSeconds: 90 }));

    expect(local.sqs.queue(arnOf('orders')).config().visibilityTimeoutSeconds).toBe(90);
    expect(local.sqs.queues()).toMatchObject([{ name: 'orders', visible: 1 }]);
  });

  it('refuses an ARN that is not of the queue', () => {
    expect(() => local.sqs.createQueue(queueConfig('orders', { arn: arnOf('other') }))).toThrow(
      `expected ${arnOf('orders')}`,
    );
  });
});

describe('attributes of a queue', () => {
  it('are answered by name', async () => {
    await create('orders');

    expect(await attributes('orders', 'DelaySeconds', 'Policy')).toEqual({ DelaySeconds: '0' });
  });

  it('that do not exist are refused', async () => {
    await create('orders');

    await expect(attributes('orders', 'Colour')).rejects.toMatchObject({
      name: 'InvalidAttributeName',
    });
  });

  it('can be set', async () => {
    await create('orders', { VisibilityTimeout: '60' });
    local.clock.advance(5_000);
    await set('orders', { DelaySeconds: '7' });

    expect(await attributes('orders', 'All')).toMatchObject({
      VisibilityTimeout: '60',
      DelaySeconds: '7',
      CreatedTimestamp: String(START / 1000),
      LastModifiedTimestamp: String(START / 1000 + 5),
    });
  });

  it('say where failed messages go, until the policy is taken away', async () => {
    await create('dlq');
    const policy = { deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 3 };
    await create('orders', { RedrivePolicy: JSON.stringify({ ...policy, maxReceiveCount: '3' }) });
    const { RedrivePolicy = '' } = (await attributes('orders', 'RedrivePolicy')) ?? {};
    expect(JSON.parse(RedrivePolicy)).toEqual(policy);

    await set('orders', { RedrivePolicy: '' });
    expect(await attributes('orders', 'RedrivePolicy')).toBeUndefined();
  });

  it('cannot name a dead-letter queue that does not exist', async () => {
    const policy = { deadLetterTargetArn: arnOf('absent'), maxReceiveCount: 3 };

    await expect(create('orders', { RedrivePolicy: JSON.stringify(policy) })).rejects.toThrow(
      'Dead letter target does not exist.',
    );
  });

  it('count messages that are visible, in flight and delayed', async () => {
    await create('orders');
    for (const body of ['a', 'b', 'c']) local.sqs.send(arnOf('orders'), body);
    const QueueUrl = urlOf('orders');
    const delayed = { QueueUrl, MessageBody: 'd', DelaySeconds: 9 };
    await local.client.send(new SendMessageCommand(delayed));
    await local.client.send(new ReceiveMessageCommand({ QueueUrl }));

    expect(await attributes('orders', 'All')).toMatchObject({
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
    });
    local.clock.advance(12_345);
    expect(local.sqs.queues()).toEqual([
      {
        name: 'orders',
        arn: arnOf('orders'),
        visible: 3,
        inFlight: 1,
        delayed: 0,
        oldestAgeSeconds: 12,
      },
    ]);
  });
});

describe('finding queues', () => {
  it('by name answers the URL', async () => {
    await create('orders');
    const found = await local.client.send(new GetQueueUrlCommand({ QueueName: 'orders' }));

    expect(found.QueueUrl).toBe(urlOf('orders'));
  });

  it('that do not exist fails with the code of either protocol', async () => {
    const command = new GetQueueUrlCommand({ QueueName: 'absent' });

    await expect(local.client.send(command)).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
      Code: 'AWS.SimpleQueueService.NonExistentQueue',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('of another account fails', async () => {
    await create('orders');
    const QueueUrl = urlOf('orders').replace('000000000000', '111111111111');
    const command = new SendMessageCommand({ QueueUrl, MessageBody: 'a' });

    await expect(local.client.send(command)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('by prefix, sorted', async () => {
    for (const name of ['b-2', 'a-1', 'b-1']) await create(name);
    const list = await local.client.send(new ListQueuesCommand({ QueueNamePrefix: 'b-' }));

    expect(list.QueueUrls).toEqual([urlOf('b-1'), urlOf('b-2')]);
    expect(list.NextToken).toBeUndefined();
  });

  it('page by page finds each once', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await create(name);
    const pages: (string[] | undefined)[] = [];
    for await (const page of paginateListQueues({ client: local.client, pageSize: 2 }, {})) {
      pages.push(page.QueueUrls);
    }

    expect(pages).toEqual([[urlOf('a'), urlOf('b')], [urlOf('c'), urlOf('d')], [urlOf('e')]]);
  });

  it('by their dead-letter queue', async () => {
    local.sqs.createQueue(queueConfig('dlq'));
    const redrive = { deadLetterTargetArn: arnOf('dlq'), maxReceiveCount: 3 };
    local.sqs.createQueue(queueConfig('orders', { redrive }));
    const command = new ListDeadLetterSourceQueuesCommand({ QueueUrl: urlOf('dlq') });

    expect((await local.client.send(command)).queueUrls).toEqual([urlOf('orders')]);
  });
});

describe('emptying and deleting', () => {
  it('a purge deletes every message, those in flight too', async () => {
    await create('orders');
    local.sqs.send(arnOf('orders'), 'a');
    local.sqs.send(arnOf('orders'), 'b');
    local.sqs.queue(arnOf('orders')).receive(1);
    await local.client.send(new PurgeQueueCommand({ QueueUrl: urlOf('orders') }));

    expect(local.sqs.queues()).toMatchObject([{ visible: 0, inFlight: 0 }]);
  });

  it('a second purge within 60 seconds is refused', async () => {
    await create('orders');
    const purge = () => local.client.send(new PurgeQueueCommand({ QueueUrl: urlOf('orders') }));
    await purge();
    local.clock.advance(59_999);
    await expect(purge()).rejects.toMatchObject({ name: 'PurgeQueueInProgress' });

    local.clock.advance(1);
    await expect(purge()).resolves.toBeDefined();
  });

  it('a deleted queue is gone with its messages', async () => {
    await create('orders');
    local.sqs.send(arnOf('orders'), 'a');
    await local.client.send(new DeleteQueueCommand({ QueueUrl: urlOf('orders') }));
    expect(() => local.sqs.queue(arnOf('orders'))).toThrow('does not exist');

    await create('orders');
    expect(local.sqs.queues()).toMatchObject([{ visible: 0 }]);
  });
});

describe('what cannot be done', () => {
  it('an operation that is not there is refused by name', async () => {
    await create('orders');
    const command = new ListQueueTagsCommand({ QueueUrl: urlOf('orders') });

    await expect(local.client.send(command)).rejects.toThrow('AmazonSQS.ListQueueTags');
  });

  it.each([
    ['sqs:SendMessage', () => new SendMessageCommand({ QueueUrl: urlOf('a'), MessageBody: 'b' })],
    ['sqs:ReceiveMessage', () => new ReceiveMessageCommand({ QueueUrl: urlOf('a') })],
    ['sqs:PurgeQueue', () => new PurgeQueueCommand({ QueueUrl: urlOf('a') })],
    ['sqs:CreateQueue', () => new CreateQueueCommand({ QueueName: 'a' })],
  ])('a caller not allowed %s is refused', async (action, command) => {
    local.sqs.createQueue(queueConfig('a'));
    const denied = local.clientWithKey(DENIED_KEY).send(command() as SendMessageCommand);

    await expect(denied).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `${action} on ${arnOf('a')}`,
    });
  });
});
