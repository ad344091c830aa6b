import { streamArn } from '../kinesis/local-kinesis';
import { START } from '../sqs/local-sqs';
import {
  fromKinesis,
  orderIdOf,
  pipeConfig,
  startPipes,
  TABLE_STREAM_ARN,
  toFunction,
  toQueue,
  type LocalPipes,
} from './local-pipes';

let local: LocalPipes;
beforeEach(() => {
  local = startPipes();
});
afterEach(() => local.close());

const batchSizes = () => local.invocations.map((events) => events.length);

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html
describe('a pipe from a table to a data stream', () => {
  it('puts each change as its JSON, in order', async () => {
    local.insert('a', 'b', 'c');
    local.run({});
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'b', 'c']);
    const changes = local.table.read('', 0, 10).map(({ record }) => record);
    expect(local.records().map(({ data }) => JSON.parse(data.toString()) as unknown)).toEqual(
      changes,
    );
  });

  it('delivers a change as soon as it comes', async () => {
    local.run({});
    await local.idle();
    local.insert('a');
    await local.idle();

    expect(local.arrived()).toEqual(['a']);
  });

  it('takes the partition key from each change', async () => {
    local.insert('a', 'b');
    local.run({});
    await local.idle();

    expect(local.records().map(({ partitionKey }) => partitionKey)).toEqual(['a', 'b']);
  });

  it('takes a partition key that is no path as it stands', async () => {
    local.insert('a');
    local.run({ partitionKey: 'all' });
    await local.idle();

    expect(local.records().map(({ partitionKey }) => partitionKey)).toEqual(['all']);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
describe('a pipe from a data stream', () => {
  it('hands on records in the form that pipes give them', async () => {
    local.put('{"city":"Seattle"}');
    local.run({ ...fromKinesis, ...toQueue });
    await local.idle();
    const [record] = local.kinesis.stream('source').read('shardId-000000000000', 0, 1);

    expect(local.messages('out').map((body) => JSON.parse(body) as unknown)).toEqual([
      {
        kinesisSchemaVersion: '1.0',
        partitionKey: 'key',
        sequenceNumber: record?.sequenceNumber,
        data: Buffer.from('{"city":"Seattle"}').toString('base64'),
        approximateArrivalTimestamp: START / 1000,
        eventSource: 'aws:kinesis',
        eventVersion: '1.0',
        eventID: `shardId-000000000000:${record?.sequenceNumber}`,
        eventName: 'aws:kinesis:record',
        invokeIdentityArn: pipeConfig().roleArn,
        awsRegion: 'eu-central-1',
        eventSourceARN: streamArn('source'),
      },
    ]);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
describe('a batch', () => {
  beforeEach(() => local.handle(() => ({ payload: null })));

  it('has as many events as are there, up to its size', async () => {
    local.insert('a', 'b', 'c', 'd', 'e');
    local.run({ ...toFunction, batchSize: 2 });
    await local.idle();

    expect(batchSizes()).toEqual([2, 2, 1]);
  });

  it('comes to a function as an array, also where it is one event', async () => {
    local.insert('a');
    local.run({ ...toFunction, batchSize: 1 });
    await local.idle();

    expect(local.invocations.map((events) => events.map(({ eventID }) => eventID))).toEqual([
      ['event-0'],
    ]);
  });

  it('waits for the end of the window, counted from its first event', async () => {
    local.run({ ...toFunction, maximumBatchingWindowSeconds: 5 });
    await local.settle();
    local.insert('a');
    await local.advance(3);
    local.insert('b');
    await local.advance(1.9);
    expect(batchSizes()).toEqual([]);
    await local.advance(0.1);

    expect(batchSizes()).toEqual([2]);
  });

  it('does not wait when it is full', async () => {
    local.insert('a', 'b', 'c');
    local.run({ ...toFunction, batchSize: 2, maximumBatchingWindowSeconds: 5 });
    await local.settle();

    expect(batchSizes()).toEqual([2]);
  });

  it('ends before its payload is larger than 6 MB', async () => {
    for (const id of ['a', 'b', 'c']) {
      local.table.insert(id, { text: { S: 'x'.repeat(3 * 1024 * 1024 - 1000) } });
    }
    local.run(toFunction);
    await local.idle();

    expect(batchSizes()).toEqual([2, 1]);
  });

  it('counts events that the filter lets through', async () => {
    local.insert('a', 'x', 'x', 'b', 'c');
    const filters = ['{"dynamodb":{"Keys":{"orderId":{"S":[{"anything-but":"x"}]}}}}'];
    local.run({ ...toFunction, batchSize: 2, filters });
    await local.idle();

    expect(batchSizes()).toEqual([2, 1]);
  });

  it.each([
    ['a queue', toQueue, 11],
    ['a data stream', {}, 501],
  ])('cannot be larger than %s takes', (_, target, batchSize) => {
    expect(() => local.run({ ...target, batchSize })).toThrow(`BatchSize ${batchSize}`);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
describe('a filter', () => {
  const delivered = async (filters: string[]) => {
    local.run({ ...fromKinesis, ...toQueue, filters });
    await local.idle();
    return local
      .messages('out')
      .map((body) => Buffer.from((JSON.parse(body) as { data: string }).data, 'base64').toString());
  };

  it('lets through what one of the patterns matches', async () => {
    local.insert('a', 'b', 'c');
    const pattern = (id: string) =>
      JSON.stringify({ dynamodb: { Keys: { orderId: { S: [id] } } } });
    local.run({ filters: [pattern('a'), pattern('c')] });
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'c']);
  });

  it('looks into the data of a Kinesis record', async () => {
    local.put('{"city":"Seattle"}', '{"city":"Oslo"}');

    await expect(delivered(['{"data":{"city":["Oslo"]}}'])).resolves.toEqual(['{"city":"Oslo"}']);
  });

  it('on data drops a record whose data is no JSON', async () => {
    local.put('plain', '{"city":"Oslo"}');

    await expect(delivered(['{"data":{"other":[{"exists":false}]}}'])).resolves.toEqual([
      '{"city":"Oslo"}',
    ]);
  });

  it('on metadata does not look at the data', async () => {
    local.put('plain');

    await expect(delivered(['{"partitionKey":["key"]}'])).resolves.toEqual(['plain']);
  });

  it.each([
    ['a field that the pipe adds', '{"eventName":["aws:kinesis:record"]}', 'eventName'],
    ['data that is no object', '{"data":["plain"]}', 'data'],
    ['no JSON', '{', 'no JSON object'],
    ['no event pattern', '{"partitionKey":"key"}', 'no event pattern'],
  ])('is refused for %s', (_, filter, named) => {
    expect(() => local.run({ ...fromKinesis, ...toQueue, filters: [filter] })).toThrow(named);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
describe('an input template', () => {
  const input = async (inputTemplate: string) => {
    local.table.insert('a "quoted" id', { count: { N: '3' } });
    local.run({ ...toQueue, inputTemplate });
    await local.idle();
    return local.messages('out')[0];
  };

  it('puts JSON in the place of a path', async () => {
    await expect(input('{"id": <$.dynamodb.Keys.orderId.S>}')).resolves.toBe(
      '{"id": "a \\"quoted\\" id"}',
    );
  });

  it('puts text in the place of a path inside a string', async () => {
    await expect(input('{"id": "order <$.dynamodb.Keys.orderId.S>!"}')).resolves.toBe(
      '{"id": "order a \\"quoted\\" id!"}',
    );
  });

  it('puts objects whole', async () => {
    await expect(input('<$.dynamodb.NewImage.count>')).resolves.toBe('{"N":"3"}');
  });

  it('puts null where the event has nothing', async () => {
    await expect(input('{"old": <$.dynamodb.OldImage>}')).resolves.toBe('{"old": null}');
  });

  it('knows what AWS reserves', async () => {
    await expect(
      input('{"pipe": <aws.pipes.pipe-name>, "at": <aws.pipes.event.ingestion-time>}'),
    ).resolves.toBe('{"pipe": "orders", "at": "2025-01-15T12:00:00.000Z"}');
  });

  it('takes fields out of the data of a Kinesis record', async () => {
    local.put('{"city":"Oslo"}');
    local.run({ ...fromKinesis, ...toQueue, inputTemplate: '{"place": <$.data.city>}' });
    await local.idle();

    expect(local.messages('out')).toEqual(['{"place": "Oslo"}']);
  });

  it.each(['{"a": <$.a[*]>}', '{"a": <aws.pipes.enrichment-arn>}'])(
    'is refused with a placeholder that is not known: %s',
    (inputTemplate) => {
      expect(() => local.run({ ...toQueue, inputTemplate })).toThrow('InputTemplate');
    },
  );
});

describe('several pipes', () => {
  it('read one source each on its own', async () => {
    local.insert('a', 'b');
    local.run({}, { ...toQueue, name: 'second' });
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'b']);
    expect(local.messages('out').map(orderIdOf)).toEqual(['a', 'b']);
  });

  it('tell how far behind they are', () => {
    local.insert('a', 'b');
    local.run({ desiredState: 'STOPPED' });

    expect(local.pipes.pipes()).toEqual([
      { name: 'orders', sourceArn: TABLE_STREAM_ARN, targetArn: streamArn('target'), behind: 2 },
    ]);
  });
});

it('a stopped pipe delivers nothing, and is not waited for', async () => {
  local.insert('a');
  local.run({ desiredState: 'STOPPED' });
  await local.settle();

  expect(local.arrived()).toEqual([]);
  expect(local.pipes.idle()).toBe(true);
});
