import { until } from '../support/until';
import { aggregate } from './kpl-encoder';
import {
  closeAll,
  openLocalFirehose,
  PASS,
  ROLE,
  START,
  STREAM_ARN,
  texts,
  type Options,
} from './local-firehose';

afterEach(closeAll);

const FROM_KINESIS: Options = {
  source: { kind: 'Kinesis', streamArn: STREAM_ARN, roleArn: ROLE },
  destination: { appendDelimiter: true },
};

const entry = (text: string) => ({ partitionKey: text, data: Buffer.from(text) });
const delivered = (objects: Record<string, Buffer>): string[] =>
  texts(objects, 'data/').join('').split('\n').slice(0, -1).sort();

// https://docs.aws.amazon.com/firehose/latest/dev/writing-with-kinesis-streams.html
describe('a data stream as source', () => {
  it('has the records of all its shards delivered', async () => {
    const local = await openLocalFirehose(FROM_KINESIS);
    const records = Array.from({ length: 20 }, (_, i) => `r${i}`);
    const shards = local.kinesis.put(records.map(entry));
    expect(new Set(shards.map((put) => 'shardId' in put && put.shardId)).size).toBe(2);
    await local.firehose.flush();
    expect(delivered(await local.objects())).toEqual(records.sort());
  });

  it('is read from its latest record on', async () => {
    const before = await openLocalFirehose();
    before.kinesis.put([entry('earlier')]);
    await before.close();
    const local = await openLocalFirehose({ ...FROM_KINESIS, stateDir: before.stateDir });
    local.kinesis.put([entry('later')]);
    await local.firehose.flush();
    expect(delivered(await local.objects())).toEqual(['later']);
  });

  it('is read on after a restart, from where it was', async () => {
    const before = await openLocalFirehose(FROM_KINESIS);
    before.kinesis.put([entry('a'), entry('b')]);
    await before.firehose.flush();
    before.kinesis.put([entry('c')]);
    await before.close();
    const between = await openLocalFirehose({
      stateDir: before.stateDir,
      destination: { prefix: 'other/' },
    });
    between.kinesis.put([entry('d')]);
    await between.close();
    const local = await openLocalFirehose({ ...FROM_KINESIS, stateDir: before.stateDir });
    local.kinesis.put([entry('e')]);
    await local.firehose.flush();
    expect(delivered(await local.objects())).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('is not behind once its records are taken in', async () => {
    const local = await openLocalFirehose(FROM_KINESIS);
    local.kinesis.put([entry('a')]);
    expect(local.firehose.deliveryStreams()[0]).toMatchObject({ buffered: 1, behind: 0 });
    await until(() => local.firehose.idle());
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
  it('has aggregated records taken apart before they are transformed', async () => {
    const local = await openLocalFirehose({ ...FROM_KINESIS, transformer: PASS });
    const data = aggregate([entry('a'), entry('b'), entry('c')]);
    local.kinesis.put([{ partitionKey: 'k', data }]);
    await local.firehose.flush();
    expect(delivered(await local.objects())).toEqual(['a', 'b', 'c']);
  });

  // https://docs.aws.amazon.com/lambda/latest/dg/services-kinesisfirehose.html
  it('shows in the event where a record comes from', async () => {
    const local = await openLocalFirehose({
      ...FROM_KINESIS,
      transformer: `exports.handler = async (event) => ({
        records: event.records.map(({ recordId }) => ({
          recordId, result: 'Ok', data: Buffer.from(JSON.stringify(event)).toString('base64'),
        })),
      });`,
    });
    const [put] = local.kinesis.put([entry('a')]);
    await local.firehose.flush();
    const [event = ''] = delivered(await local.objects());
    expect(JSON.parse(event)).toMatchObject({
      sourceKinesisStreamArn: STREAM_ARN,
      records: [
        {
          approximateArrivalTimestamp: START,
          kinesisRecordMetadata: { ...put, partitionKey: 'a', approximateArrivalTimestamp: START },
        },
      ],
    });
  });
});
