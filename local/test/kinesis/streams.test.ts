import {
  CreateStreamCommand,
  DecreaseStreamRetentionPeriodCommand,
  DeleteStreamCommand,
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { DENIED_KEY, START } from '../sqs/local-sqs';
import { startKinesis, streamArn, streamConfig, type LocalKinesis } from './local-kinesis';

let local: LocalKinesis;
beforeEach(async () => {
  local = await startKinesis();
  local.kinesis.createStream(streamConfig('orders', { shardCount: 2 }));
});
afterEach(() => local.close());

const StreamName = 'orders';

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_CreateStream.html
describe('CreateStream', () => {
  it('makes a provisioned stream of that many shards', async () => {
    await local.client.send(new CreateStreamCommand({ StreamName: 'made', ShardCount: 3 }));

    expect(local.kinesis.stream('made').shardIds()).toHaveLength(3);
  });

  it('makes a stream on demand of four shards', async () => {
    const StreamModeDetails = { StreamMode: 'ON_DEMAND' as const };
    await local.client.send(new CreateStreamCommand({ StreamName: 'made', StreamModeDetails }));

    expect(local.kinesis.stream('made').shardIds()).toHaveLength(4);
  });

  it('refuses a name in use', async () => {
    await expect(
      local.client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 })),
    ).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });

  it('refuses what is not emulated', async () => {
    const input = { StreamName: 'made', ShardCount: 1, MaxRecordSizeInKiB: 2048 };

    await expect(local.client.send(new CreateStreamCommand(input))).rejects.toThrow(
      'MaxRecordSizeInKiB',
    );
  });

  it('refuses a name that is none', async () => {
    const input = { StreamName: 'a/b', ShardCount: 1 };

    await expect(local.client.send(new CreateStreamCommand(input))).rejects.toThrow('a/b');
  });
});

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html
describe('a description', () => {
  it('has shards that divide the hash keys among them', async () => {
    const { StreamDescription } = await local.client.send(
      new DescribeStreamCommand({ StreamName }),
    );

    expect(StreamDescription).toMatchObject({
      StreamARN: streamArn('orders'),
      StreamStatus: 'ACTIVE',
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      RetentionPeriodHours: 24,
      StreamCreationTimestamp: new Date(START),
      HasMoreShards: false,
    });
    expect(StreamDescription?.Shards?.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
      { StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) },
      { StartingHashKey: String(2n ** 127n), EndingHashKey: String(2n ** 128n - 1n) },
    ]);
  });

  it('names a starting sequence number from which an empty shard is read', async () => {
    const { Shards } = await local.client.send(new ListShardsCommand({ StreamName }));
    const { ShardIterator } = await local.client.send(
      new GetShardIteratorCommand({
        StreamName,
        ShardId: Shards?.[0]?.ShardId,
        ShardIteratorType: 'AT_SEQUENCE_NUMBER',
        StartingSequenceNumber: Shards?.[0]?.SequenceNumberRange?.StartingSequenceNumber,
      }),
    );
    const entry = { PartitionKey: 'a', ExplicitHashKey: '0', Data: Buffer.from('a') };
    await local.client.send(new PutRecordCommand({ StreamName, ...entry }));
    const { Records } = await local.client.send(new GetRecordsCommand({ ShardIterator }));

    expect(Records).toHaveLength(1);
  });

  it('counts open shards in its summary', async () => {
    const { StreamDescriptionSummary } = await local.client.send(
      new DescribeStreamSummaryCommand({ StreamName }),
    );

    expect(StreamDescriptionSummary).toMatchObject({ OpenShardCount: 2, StreamStatus: 'ACTIVE' });
  });
});

describe('lists', () => {
  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html
  it('shards page by page', async () => {
    const first = await local.client.send(new ListShardsCommand({ StreamName, MaxResults: 1 }));
    const second = await local.client.send(new ListShardsCommand({ NextToken: first.NextToken }));

    const ids = [first, second].map(({ Shards }) => Shards?.map(({ ShardId }) => ShardId));
    expect(ids).toEqual([['shardId-000000000000'], ['shardId-000000000001']]);
    expect(second.NextToken).toBeUndefined();
  });

  // https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html
  it('streams by name, page by page', async () => {
    local.kinesis.createStream(streamConfig('clicks'));
    const first = await local.client.send(new ListStreamsCommand({ Limit: 1 }));
    const second = await local.client.send(new ListStreamsCommand({ NextToken: first.NextToken }));

    expect([first.StreamNames, second.StreamNames]).toEqual([['clicks'], ['orders']]);
    expect([first.HasMoreStreams, second.HasMoreStreams]).toEqual([true, false]);
  });
});

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeleteStream.html
describe('DeleteStream', () => {
  it('deletes the stream and its records', async () => {
    await local.client.send(new DeleteStreamCommand({ StreamName }));
    local.kinesis.createStream(streamConfig('orders'));

    expect(local.kinesis.streams()).toMatchObject([
      { name: 'orders', shards: [{ records: 0, end: 0 }] },
    ]);
  });

  it('ends the iterators of the stream, also where there is one of its name again', async () => {
    const ShardId = 'shardId-000000000000';
    const { ShardIterator } = await local.client.send(
      new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'LATEST' }),
    );
    await local.client.send(new DeleteStreamCommand({ StreamName }));
    local.clock.advance(1000);
    local.kinesis.createStream(streamConfig('orders'));

    await expect(local.client.send(new GetRecordsCommand({ ShardIterator }))).rejects.toThrow(
      'earlier stream',
    );
  });
});

// https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html
describe('the retention period', () => {
  const retention = async () =>
    (await local.client.send(new DescribeStreamSummaryCommand({ StreamName })))
      .StreamDescriptionSummary?.RetentionPeriodHours;

  it('can be increased and decreased', async () => {
    const up = { StreamName, RetentionPeriodHours: 48 };
    await local.client.send(new IncreaseStreamRetentionPeriodCommand(up));
    const increased = await retention();
    const down = { StreamName, RetentionPeriodHours: 24 };
    await local.client.send(new DecreaseStreamRetentionPeriodCommand(down));

    expect([increased, await retention()]).toEqual([48, 24]);
  });

  it('is not decreased by an increase', async () => {
    local.kinesis.createStream(streamConfig('orders', { shardCount: 2, retentionHours: 72 }));
    const input = { StreamName, RetentionPeriodHours: 48 };

    await expect(
      local.client.send(new IncreaseStreamRetentionPeriodCommand(input)),
    ).rejects.toThrow('no increase');
  });
});

describe('a template that changes a stream', () => {
  it('changes its retention and keeps its records', () => {
    local.kinesis.stream('orders').put([{ partitionKey: 'a', data: Buffer.from('a') }]);
    local.kinesis.createStream(streamConfig('orders', { shardCount: 2, retentionHours: 48 }));

    const records = local.kinesis.streams()[0]?.shards.map((shard) => shard.records);
    expect(records?.reduce((sum, count) => sum + count)).toBe(1);
  });

  it('cannot change the number of shards', () => {
    expect(() => local.kinesis.createStream(streamConfig('orders', { shardCount: 3 }))).toThrow(
      'does not reshard',
    );
  });
});

it('refuses an operation that is not emulated, and names it', async () => {
  const input = { StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1' };

  await expect(local.client.send(new SplitShardCommand(input))).rejects.toThrow('SplitShard');
});

// https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
describe('a caller without leave', () => {
  const record = { PartitionKey: 'a', Data: Buffer.from('a') };
  const iterate = { ShardId: 'shardId-000000000000', ShardIteratorType: 'LATEST' as const };

  it.each([
    ['PutRecord', new PutRecordCommand({ StreamName, ...record })],
    ['PutRecords', new PutRecordsCommand({ StreamName, Records: [record] })],
    ['GetShardIterator', new GetShardIteratorCommand({ StreamName, ...iterate })],
    ['ListShards', new ListShardsCommand({ StreamName })],
    ['ListStreams', new ListStreamsCommand({})],
    ['DescribeStream', new DescribeStreamCommand({ StreamName })],
    ['DescribeStreamSummary', new DescribeStreamSummaryCommand({ StreamName })],
    ['CreateStream', new CreateStreamCommand({ StreamName: 'new', ShardCount: 1 })],
    ['DeleteStream', new DeleteStreamCommand({ StreamName })],
  ])('may not %s', async (action, command) => {
    const denied = local.clientWithKey(DENIED_KEY);

    await expect(denied.send(command as ListStreamsCommand)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`kinesis:${action} on`) as string,
    });
  });

  it('may not GetRecords with the iterator of another', async () => {
    const { ShardIterator } = await local.client.send(
      new GetShardIteratorCommand({ StreamName, ...iterate }),
    );
    const denied = local.clientWithKey(DENIED_KEY);

    await expect(denied.send(new GetRecordsCommand({ ShardIterator }))).rejects.toThrow(
      'kinesis:GetRecords on',
    );
  });
});
