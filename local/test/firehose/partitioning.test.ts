import { until } from '../support/until';
import { closeAll, errorLines, openLocalFirehose, texts, type Options } from './local-firehose';

afterEach(closeAll);

/** Partitions by the first character of a record; a record `-` has no key. */
const PARTITIONED: Options = {
  transformer: `exports.handler = async ({ records }) => ({
    records: records.map(({ recordId, data }) => {
      const [key] = Buffer.from(data, 'base64').toString().split(':');
      return { recordId, data, result: 'Ok', metadata: { partitionKeys: key === '-' ? {} : { key } } };
    }),
  });`,
  destination: {
    prefix: 'data/key=!{partitionKeyFromLambda:key}/',
    bufferSizeMb: 64,
    bufferIntervalSeconds: 60,
    dynamicPartitioning: { enabled: true, retryDurationSeconds: 300 },
  },
};

const keys = (objects: Record<string, Buffer>): string[] =>
  Object.keys(objects).map((key) => key.slice(0, key.lastIndexOf('/') + 1));

// https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html
describe('dynamic partitioning', () => {
  it('puts the records of each partition under a prefix of their own', async () => {
    const local = await openLocalFirehose(PARTITIONED);
    await local.put('a:1', 'b:2', 'a:3');
    await local.firehose.flush();
    const objects = await local.objects();
    expect(texts(objects, 'data/key=a/')).toEqual(['a:1a:3']);
    expect(texts(objects, 'data/key=b/')).toEqual(['b:2']);
  });

  it('adds no timestamp to the prefix', async () => {
    const local = await openLocalFirehose(PARTITIONED);
    await local.put('a:1');
    await local.firehose.flush();
    expect(keys(await local.objects())).toEqual(['data/key=a/']);
  });

  it('buffers each partition for itself', async () => {
    const local = await openLocalFirehose({
      ...PARTITIONED,
      lambda: { bufferIntervalSeconds: 0 },
    });
    const buffered = (records: number) => () =>
      local.firehose.deliveryStreams()[0]?.buffered === records && local.firehose.idle();
    await local.put('a:1');
    await until(buffered(1));
    local.clock.advance(30_000);
    await local.put('b:2');
    await until(buffered(2));
    local.clock.advance(30_000);
    await until(buffered(1));
    expect(keys(await local.objects())).toEqual(['data/key=a/']);
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-error-handling.html
  it('sends a record without its key to the error output', async () => {
    const local = await openLocalFirehose(PARTITIONED);
    await local.put('a:1', '-:2');
    await local.firehose.flush();
    const objects = await local.objects();
    expect(texts(objects, 'data/')).toEqual(['a:1']);
    expect(errorLines(objects, 'processing-failed')).toMatchObject([
      {
        errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
        rawData: Buffer.from('-:2').toString('base64'),
      },
    ]);
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules
  it('sends a record whose prefix is longer than 512 characters to the error output', async () => {
    const local = await openLocalFirehose(PARTITIONED);
    await local.put(`${'k'.repeat(503)}:1`);
    await local.firehose.flush();
    expect(errorLines(await local.objects(), 'processing-failed')).toHaveLength(1);
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
  describe('with as many active partitions as there may be', () => {
    /** An S3 that takes everything and keeps nothing: storing 500 objects takes seconds. */
    function quickS3(): { intercept: Options['intercept']; paths: string[] } {
      const paths: string[] = [];
      return {
        paths,
        intercept(request, response) {
          if (request.method !== 'PUT') return false;
          paths.push(decodeURIComponent(request.path));
          request.http.resume().on('end', () => response.end());
          return true;
        },
      };
    }

    const FIVE_HUNDRED = Array.from({ length: 500 }, (_, i) => `${i}:x`);

    it('sends records of a further one to the error output, those of a known one not', async () => {
      const { intercept, paths } = quickS3();
      const local = await openLocalFirehose({ ...PARTITIONED, intercept });
      await local.put(...FIVE_HUNDRED);
      await local.put('501:y', '7:y');
      await local.firehose.flush();
      expect(paths.filter((path) => path.includes('/data/'))).toHaveLength(500);
      expect(
        paths.filter((path) => path.includes('/errors/activePartitionExceeded/')),
      ).toHaveLength(1);
      expect(local.told).toContainEqual(
        expect.objectContaining({ detail: '1 of 502 go to activePartitionExceeded' }),
      );
    });

    it('takes a further one once those are delivered', async () => {
      const { intercept, paths } = quickS3();
      const local = await openLocalFirehose({ ...PARTITIONED, intercept });
      await local.put(...FIVE_HUNDRED);
      await local.firehose.flush();
      await local.put('501:y');
      await local.firehose.flush();
      expect(paths.filter((path) => path.includes('/data/key=501/'))).toHaveLength(1);
    });
  });
});
