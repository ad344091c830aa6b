import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type Message,
  type ReceiveMessageCommandInput,
} from '@aws-sdk/client-sqs';
import { arnOf, queueConfig, START, startSqs, type LocalSqs } from './local-sqs';

let local: LocalSqs;
let QueueUrl: string;

beforeEach(async () => {
  local = await startSqs();
  local.sqs.createQueue(queueConfig('orders'));
  QueueUrl = `${local.context.endpoint()}/000000000000/orders`;
});
afterEach(() => local.close());

async function receive(options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options });
  return (await local.client.send(command)).Messages ?? [];
}

async function receiveOne(options: Partial<ReceiveMessageCommandInput> = {}): Promise<Message> {
  const messages = await receive(options);
  expect(messages).toHaveLength(1);
  return messages[0] ?? {};
}

function send(MessageBody: string, options = {}) {
  return local.client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...options }));
}

const bodies = (messages: Message[]) => messages.map(({ Body }) => Body);

describe('sending', () => {
  it('hands messages out in the order they came', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);

    expect(bodies(await receive())).toEqual(['a', 'b', 'c']);
  });

  it('answers the id that the receiver sees', async () => {
    const { MessageId } = await send('a');

    expect((await receiveOne()).MessageId).toBe(MessageId);
  });

  it('hides a message sent with a delay until the delay is over', async () => {
    await send('later', { DelaySeconds: 10 });
    local.clock.advance(9_999);
    expect(await receive()).toEqual([]);

    local.clock.advance(1);
    expect(bodies(await receive())).toEqual(['later']);
  });

  it("delays by the queue's own delay where the message has none", async () => {
    local.sqs.createQueue(queueConfig('orders', { delaySeconds: 5 }));
    await send('later');
    await send('now', { DelaySeconds: 0 });

    expect(bodies(await receive())).toEqual(['now']);
  });

  it('takes one MiB and refuses one byte more', async () => {
    await send('x'.repeat(1024 * 1024));

    await expect(send('x'.repeat(1024 * 1024 + 1))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('1048576 bytes; it is 1048577') as string,
    });
  });

  it('counts attributes toward the size', async () => {
    local.sqs.createQueue(queueConfig('orders', { maximumMessageSize: 1024 }));
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };

    await send('x'.repeat(1024 - 8), { MessageAttributes });
    await expect(send('x'.repeat(1024 - 7), { MessageAttributes })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it.each([
    ['a control character', 'a\u0001', '#x1'],
    ['a noncharacter', 'a\uffff', '#xffff'],
  ])('refuses %s in the body', async (_, body, named) => {
    await expect(send(body)).rejects.toMatchObject({
      name: 'InvalidMessageContents',
      message: expect.stringContaining(`'${named}'`) as string,
    });
  });

  it('refuses an empty body', async () => {
    await expect(send('')).rejects.toMatchObject({ name: 'MissingParameter' });
  });

  it('refuses the deduplication id of FIFO queues', async () => {
    await expect(send('a', { MessageDeduplicationId: '1' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('MessageDeduplicationId') as string,
    });
  });

  it('takes what another service sends', async () => {
    const attribute = { DataType: 'String', StringValue: 'Unhandled' };
    local.sqs.send(arnOf('orders'), '{"a":1}', { ErrorCode: attribute });

    expect(await receiveOne({ MessageAttributeNames: ['All'] })).toMatchObject({
      Body: '{"a":1}',
      MessageAttributes: { ErrorCode: attribute },
    });
  });

  it('refuses what another service sends to no queue', () => {
    expect(() => local.sqs.send(arnOf('absent'), 'a')).toThrow(/absent/);
  });
});

describe('receiving', () => {
  it('answers no list of messages where there is none', async () => {
    const answer = await local.client.send(new ReceiveMessageCommand({ QueueUrl }));

    expect(answer.Messages).toBeUndefined();
  });

  it('gives one message unless asked for more', async () => {
    await send('a');
    await send('b');

    expect(bodies(await receive({ MaxNumberOfMessages: undefined }))).toEqual(['a']);
  });

  it.each([0, 11])('refuses to give %d messages', async (MaxNumberOfMessages) => {
    await expect(receive({ MaxNumberOfMessages })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('MaxNumberOfMessages') as string,
    });
  });

  it('hides a received message for the visibility timeout, then gives it again', async () => {
    await send('a');
    await receiveOne();
    local.clock.advance(29_999);
    expect(await receive()).toEqual([]);

    local.clock.advance(1);
    expect(bodies(await receive())).toEqual(['a']);
  });

  it('hides for as long as the receiver asks', async () => {
    await send('a');
    await receive({ VisibilityTimeout: 5 });
    local.clock.advance(5_000);

    expect(bodies(await receive())).toEqual(['a']);
  });

  it('gives a new receipt handle every time', async () => {
    await send('a');
    const first = await receiveOne({ VisibilityTimeout: 0 });

    expect((await receiveOne()).ReceiptHandle).not.toBe(first.ReceiptHandle);
  });

  it('gives no attributes unless asked', async () => {
    await send('a', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
    const message = await receiveOne();

    expect(message).not.toHaveProperty('Attributes');
    expect(message).not.toHaveProperty('MessageAttributes');
  });

  it('counts receives and keeps the times of sending and of the first receive', async () => {
    await send('a');
    local.clock.advance(1_000);
    await receive({ VisibilityTimeout: 0 });
    local.clock.advance(1_000);

    expect((await receiveOne({ MessageSystemAttributeNames: ['All'] })).Attributes).toEqual({
      ApproximateReceiveCount: '2',
      SentTimestamp: String(START),
      ApproximateFirstReceiveTimestamp: String(START + 1_000),
      SenderId: 'test',
    });
  });

  it('gives the system attributes asked for by their older parameter', async () => {
    await send('a');

    expect((await receiveOne({ AttributeNames: ['SentTimestamp' as 'All'] })).Attributes).toEqual({
      SentTimestamp: String(START),
    });
  });

  it('refuses a system attribute that does not exist', async () => {
    const MessageSystemAttributeNames = ['Colour' as 'All'];

    await expect(receive({ MessageSystemAttributeNames })).rejects.toMatchObject({
      name: 'InvalidAttributeName',
      message: 'Unknown Attribute Colour.',
    });
  });

  it('passes on a trace header', async () => {
    const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-2' };
    await send('a', { MessageSystemAttributes: { AWSTraceHeader } });

    const { Attributes } = await receiveOne({ MessageSystemAttributeNames: ['AWSTraceHeader'] });
    expect(Attributes).toEqual({ AWSTraceHeader: 'Root=1-2' });
  });

  it('drops what outlived the retention period', async () => {
    local.sqs.createQueue(queueConfig('orders', { messageRetentionSeconds: 60 }));
    await send('old');
    local.clock.advance(59_999);
    await send('new');
    local.clock.advance(1);

    expect(bodies(await receive())).toEqual(['new']);
  });
});

describe('long polling', () => {
  /** Returns once the queue has a receiver that waits. */
  async function waiting(): Promise<void> {
    const queue = local.sqs.queue(arnOf('orders'));
    while (queue.waiting() === 0) await new Promise(setImmediate);
  }

  it('ends as soon as a message comes', async () => {
    const received = receive({ WaitTimeSeconds: 20 });
    await waiting();
    local.sqs.send(arnOf('orders'), 'a');

    expect(bodies(await received)).toEqual(['a']);
  });

  it('ends as soon as a delay is over', async () => {
    await send('a', { DelaySeconds: 7 });
    const received = receive({ WaitTimeSeconds: 20 });
    await waiting();
    local.clock.advance(7_000);

    expect(bodies(await received)).toEqual(['a']);
  });

  it('ends as soon as a message is visible again', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne();
    const received = receive({ WaitTimeSeconds: 20 });
    await waiting();
    const visible = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
    await local.client.send(new ChangeMessageVisibilityCommand(visible));

    expect(bodies(await received)).toEqual(['a']);
  });

  it("ends empty when the wait is over, by the queue's own wait where none is given", async () => {
    local.sqs.createQueue(queueConfig('orders', { receiveWaitTimeSeconds: 3 }));
    const received = receive();
    await waiting();
    local.clock.advance(3_000);

    expect(await received).toEqual([]);
  });

  it('gives one message to one of two receivers', async () => {
    const first = receive({ WaitTimeSeconds: 10 });
    const second = receive({ WaitTimeSeconds: 10 });
    while (local.sqs.queue(arnOf('orders')).waiting() < 2) await new Promise(setImmediate);
    local.sqs.send(arnOf('orders'), 'a');
    await Promise.race([first, second]);
    await waiting();
    local.clock.advance(10_000);

    expect([...(await first), ...(await second)]).toHaveLength(1);
  });

  it('takes no message for a receiver that has gone', async () => {
    const abort = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const gone = local.client.send(command, { abortSignal: abort.signal });
    await waiting();
    abort.abort();
    await expect(gone).rejects.toMatchObject({ name: 'AbortError' });
    while (local.sqs.queue(arnOf('orders')).waiting() > 0) await new Promise(setImmediate);
    await send('a');

    expect(bodies(await receive())).toEqual(['a']);
  });

  it('refuses to wait longer than 20 s', async () => {
    await expect(receive({ WaitTimeSeconds: 21 })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

describe('deleting', () => {
  const deleteWith = (ReceiptHandle = '') =>
    local.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

  it('deletes for good', async () => {
    await send('a');
    await deleteWith((await receiveOne()).ReceiptHandle);
    local.clock.advance(30_000);

    expect(await receive()).toEqual([]);
  });

  it('deletes after the visibility timeout too, if nobody has received the message since', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne();
    local.clock.advance(30_000);
    await deleteWith(ReceiptHandle);

    expect(await receive()).toEqual([]);
  });

  it('does nothing with the handle of an earlier receive', async () => {
    await send('a');
    const first = await receiveOne({ VisibilityTimeout: 0 });
    await receiveOne({ VisibilityTimeout: 0 });
    await deleteWith(first.ReceiptHandle);

    expect(bodies(await receive())).toEqual(['a']);
  });

  it('succeeds a second time', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne();
    await deleteWith(ReceiptHandle);

    await expect(deleteWith(ReceiptHandle)).resolves.toBeDefined();
  });

  it('refuses what is no receipt handle', async () => {
    await expect(deleteWith('nonsense')).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('refuses the receipt handle of another queue', async () => {
    local.sqs.createQueue(queueConfig('other'));
    local.sqs.send(arnOf('other'), 'a');
    const [other] = local.sqs.queue(arnOf('other')).receive(1);

    await expect(deleteWith(other?.receiptHandle)).rejects.toMatchObject({
      name: 'ReceiptHandleIsInvalid',
    });
  });
});

describe('changing visibility', () => {
  const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
    local.client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
    );

  it('counts from now', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne();
    local.clock.advance(20_000);
    await change(ReceiptHandle, 60);
    local.clock.advance(59_999);
    expect(await receive()).toEqual([]);

    local.clock.advance(1);
    expect(bodies(await receive())).toEqual(['a']);
  });

  it('refuses a message that is visible', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne({ VisibilityTimeout: 0 });

    await expect(change(ReceiptHandle, 10)).rejects.toMatchObject({ name: 'MessageNotInflight' });
  });

  it('refuses the handle of an earlier receive', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne({ VisibilityTimeout: 0 });
    await receiveOne();

    await expect(change(ReceiptHandle, 10)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('not available for visibility timeout change') as string,
    });
  });

  it('refuses more than 12 hours since the receive', async () => {
    await send('a');
    const { ReceiptHandle } = await receiveOne({ VisibilityTimeout: 60 });
    local.clock.advance(1_000);

    await expect(change(ReceiptHandle, 43_200)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('43200 seconds') as string,
    });
  });
});

describe('a batch', () => {
  const sendBatch = (Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
    local.client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const entry = (id: number | string) => ({ Id: String(id), MessageBody: `body ${id}` });

  it('sends every entry and names none as failed', async () => {
    const answer = await sendBatch([entry(1), entry(2)]);

    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['1', '2']);
    expect(answer.Failed).toBeUndefined();
    expect(bodies(await receive())).toEqual(['body 1', 'body 2']);
  });

  it('sends the entries that are good and names those that are not', async () => {
    const answer = await sendBatch([entry(1), { ...entry(2), DelaySeconds: 901 }, entry(3)]);

    expect(answer.Successful?.map(({ Id }) => Id)).toEqual(['1', '3']);
    expect(answer.Failed).toEqual([
      {
        Id: '2',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: expect.stringContaining('DelaySeconds') as string,
      },
    ]);
  });

  it.each([
    ['EmptyBatchRequest', []],
    ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, id) => entry(id))],
    ['BatchEntryIdsNotDistinct', [entry(1), entry(2), entry(1)]],
    ['InvalidBatchEntryId', [entry('a b')]],
    [
      'BatchRequestTooLong',
      ['1', '2'].map((Id) => ({ Id, MessageBody: 'x'.repeat(512 * 1024 + 1) })),
    ],
  ])('fails as a whole with %s', async (name, entries) => {
    await expect(sendBatch(entries)).rejects.toMatchObject({
      name,
      Code: `AWS.SimpleQueueService.${name}`,
    });
    expect(await receive()).toEqual([]);
  });

  it('deletes the entries that it can', async () => {
    await sendBatch([entry(1), entry(2)]);
    const [first] = await receive();
    const Entries = [
      { Id: 'good', ReceiptHandle: first?.ReceiptHandle },
      { Id: 'bad', ReceiptHandle: 'nonsense' },
    ];
    const answer = await local.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    local.clock.advance(30_000);

    expect(answer.Successful).toEqual([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid' }]);
    expect(bodies(await receive())).toEqual(['body 2']);
  });

  it('changes the visibility of the entries that it can', async () => {
    await sendBatch([entry(1), entry(2)]);
    const [first] = await receive();
    const Entries = [
      { Id: 'good', ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 },
      { Id: 'bad', ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 43_201 },
    ];
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries });
    const answer = await local.client.send(command);

    expect(answer.Successful).toEqual([{ Id: 'good' }]);
    expect(answer.Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue' }]);
    expect(bodies(await receive())).toEqual(['body 1']);
  });
});
