import { AwsError } from '../../src/core/aws-error';
import { streamArn, streamConfig } from '../kinesis/local-kinesis';
import { arnOf as queueArn, START } from '../sqs/local-sqs';
import {
  fromKinesis,
  pipeConfig,
  startPipes,
  TABLE_SHARD,
  TABLE_STREAM_ARN,
  throttled,
  toFunction,
  toQueue,
  type LocalPipes,
} from './local-pipes';

let local: LocalPipes;
beforeEach(() => {
  local = startPipes();
});
afterEach(() => local.close());

const batches = () => local.invocations.map((events) => events.map(({ eventID }) => eventID));
const deadLetters = () => local.messages('dlq').map((body) => JSON.parse(body) as unknown);
const what = (level: string) =>
  local.told.filter((activity) => activity.level === level).map((activity) => activity.what);

/** The function fails these times, and succeeds from then on. */
function failTimes(times: number): void {
  local.handle(() => {
    if (local.invocations.length <= times) return { functionError: 'Unhandled', payload: null };
    return { payload: null };
  });
}

/** The function fails every batch that has this event. */
function poison(eventID: string): void {
  local.handle((events) =>
    events.some((event) => event.eventID === eventID)
      ? { functionError: 'Unhandled', payload: null }
      : { payload: null },
  );
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
describe('a batch that fails', () => {
  it('is tried again until it succeeds', async () => {
    failTimes(2);
    local.insert('a', 'b');
    local.run(toFunction);
    for (let second = 0; second < 4; second += 1) await local.advance(1);

    expect(batches()).toEqual(Array.from({ length: 3 }, () => ['event-0', 'event-1']));
    expect(local.pipes.idle()).toBe(true);
  });

  it('is tried again after pauses that grow', async () => {
    const times: number[] = [];
    local.handle(() => {
      times.push((local.clock.now() - START) / 1000);
      return { functionError: 'Unhandled', payload: null };
    });
    local.insert('a');
    local.run(toFunction);
    for (let second = 0; second < 16; second += 1) await local.advance(1);

    expect(times).toEqual([0, 1, 3, 7, 15]);
  });

  it('blocks what comes after it in its shard', async () => {
    poison('event-0');
    local.insert('a', 'b');
    local.run({ ...toFunction, batchSize: 1 });
    for (let second = 0; second < 4; second += 1) await local.advance(1);

    expect(batches()).toEqual([['event-0'], ['event-0'], ['event-0']]);
    expect(local.pipes.pipes()).toMatchObject([{ behind: 2 }]);
  });

  it('does not block another shard', async () => {
    await local.close();
    local = startPipes(2);
    const [low, high] = ['0', String(2n ** 128n - 1n)].map((explicitHashKey) => {
      const entry = { partitionKey: 'a', data: Buffer.from('a'), explicitHashKey };
      const [result] = local.kinesis.stream('source').put([entry]);
      return result && 'shardId' in result ? `${result.shardId}:${result.sequenceNumber}` : '';
    });
    poison(low ?? '');
    local.run({ ...fromKinesis, ...toFunction });
    await local.settle();

    expect(batches().flat().sort()).toEqual([low, high]);
    expect(local.pipes.pipes()).toMatchObject([{ behind: 1 }]);
  });

  it('goes to the dead-letter queue when its attempts are exhausted', async () => {
    failTimes(9);
    local.insert('a', 'b');
    local.clock.advance(500);
    local.run({ ...toFunction, maximumRetryAttempts: 2 });
    await local.advance(1);
    await local.advance(2);

    expect(batches()).toHaveLength(3);
    expect(local.pipes.idle()).toBe(true);
    expect(deadLetters()).toEqual([
      {
        context: { partnerResourceArn: pipeConfig().arn, condition: 'RetryAttemptsExhausted' },
        version: '1.0',
        timestamp: '2025-01-15T12:00:03.500Z',
        DDBStreamBatchInfo: {
          shardId: TABLE_SHARD,
          startSequenceNumber: '1000',
          endSequenceNumber: '1001',
          approximateArrivalOfFirstRecord: '2025-01-15T12:00:00.000Z',
          approximateArrivalOfLastRecord: '2025-01-15T12:00:00.000Z',
          batchSize: 2,
          streamArn: TABLE_STREAM_ARN,
        },
      },
    ]);
  });

  it('of a data stream is dead-lettered with its place there', async () => {
    failTimes(9);
    local.put('a');
    const [record] = local.kinesis.stream('source').read('shardId-000000000000', 0, 1);
    local.run({ ...fromKinesis, ...toFunction, maximumRetryAttempts: 0 });
    await local.idle();

    expect(deadLetters()).toMatchObject([
      {
        KinesisBatchInfo: {
          shardId: 'shardId-000000000000',
          startSequenceNumber: record?.sequenceNumber,
          endSequenceNumber: record?.sequenceNumber,
          batchSize: 1,
          streamArn: streamArn('source'),
        },
      },
    ]);
  });

  it('is dropped and told of where there is no dead-letter queue', async () => {
    poison('event-0');
    local.insert('a', 'b');
    local.run({
      ...toFunction,
      batchSize: 1,
      maximumRetryAttempts: 0,
      deadLetterArn: undefined,
    });
    await local.idle();

    expect(batches()).toEqual([['event-0'], ['event-1']]);
    expect(what('error')).toEqual(['records dropped']);
  });

  it('is not used up by failures of AWS itself', async () => {
    const failure = new AwsError('ServiceException', 'Internal error', 500);
    local.connections.invokeFunction = () => Promise.reject(failure);
    local.insert('a');
    local.run({ ...toFunction, maximumRetryAttempts: 0 });
    await local.advance(1);
    failTimes(0);
    await local.advance(2);

    expect(batches()).toEqual([['event-0']]);
    expect(deadLetters()).toEqual([]);
  });

  it('counts an invocation that was throttled', async () => {
    local.connections.invokeFunction = () => Promise.reject(throttled());
    local.insert('a');
    local.run({ ...toFunction, maximumRetryAttempts: 0 });
    await local.idle();

    expect(deadLetters()).toHaveLength(1);
  });

  it('waits where the dead-letter queue cannot be reached', async () => {
    failTimes(9);
    local.insert('a');
    const { connections } = local;
    const reachable = { ...connections };
    connections.sendToQueue = () => {
      throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    };
    local.run({ ...toFunction, maximumRetryAttempts: 0 });
    await local.settle();
    expect(local.pipes.idle()).toBe(false);
    Object.assign(connections, reachable);
    await local.advance(1);

    expect(deadLetters()).toHaveLength(1);
    expect(local.pipes.idle()).toBe(true);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeSourceDynamoDBStreamParameters.html
describe('the maximum age of a record', () => {
  it('gives up those that are older before they are tried', async () => {
    failTimes(0);
    local.insert('a', 'b');
    local.clock.advance(61_000);
    local.insert('c');
    local.run({ ...toFunction, maximumRecordAgeSeconds: 60 });
    await local.idle();

    expect(batches()).toEqual([['event-2']]);
    expect(deadLetters()).toMatchObject([
      {
        context: { condition: 'RecordAgeExceeded' },
        DDBStreamBatchInfo: { startSequenceNumber: '1000', endSequenceNumber: '1001' },
      },
    ]);
  });

  it('ends retries without an end', async () => {
    failTimes(99);
    local.insert('a');
    local.run({ ...toFunction, maximumRecordAgeSeconds: 60 });
    for (let second = 0; second < 64; second += 1) await local.advance(1);

    expect(deadLetters()).toMatchObject([{ context: { condition: 'RecordAgeExceeded' } }]);
    expect(local.pipes.idle()).toBe(true);
  });
});

describe('a record that leaves the stream', () => {
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
  it('while it is tried again is given up', async () => {
    failTimes(99);
    local.insert('a', 'b');
    local.run({ ...toFunction, batchSize: 1 });
    await local.settle();
    local.table.trim(1);
    await local.advance(1);

    expect(deadLetters()).toMatchObject([{ DDBStreamBatchInfo: { startSequenceNumber: '1000' } }]);
  });

  it('before it was read is told of', async () => {
    local.run({ desiredState: 'STOPPED' });
    local.insert('a', 'b', 'c');
    local.table.trim(2);
    await local.restart({});
    await local.idle();

    expect(local.arrived()).toEqual(['c']);
    expect(local.told).toContainEqual(
      expect.objectContaining({
        what: 'records expired',
        level: 'error',
        detail: '2 records left the stream before they were read',
      }),
    );
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html#pipes-partial-batch-failure
describe('a batch that fails in part', () => {
  it('has just the records tried again that a full shard refused', async () => {
    local.kinesis.createStream(streamConfig('target'));
    const ids = Array.from({ length: 1200 }, (_, index) => String(index));
    local.insert(...ids);
    local.run({ batchSize: 500, maximumRetryAttempts: 1 });
    await local.settle();
    expect(local.arrived()).toHaveLength(1000);
    await local.advance(1);

    expect(local.arrived()).toEqual(ids);
  });

  it('has just the messages tried again that a queue refused', async () => {
    local.insert('a', 'b', 'c');
    let refusals = 1;
    local.connections.sendToQueue = (arn, body) => {
      if (body.includes('"b"') && refusals-- > 0) throw throttled();
      local.sqs.send(arn, body);
    };
    local.run({ ...toQueue, inputTemplate: '<$.dynamodb.Keys.orderId.S>' });
    await local.advance(1);

    expect(local.messages('out')).toEqual(['"a"', '"c"', '"b"']);
  });

  it('has just the events tried again that the function names', async () => {
    local.handle(() => ({
      payload: {
        batchItemFailures: local.invocations.length === 1 ? [{ itemIdentifier: 'event-1' }] : [],
      },
    }));
    local.insert('a', 'b', 'c');
    local.run(toFunction);
    await local.advance(1);

    expect(batches()).toEqual([['event-0', 'event-1', 'event-2'], ['event-1']]);
  });

  it.each([
    ['an identifier of another batch', { batchItemFailures: [{ itemIdentifier: 'event-9' }] }],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a key of another name', { batchItemFailures: [{ id: 'event-0' }] }],
  ])('is tried again as a whole for %s', async (_, payload) => {
    local.handle(() => (local.invocations.length === 1 ? { payload } : { payload: null }));
    local.insert('a', 'b');
    local.run(toFunction);
    await local.advance(1);

    expect(batches()).toEqual([
      ['event-0', 'event-1'],
      ['event-0', 'event-1'],
    ]);
  });

  it.each([null, {}, { batchItemFailures: null }, { batchItemFailures: [] }])(
    'it is not, where the function answers %j',
    async (payload) => {
      local.handle(() => ({ payload }));
      local.insert('a');
      local.run(toFunction);
      await local.idle();

      expect(batches()).toHaveLength(1);
    },
  );

  it('keeps its attempts where some were delivered', async () => {
    local.handle((events) => ({
      payload: { batchItemFailures: [{ itemIdentifier: events.at(-1)?.eventID }] },
    }));
    local.insert('a', 'b');
    local.run({ ...toFunction, maximumRetryAttempts: 1 });
    for (let second = 0; second < 4; second += 1) await local.advance(1);

    expect(batches()).toEqual([['event-0', 'event-1'], ['event-1']]);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeSourceDynamoDBStreamParameters.html
describe('bisecting', () => {
  const bisect = { bisectBatchOnFunctionError: true, maximumRetryAttempts: 0 };

  it('isolates the record that is the cause, and delivers the others', async () => {
    poison('event-2');
    local.insert('a', 'b', 'c', 'd');
    local.run({ ...toFunction, ...bisect });
    await local.idle();

    expect(batches()).toEqual([
      ['event-0', 'event-1', 'event-2', 'event-3'],
      ['event-0', 'event-1'],
      ['event-2', 'event-3'],
      ['event-2'],
      ['event-3'],
    ]);
    expect(deadLetters()).toMatchObject([
      { DDBStreamBatchInfo: { startSequenceNumber: '1002', batchSize: 1 } },
    ]);
  });

  it('finds the record without a partition key, which fails a batch for a data stream', async () => {
    local.insert('a', '', 'c');
    local.run(bisect);
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'c']);
    expect(deadLetters()).toMatchObject([{ DDBStreamBatchInfo: { startSequenceNumber: '1001' } }]);
  });

  it('finds the record that is too large for a data stream', async () => {
    local.insert('a');
    local.table.insert('b', { text: { S: 'x'.repeat(1024 * 1024) } });
    local.insert('c');
    local.run(bisect);
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'c']);
    expect(deadLetters()).toHaveLength(1);
  });

  it('does not use up attempts', async () => {
    failTimes(2);
    local.insert('a', 'b', 'c', 'd');
    local.run({ ...toFunction, ...bisect });
    await local.idle();

    expect(batches().at(-2)).toEqual(['event-1']);
    expect(deadLetters()).toEqual([]);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
describe('a role without leave', () => {
  const source = [
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
  ].map((action) => [action, TABLE_STREAM_ARN] as const);
  const kinesisActions = [
    'kinesis:DescribeStream',
    'kinesis:DescribeStreamSummary',
    'kinesis:GetRecords',
    'kinesis:GetShardIterator',
    'kinesis:ListShards',
    'kinesis:ListStreams',
  ];
  const missing = (denied: string) => {
    local.connections.authorizeRole = (_, action) => {
      if (action === denied) throw new AwsError('AccessDenied', 'no policy allows it', 403);
    };
  };

  it.each([
    ...source,
    ['kinesis:PutRecords', streamArn('target')] as const,
    ['sqs:SendMessage', queueArn('dlq')] as const,
  ])('for %s fails the pipe when it is created', (action, resource) => {
    missing(action);

    expect(() => local.run({})).toThrow(
      `services/orders: resource Pipe needs ${action} on ${resource} in its role ` +
        `${pipeConfig().roleArn}: no policy allows it`,
    );
  });

  it.each(kinesisActions)('for %s fails a pipe from a data stream', (action) => {
    missing(action);

    expect(() => local.run({ ...fromKinesis, ...toQueue })).toThrow(
      `${action} on ${streamArn('source')}`,
    );
  });

  it('for lambda:InvokeFunction fails a pipe to a function', () => {
    missing('lambda:InvokeFunction');

    expect(() => local.run(toFunction)).toThrow(`lambda:InvokeFunction on ${toFunction.targetArn}`);
  });
});

describe('a configuration', () => {
  it.each([
    ['a source that is none', { sourceArn: queueArn('out') }, 'DynamoDB or Kinesis stream'],
    ['a target that is not emulated', { targetArn: 'arn:aws:sns:eu-central-1:0:t' }, 'arn:aws:sns'],
    ['no partition key', { partitionKey: undefined }, 'no PartitionKey'],
    ['a partition key that is no path', { partitionKey: '$..a' }, '$..a'],
    ['a window of more than five minutes', { maximumBatchingWindowSeconds: 301 }, '0 to 300'],
    ['a dead-letter topic', { deadLetterArn: 'arn:aws:sns:eu-central-1:0:t' }, 'SQS queue'],
  ])('is refused with %s', (_, changed, named) => {
    expect(() => local.run(changed)).toThrow(named);
  });
});
