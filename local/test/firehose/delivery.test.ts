import { gunzipSync } from 'node:zlib';
import { until } from '../support/until';
import {
  closeAll,
  errorLines,
  openLocalFirehose,
  ROLE,
  START,
  STREAM_ARN,
  texts,
  type LocalFirehose,
} from './local-firehose';

afterEach(closeAll);

const HOUR_MS = 3_600_000;
const MEBIBYTE = 1024 * 1024;

// https://docs.aws.amazon.com/firehose/latest/dev/buffering-hints.html
describe('buffering', () => {
  it('delivers when the interval has passed, in one object', async () => {
    const local = await openLocalFirehose({ destination: { bufferIntervalSeconds: 60 } });
    await local.put('a');
    local.clock.advance(40_000);
    await local.put('b');
    local.clock.advance(19_999);
    await until(() => local.firehose.idle());
    expect(await local.objects()).toEqual({});
    local.clock.advance(1);
    await until(() => local.firehose.idle());
    expect(texts(await local.objects(), 'data/')).toEqual(['ab']);
  });

  it('delivers when the size is reached, before the interval has passed', async () => {
    const local = await openLocalFirehose({ destination: { bufferSizeMb: 1 } });
    const record = Buffer.alloc(MEBIBYTE / 2, 'x');
    await local.put(record, record, 'rest');
    await until(async () => Object.keys(await local.objects()).length > 0);
    expect(Object.values(await local.objects()).map(({ length }) => length)).toEqual([MEBIBYTE]);
    expect(local.firehose.deliveryStreams()[0]?.buffered).toBe(1);
  });

  it('delivers at once where the interval is 0', async () => {
    const local = await openLocalFirehose({ destination: { bufferIntervalSeconds: 0 } });
    await local.put('a');
    await until(() => local.firehose.idle());
    expect(texts(await local.objects(), 'data/')).toEqual(['a']);
  });

  it('is idle while records wait for their interval', async () => {
    const local = await openLocalFirehose();
    await local.put('a');
    await until(() => local.firehose.idle());
    expect(local.firehose.deliveryStreams()[0]?.buffered).toBe(1);
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
describe('an object', () => {
  it('is named after the stream, its version, and when its oldest record arrived', async () => {
    const local = await openLocalFirehose({ destination: { prefix: 'data/!{timestamp:yyyy}/' } });
    await local.put('a');
    local.clock.advance(HOUR_MS);
    await local.firehose.flush();
    expect(Object.keys(await local.objects())[0]).toMatch(
      /^data\/2026\/sales-1-2026-01-02-03-04-05-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
  });

  it('has the date and hour in its prefix where the prefix has no timestamp', async () => {
    const local = await openLocalFirehose({ destination: { prefix: 'data/' } });
    await local.put('a');
    await local.firehose.flush();
    expect(Object.keys(await local.objects())[0]).toMatch(/^data\/2026\/01\/02\/03\/sales-1-/);
  });

  it('is named by the time of the zone that is asked for', async () => {
    const destination = { customTimeZone: 'Asia/Tokyo' };
    const local = await openLocalFirehose({ destination });
    await local.put('a');
    await local.firehose.flush();
    expect(Object.keys(await local.objects())[0]).toMatch(
      /^data\/2026\/01\/02\/12\/sales-1-2026-01-02-12-04-05-/,
    );
  });

  it('ends in the extension that is asked for', async () => {
    const destination = { fileExtension: '.jsonl', compression: 'GZIP' as const };
    const local = await openLocalFirehose({ destination });
    await local.put('a');
    await local.firehose.flush();
    expect(Object.keys(await local.objects())[0]).toMatch(/\.jsonl$/);
  });

  it('has no records that come while it is put: they are in the next', async () => {
    let release: (() => void) | undefined;
    const local = await openLocalFirehose({
      intercept(request, response, s3) {
        if (request.method !== 'PUT' || release) return false;
        release = () => void s3(request, response);
        return true;
      },
    });
    await local.put('a');
    const flushed = local.firehose.flush();
    await until(() => release !== undefined);
    await local.put('b');
    release?.();
    await flushed;
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/').sort()).toEqual(['a', 'b']);
  });

  it('has a higher version in its name after the configuration has changed', async () => {
    const before = await openLocalFirehose();
    await before.close();
    const local = await openLocalFirehose({
      stateDir: before.stateDir,
      destination: { compression: 'GZIP' },
    });
    await local.put('a');
    await local.firehose.flush();
    expect(Object.keys(await local.objects())[0]).toMatch(/\/sales-2-/);
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
  it('has nothing between its records', async () => {
    const local = await openLocalFirehose();
    await local.put('a', 'b');
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/')).toEqual(['ab']);
  });

  it('has a newline after each record where that is asked for', async () => {
    const local = await openLocalFirehose({ destination: { appendDelimiter: true } });
    await local.put('a', 'b');
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/')).toEqual(['a\nb\n']);
  });

  it('is compressed, and named so, where that is asked for', async () => {
    const local = await openLocalFirehose({ destination: { compression: 'GZIP' } });
    await local.put('a', 'b');
    await local.firehose.flush();
    const [[key, body] = ['', Buffer.alloc(0)]] = Object.entries(await local.objects());
    expect(key).toMatch(/\.gz$/);
    expect(gunzipSync(body).toString()).toBe('ab');
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/retry.html
describe('a delivery that fails', () => {
  const deny = (Resource: string) => ({
    Statement: [
      { Effect: 'Allow' as const, Action: '*', Resource: '*' },
      { Effect: 'Deny' as const, Action: 's3:PutObject', Resource },
    ],
  });
  const allow = { Statement: { Effect: 'Allow' as const, Action: '*', Resource: '*' } };

  it('is repeated until the role allows it, and then is one object', async () => {
    const local = await openLocalFirehose();
    local.policies(deny('arn:aws:s3:::lake/*'));
    await local.put('a', 'b');
    await local.firehose.flush();
    expect(local.firehose.idle()).toBe(false);
    local.clock.advance(1000);
    await until(() => local.told.filter(({ what }) => what === 'delivery failed').length === 2);
    local.policies(allow);
    local.clock.advance(2000);
    await until(() => local.firehose.idle());
    expect(texts(await local.objects(), 'data/')).toEqual(['ab']);
  });

  it('is told with the reason and when it is tried again', async () => {
    const local = await openLocalFirehose();
    local.policies(deny('arn:aws:s3:::lake/*'));
    await local.put('a');
    await local.firehose.flush();
    expect(local.told).toContainEqual({
      service: 'firehose',
      what: 'delivery failed',
      subject: 'sales',
      detail: expect.stringMatching(/^s3:\/\/lake\/data\/.*AccessDenied.*again in 1 s$/) as string,
      level: 'warn',
    });
  });

  it('keeps what comes meanwhile', async () => {
    const local = await openLocalFirehose();
    local.policies(deny('arn:aws:s3:::lake/*'));
    await local.put('a');
    await local.firehose.flush();
    await local.put('b');
    local.policies(allow);
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/').sort()).toEqual(['a', 'b']);
  });

  it('is repeated after the connection broke', async () => {
    let broken = 1;
    const local = await openLocalFirehose({
      intercept(request, response) {
        if (request.method !== 'PUT' || broken === 0) return false;
        broken -= 1;
        response.destroy();
        return true;
      },
    });
    await local.put('a');
    await local.firehose.flush();
    expect(await local.objects()).toEqual({});
    local.clock.advance(1000);
    await until(() => local.firehose.idle());
    expect(texts(await local.objects(), 'data/')).toEqual(['a']);
  });

  const lost = (local: LocalFirehose) => local.told.filter(({ what }) => what === 'records lost');

  it('loses the records, and says so, after 24 hours', async () => {
    const local = await openLocalFirehose();
    local.policies(deny('arn:aws:s3:::lake/*'));
    await local.put('a');
    await local.firehose.flush();
    local.clock.advance(24 * HOUR_MS);
    await until(() => local.firehose.idle());
    expect(lost(local)).toMatchObject([{ level: 'error' }]);
    expect(local.firehose.deliveryStreams()[0]?.buffered).toBe(0);
  });

  it('keeps records of a data stream for as long as that keeps them', async () => {
    const source = { kind: 'Kinesis', streamArn: STREAM_ARN, roleArn: ROLE } as const;
    const local = await openLocalFirehose({ source, retentionHours: 48 });
    local.policies(deny('arn:aws:s3:::lake/*'));
    local.kinesis.put([{ partitionKey: 'a', data: Buffer.from('a') }]);
    await local.firehose.flush();
    local.clock.advance(47 * HOUR_MS);
    await until(() => local.told.filter(({ what }) => what === 'delivery failed').length === 2);
    expect(lost(local)).toEqual([]);
    local.clock.advance(HOUR_MS);
    await until(() => local.firehose.idle());
    expect(lost(local)).toHaveLength(1);
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/create-destination.html: S3 backup
describe('the backup of source records', () => {
  it('has every record as it came, also those that the function dropped or failed', async () => {
    const local = await openLocalFirehose({
      transformer: `exports.handler = async ({ records }) => ({
        records: records.map(({ recordId }, i) => ({
          recordId,
          result: ['Ok', 'Dropped', 'ProcessingFailed'][i],
          data: Buffer.from('transformed').toString('base64'),
        })),
      });`,
      destination: {
        backup: {
          bucketArn: 'arn:aws:s3:::backup',
          roleArn: ROLE,
          prefix: 'source/',
          errorOutputPrefix: '',
          compression: 'GZIP',
          bufferSizeMb: 5,
          bufferIntervalSeconds: 300,
        },
      },
    });
    await local.put('a', 'b', 'c');
    await local.firehose.flush();
    const objects = await local.objects();
    const key = Object.keys(objects).find((each) => each.startsWith('source/')) ?? '';
    expect(key).toMatch(/^source\/2026\/01\/02\/03\/sales-1-.*\.gz$/);
    expect(gunzipSync(objects[key]!).toString()).toBe('abc');
    expect(texts(objects, 'data/')).toEqual(['transformed']);
    expect(errorLines(objects, 'processing-failed')).toHaveLength(1);
  });
});

describe('the time of a record', () => {
  it('is when it arrived, not when it is delivered', async () => {
    const destination = { prefix: 'data/!{timestamp:HH:mm}/' };
    const local = await openLocalFirehose({ destination });
    expect(local.clock.now()).toBe(START);
    await local.put('a');
    local.clock.advance(120_000);
    await local.put('b');
    await local.firehose.flush();
    expect(Object.keys(await local.objects())[0]).toMatch(/^data\/03:04\//);
  });
});
