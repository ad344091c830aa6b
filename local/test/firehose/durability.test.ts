import { until } from '../support/until';
import { closeAll, openLocalFirehose, PASS, texts, type Options } from './local-firehose';

afterEach(closeAll);

/** An S3 that keeps what is put and never says so: the process is killed before it hears. */
function deafTo(isData: (path: string) => boolean): {
  intercept: Options['intercept'];
  puts: string[];
} {
  const puts: string[] = [];
  return {
    puts,
    intercept(request, response, s3) {
      if (request.method !== 'PUT' || !isData(request.path)) return false;
      response.end = () => {
        puts.push(request.path);
        return response;
      };
      void s3(request, response);
      return true;
    },
  };
}

describe('a delivery stream after a restart', () => {
  it('delivers what was buffered for its interval', async () => {
    const before = await openLocalFirehose();
    await before.put('a', 'b');
    await before.close();
    const local = await openLocalFirehose({ stateDir: before.stateDir });
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/')).toEqual(['ab']);
  });

  it('waits no longer than the interval in all', async () => {
    const before = await openLocalFirehose();
    await before.put('a');
    await until(() => before.firehose.idle());
    before.clock.advance(299_999);
    await before.close();
    const local = await openLocalFirehose({ stateDir: before.stateDir, clock: before.clock });
    local.clock.advance(1);
    await until(() => local.firehose.idle());
    expect(texts(await local.objects(), 'data/')).toEqual(['a']);
  });

  it('transforms what was not transformed', async () => {
    const before = await openLocalFirehose({ transformer: PASS });
    await before.put('a');
    await before.close();
    const local = await openLocalFirehose({ stateDir: before.stateDir, transformer: PASS });
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/')).toEqual(['a']);
  });

  it('does not deliver again what was delivered', async () => {
    const before = await openLocalFirehose();
    await before.put('a');
    await before.firehose.flush();
    await before.put('b');
    await before.close();
    const local = await openLocalFirehose({ stateDir: before.stateDir });
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/').sort()).toEqual(['a', 'b']);
  });

  it('goes on giving new ids to records', async () => {
    const before = await openLocalFirehose();
    await before.put('a');
    await before.firehose.flush();
    await before.close();
    const local = await openLocalFirehose({ stateDir: before.stateDir });
    await local.put('b');
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/').sort()).toEqual(['a', 'b']);
  });
});

describe('a delivery stream that is killed', () => {
  it('after S3 has an object and before it heard of it, puts the same object again', async () => {
    const { intercept, puts } = deafTo((path) => path.includes('/data/'));
    const before = await openLocalFirehose({ intercept });
    await before.put('a', 'b');
    void before.firehose.flush();
    await until(() => puts.length === 1);
    // What was taken in after the object was decided on is in another.
    await before.put('c');
    await before.kill();

    const local = await openLocalFirehose({ stateDir: before.stateDir });
    await local.firehose.flush();
    const objects = await local.objects();
    expect(texts(objects, 'data/').sort()).toEqual(['ab', 'c']);
    expect(Object.keys(objects).some((key) => puts[0]?.endsWith(key))).toBe(true);
  });

  it('between the put of one partition and another, doubles neither', async () => {
    const options: Options = {
      transformer: `exports.handler = async ({ records }) => ({
        records: records.map(({ recordId, data }) => ({ recordId, data, result: 'Ok',
          metadata: { partitionKeys: { key: Buffer.from(data, 'base64').toString() } } })),
      });`,
      destination: {
        prefix: 'data/!{partitionKeyFromLambda:key}/',
        bufferSizeMb: 64,
        dynamicPartitioning: { enabled: true, retryDurationSeconds: 300 },
      },
    };
    const { intercept, puts } = deafTo((path) => path.includes('/data/b/'));
    const before = await openLocalFirehose({ ...options, intercept });
    await before.put('a', 'b', 'a', 'b');
    void before.firehose.flush();
    await until(() => puts.length === 1);
    await until(() => before.told.some(({ what }) => what === 'object delivered'));
    await before.kill();

    const local = await openLocalFirehose({ ...options, stateDir: before.stateDir });
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/')).toEqual(['aa', 'bb']);
  });
});
