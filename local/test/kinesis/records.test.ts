import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type GetShardIteratorCommandInput,
} from '@aws-sdk/client-kinesis';
import { START } from '../sqs/local-sqs';
import { startKinesis, streamArn, streamConfig, type LocalKinesis } from './local-kinesis';

const MIB = 1024 * 1024;
const FIRST_SHARD = 'shardId-000000000000';

let local: LocalKinesis;
beforeEach(async () => {
  local = await startKinesis();
  local.kinesis.createStream(streamConfig('orders'));
});
afterEach(() => local.close());

const text = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();

function put(data: string, more: { PartitionKey?: string; ExplicitHashKey?: string } = {}) {
  const record = { PartitionKey: 'key', Data: Buffer.from(data), ...more };
  return local.client.send(new PutRecordCommand({ StreamName: 'orders', ...record }));
}

function putAll(records: { PartitionKey: string; Data: Uint8Array }[]) {
  return local.client.send(new PutRecordsCommand({ StreamName: 'orders', Records: records }));
}

async function iterator(more: Partial<GetShardIteratorCommandInput> = {}): Promise<string> {
  const { ShardIterator } = await local.client.send(
    new GetShardIteratorCommand({
      StreamName: 'orders',
      ShardId: FIRST_SHARD,
      ShardIteratorType: 'TRIM_HORIZON',
      ...more,
    }),
  );
  return ShardIterator ?? '';
}

function get(ShardIterator: string, Limit?: number) {
  return local.client.send(new GetRecordsCommand({ ShardIterator, Limit }));
}

async function readFrom(more: Partial<GetShardIteratorCommandInput>): Promise<string[]> {
  const { Records = [] } = await get(await iterator(more));
  return Records.map(({ Data }) => text(Data));
}

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
describe('PutRecord', () => {
  it('answers shard and sequence number, under which the record is read', async () => {
    const { ShardId, SequenceNumber } = await put('a');
    const { Records } = await get(await iterator());

    expect(ShardId).toBe(FIRST_SHARD);
    expect(Records).toMatchObject([
      {
        SequenceNumber,
        PartitionKey: 'key',
        ApproximateArrivalTimestamp: new Date(START),
      },
    ]);
    expect(text(Records?.[0]?.Data)).toBe('a');
  });

  it('gives sequence numbers that grow', async () => {
    const numbers: (string | undefined)[] = [];
    for (const data of ['a', 'b', 'c']) numbers.push((await put(data)).SequenceNumber);

    expect([...numbers].sort()).toEqual(numbers);
    expect(new Set(numbers).size).toBe(3);
  });

  it('keeps bytes that are no text', async () => {
    const Data = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await putAll([{ PartitionKey: 'a', Data }]);
    const { Records } = await get(await iterator());

    expect(Records?.[0]?.Data).toEqual(Data);
  });

  it('takes the stream by ARN', async () => {
    const entry = { StreamARN: streamArn('orders'), PartitionKey: 'a', Data: Buffer.from('a') };

    await expect(local.client.send(new PutRecordCommand(entry))).resolves.toBeDefined();
  });

  it('refuses a record larger than 1 MiB with its partition key', async () => {
    await put('a'.repeat(MIB - 3));
    local.clock.advance(1000);

    await expect(put('a'.repeat(MIB - 2))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an empty partition key', async () => {
    await expect(put('a', { PartitionKey: '' })).rejects.toThrow('1 to 256 characters');
  });

  it('refuses an explicit hash key beyond 128 bits', async () => {
    await expect(put('a', { ExplicitHashKey: String(2n ** 128n) })).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  it('refuses a stream that is not there', async () => {
    const entry = { StreamName: 'other', PartitionKey: 'a', Data: Buffer.from('a') };

    await expect(local.client.send(new PutRecordCommand(entry))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

// https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key
describe('the shard of a record', () => {
  beforeEach(() => local.kinesis.createStream(streamConfig('wide', { shardCount: 3 })));

  const shardOf = async (more: { PartitionKey: string; ExplicitHashKey?: string }) => {
    const entry = { StreamName: 'wide', Data: Buffer.from('a'), ...more };
    return (await local.client.send(new PutRecordCommand(entry))).ShardId?.slice(-1);
  };

  it.each([
    ['apple', '0'], // 1f38…
    ['a', '0'], // 0cc1…
    ['orange', '2'], // fe01…
    ['grape', '2'], // b781…
    ['banana', '1'], // 72b3…
  ])('is that of the MD5 of its partition key: %s goes to %s', async (PartitionKey, shard) => {
    await expect(shardOf({ PartitionKey })).resolves.toBe(shard);
  });

  it.each([
    ['0', '0'],
    [String(2n ** 128n / 3n - 1n), '0'],
    [String(2n ** 128n / 3n), '1'],
    [String((2n * 2n ** 128n) / 3n), '2'],
    [String(2n ** 128n - 1n), '2'],
  ])('is that of an explicit hash key: %s goes to %s', async (ExplicitHashKey, shard) => {
    await expect(shardOf({ PartitionKey: 'a', ExplicitHashKey })).resolves.toBe(shard);
  });
});

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
describe('PutRecords', () => {
  it('keeps the order of the request', async () => {
    const sent = Array.from({ length: 500 }, (_, index) => String(index));
    await putAll(sent.map((data) => ({ PartitionKey: data, Data: Buffer.from(data) })));

    await expect(readFrom({})).resolves.toEqual(sent);
  });

  it('takes in what fits the shard and refuses the others one by one', async () => {
    const halfMiB = Buffer.alloc(MIB / 2);
    const { FailedRecordCount, Records } = await putAll([
      { PartitionKey: 'a', Data: halfMiB },
      { PartitionKey: 'b', Data: halfMiB },
      { PartitionKey: 'c', Data: Buffer.from('small') },
    ]);

    expect(FailedRecordCount).toBe(1);
    expect(Records).toMatchObject([
      { ShardId: FIRST_SHARD },
      {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: expect.stringContaining(FIRST_SHARD) as string,
      },
      { ShardId: FIRST_SHARD },
    ]);
  });

  it('refuses more than 500 records', async () => {
    const record = { PartitionKey: 'a', Data: Buffer.from('a') };

    await expect(putAll(Array.from({ length: 501 }, () => record))).rejects.toThrow('1 to 500');
  });

  it('refuses more than 10 MiB', async () => {
    const record = { PartitionKey: 'a', Data: Buffer.alloc(MIB - 1) };

    await expect(putAll(Array.from({ length: 11 }, () => record))).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
  });

  it('stores none where one is invalid', async () => {
    const good = { PartitionKey: 'a', Data: Buffer.from('a') };
    await expect(putAll([good, { ...good, PartitionKey: '' }])).rejects.toThrow();

    await expect(readFrom({})).resolves.toEqual([]);
  });
});

// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
describe('a shard with provisioned throughput', () => {
  const thousand = async () => {
    for (const part of [0, 1]) {
      const records = Array.from({ length: 500 }, (_, index) => ({
        PartitionKey: String(index),
        Data: Buffer.from(String(part)),
      }));
      await putAll(records);
    }
  };

  it('takes 1,000 records a second', async () => {
    await thousand();

    await expect(put('one more')).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
  });

  it('takes in more when the second is over', async () => {
    await thousand();
    local.clock.advance(1000);

    await expect(put('one more')).resolves.toBeDefined();
  });

  it('does not hold for a stream on demand', async () => {
    local.kinesis.createStream(streamConfig('orders', { onDemand: true }));
    await thousand();

    await expect(put('one more')).resolves.toBeDefined();
  });
});

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
describe('an iterator', () => {
  let sequences: (string | undefined)[];
  beforeEach(async () => {
    sequences = [];
    for (const data of ['a', 'b', 'c']) {
      sequences.push((await put(data)).SequenceNumber);
      local.clock.advance(1000);
    }
  });

  it('TRIM_HORIZON begins with the oldest record', async () => {
    await expect(readFrom({ ShardIteratorType: 'TRIM_HORIZON' })).resolves.toEqual(['a', 'b', 'c']);
  });

  it('LATEST begins with the next record to come', async () => {
    const latest = await iterator({ ShardIteratorType: 'LATEST' });
    await put('d');
    const { Records = [] } = await get(latest);

    expect(Records.map(({ Data }) => text(Data))).toEqual(['d']);
  });

  it('AT_SEQUENCE_NUMBER begins with that record', async () => {
    const from = { StartingSequenceNumber: sequences[1] };

    await expect(readFrom({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...from })).resolves.toEqual([
      'b',
      'c',
    ]);
  });

  it('AFTER_SEQUENCE_NUMBER begins behind that record', async () => {
    const from = { StartingSequenceNumber: sequences[1] };

    await expect(
      readFrom({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', ...from }),
    ).resolves.toEqual(['c']);
  });

  it.each([
    [START - 1, ['a', 'b', 'c']],
    [START + 1000, ['b', 'c']],
    [START + 1001, ['c']],
    [START + 9000, []],
  ])('AT_TIMESTAMP %i begins with the first record from then on', async (at, expected) => {
    const from = { Timestamp: new Date(at) };

    await expect(readFrom({ ShardIteratorType: 'AT_TIMESTAMP', ...from })).resolves.toEqual(
      expected,
    );
  });

  it('is refused for a sequence number of another shard or stream', async () => {
    const from = { StartingSequenceNumber: '12345' };

    await expect(
      iterator({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', ...from }),
    ).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('expires after five minutes', async () => {
    const old = await iterator();
    local.clock.advance(300_001);

    await expect(get(old)).rejects.toMatchObject({ name: 'ExpiredIteratorException' });
  });
});

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
describe('GetRecords', () => {
  it('goes on where the last answer ended', async () => {
    for (const data of ['a', 'b', 'c']) await put(data);
    const first = await get(await iterator(), 2);
    const second = await get(first.NextShardIterator ?? '', 2);
    const third = await get(second.NextShardIterator ?? '', 2);

    const pages = [first, second, third].map(({ Records = [] }) =>
      Records.map(({ Data }) => text(Data)),
    );
    expect(pages).toEqual([['a', 'b'], ['c'], []]);
  });

  it('tells how far behind the tip of the stream it is', async () => {
    await put('a');
    await put('b');
    local.clock.advance(5000);
    const first = await get(await iterator(), 1);
    const second = await get(first.NextShardIterator ?? '', 1);

    expect([first.MillisBehindLatest, second.MillisBehindLatest]).toEqual([5000, 0]);
  });

  it('answers at most 10 MiB', async () => {
    for (let count = 0; count < 11; count += 1) {
      await put('a'.repeat(MIB - 3));
      local.clock.advance(1000);
    }
    const first = await get(await iterator());
    const second = await get(first.NextShardIterator ?? '');

    expect([first.Records?.length, second.Records?.length]).toEqual([10, 1]);
  });
});

// https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
describe('retention', () => {
  it('lets go of records when it is over', async () => {
    await put('old');
    local.clock.advance(23 * 3_600_000);
    await put('young');
    local.clock.advance(3_600_001);

    await expect(readFrom({})).resolves.toEqual(['young']);
  });

  it('moves an iterator before it to the oldest record', async () => {
    for (const data of ['a', 'b']) await put(data);
    local.clock.advance(24 * 3_600_000 - 1000);
    const before = await iterator();
    await put('c');
    local.clock.advance(2000);
    const { Records = [] } = await get(before);

    expect(Records.map(({ Data }) => text(Data))).toEqual(['c']);
  });

  it('gives positions on when every record is gone', async () => {
    const first = await put('a');
    local.clock.advance(25 * 3_600_000);
    const second = await put('b');

    expect(Number(second.SequenceNumber?.slice(-10))).toBe(
      Number(first.SequenceNumber?.slice(-10)) + 1,
    );
    await expect(readFrom({})).resolves.toEqual(['b']);
  });
});
