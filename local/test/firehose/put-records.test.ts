import {
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { ManualClock } from '../../src/core/clock';
import { openPutQuota, putRate } from '../../src/firehose/put-quota';
import { closeAll, openLocalFirehose, ROLE, START, STREAM_ARN, texts } from './local-firehose';

afterEach(closeAll);

const KIB = 1024;
const DeliveryStreamName = 'sales';
const record = (bytes: number) => ({ Data: Buffer.alloc(bytes, 'x') });

// https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html
describe('PutRecord', () => {
  it('takes a record of 1,000 KiB and gives its id', async () => {
    const { client } = await openLocalFirehose();
    const put = new PutRecordCommand({ DeliveryStreamName, Record: record(1000 * KIB) });
    expect((await client.send(put)).RecordId).toMatch(/^\d+$/);
  });

  it('refuses a larger record', async () => {
    const { client } = await openLocalFirehose();
    const put = new PutRecordCommand({ DeliveryStreamName, Record: record(1000 * KIB + 1) });
    await expect(client.send(put)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('record.data') as string,
    });
  });

  it('refuses an unknown stream', async () => {
    const { client } = await openLocalFirehose();
    const put = new PutRecordCommand({ DeliveryStreamName: 'other', Record: record(1) });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('refuses a stream that reads from Kinesis', async () => {
    const source = { kind: 'Kinesis' as const, streamArn: STREAM_ARN, roleArn: ROLE };
    const { client } = await openLocalFirehose({ source });
    const put = new PutRecordCommand({ DeliveryStreamName, Record: record(1) });
    await expect(client.send(put)).rejects.toMatchObject({
      name: 'InvalidArgumentException',
      message: expect.stringContaining('KinesisStreamAsSource') as string,
    });
  });
});

// https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
describe('PutRecordBatch', () => {
  it('takes 500 records, and gives an id to each', async () => {
    const { client } = await openLocalFirehose();
    const Records = Array.from({ length: 500 }, () => record(10));
    const put = await client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
    expect(put.FailedPutCount).toBe(0);
    expect(new Set(put.RequestResponses?.map(({ RecordId }) => RecordId)).size).toBe(500);
  });

  it('refuses 501 records', async () => {
    const { client } = await openLocalFirehose();
    const Records = Array.from({ length: 501 }, () => record(1));
    const put = new PutRecordBatchCommand({ DeliveryStreamName, Records });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses more than 4 MiB', async () => {
    const { client } = await openLocalFirehose();
    const Records = [...Array.from({ length: 4 }, () => record(1000 * KIB)), record(96 * KIB + 1)];
    const put = new PutRecordBatchCommand({ DeliveryStreamName, Records });
    await expect(client.send(put)).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  });

  it('refuses, one by one, the records that go beyond the quota of the second', async () => {
    // https://docs.aws.amazon.com/firehose/latest/dev/limits.html: 1 MiB a second in most regions
    const local = await openLocalFirehose({ region: 'eu-central-1' });
    const Records = Array.from({ length: 3 }, () => record(400 * KIB));
    const put = new PutRecordBatchCommand({ DeliveryStreamName, Records });
    const answer = await local.client.send(put);
    expect(answer.FailedPutCount).toBe(1);
    expect(answer.RequestResponses?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      undefined,
      'ServiceUnavailableException',
    ]);
    expect(local.firehose.deliveryStreams()[0]?.buffered).toBe(2);
  });

  it('takes records again when the second has passed', async () => {
    const local = await openLocalFirehose({ region: 'eu-central-1' });
    const Records = [record(900 * KIB), record(900 * KIB)];
    const put = new PutRecordBatchCommand({ DeliveryStreamName, Records });
    await local.client.send(put);
    local.clock.advance(1000);
    expect((await local.client.send(put)).FailedPutCount).toBe(1);
  });

  it('takes 1,000 requests a second in most regions', () => {
    const clock = new ManualClock(0);
    const quota = openPutQuota(putRate('eu-central-1'), clock);
    const taken = Array.from({ length: 1001 }, () => quota.takesRequest());
    expect(taken.filter(Boolean)).toHaveLength(1000);
    clock.advance(1);
    expect(quota.takesRequest()).toBe(true);
  });

  it('keeps bytes that are no text', async () => {
    const local = await openLocalFirehose();
    const bytes = Buffer.from([0, 255, 128, 10, 13]);
    await local.put(bytes, bytes);
    await local.firehose.flush();
    expect(Object.values(await local.objects())).toEqual([Buffer.concat([bytes, bytes])]);
  });
});

// https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html
describe('DescribeDeliveryStream', () => {
  it('tells how the stream is configured', async () => {
    const { client } = await openLocalFirehose({ destination: { compression: 'GZIP' } });
    const { DeliveryStreamDescription: stream } = await client.send(
      new DescribeDeliveryStreamCommand({ DeliveryStreamName }),
    );
    expect(stream).toMatchObject({
      DeliveryStreamStatus: 'ACTIVE',
      DeliveryStreamType: 'DirectPut',
      VersionId: '1',
      CreateTimestamp: new Date('2026-01-02T03:04:05.000Z'),
    });
    expect(stream?.Destinations?.[0]?.ExtendedS3DestinationDescription).toMatchObject({
      BucketARN: 'arn:aws:s3:::lake',
      CompressionFormat: 'GZIP',
      BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    });
  });
});

// https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html
describe('ListDeliveryStreams', () => {
  it('names the streams of a type', async () => {
    const { client } = await openLocalFirehose();
    const list = async (DeliveryStreamType: 'DirectPut' | 'KinesisStreamAsSource') =>
      (await client.send(new ListDeliveryStreamsCommand({ DeliveryStreamType })))
        .DeliveryStreamNames;
    expect(await list('DirectPut')).toEqual(['sales']);
    expect(await list('KinesisStreamAsSource')).toEqual([]);
  });
});

describe('the status of a stream', () => {
  it('tells what is buffered', async () => {
    const local = await openLocalFirehose();
    await local.put('abc', 'de');
    expect(local.firehose.deliveryStreams()).toEqual([
      {
        name: 'sales',
        source: 'DirectPut',
        buffered: 2,
        bufferedBytes: 5,
        behind: 0,
        oldestArrivedAt: START,
      },
    ]);
    await local.firehose.flush();
    expect(local.firehose.deliveryStreams()[0]).toMatchObject({ buffered: 0, bufferedBytes: 0 });
    expect(texts(await local.objects(), 'data/')).toEqual(['abcde']);
  });
});
