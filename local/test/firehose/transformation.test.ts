import { until } from '../support/until';
import { closeAll, errorLines, openLocalFirehose, PASS, START, texts } from './local-firehose';

afterEach(closeAll);

/** A function whose handler makes of `records`, and of `event`, what the expression says. */
const returning = (records: string): string =>
  `exports.handler = async (event) => ({ records: ${records} });`;

const base64 = (text: string): string => Buffer.from(text).toString('base64');

// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
describe('a transformation', () => {
  it('is asked for when the interval has passed', async () => {
    const local = await openLocalFirehose({
      transformer: PASS,
      destination: { bufferIntervalSeconds: 0 },
    });
    await local.put('a');
    local.clock.advance(59_999);
    await until(() => local.firehose.idle());
    expect(local.told).toEqual([]);
    local.clock.advance(1);
    await until(() => local.firehose.idle());
    expect(texts(await local.objects(), 'data/')).toEqual(['a']);
  });

  it('is asked for when the size is reached, by as many records as reach it', async () => {
    const local = await openLocalFirehose({
      transformer: returning(`event.records.map(({ recordId }) => ({
        recordId, result: 'Ok', data: Buffer.from(event.records.length + ' ').toString('base64'),
      }))`),
      destination: { bufferIntervalSeconds: 0 },
    });
    const record = Buffer.alloc(256 * 1024, 'x');
    await local.put(record, record, record, record, record);
    await until(async () => Object.keys(await local.objects()).length > 0);
    expect(texts(await local.objects(), 'data/')).toEqual(['4 4 4 4 ']);
  });

  it('is given the event that AWS gives', async () => {
    const local = await openLocalFirehose({
      transformer: returning(`event.records.map(({ recordId }) => ({
        recordId, result: 'Ok', data: Buffer.from(JSON.stringify(event)).toString('base64'),
      }))`),
    });
    await local.put('hello');
    await local.firehose.flush();
    const [event = ''] = texts(await local.objects(), 'data/');
    expect(JSON.parse(event)).toEqual({
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      deliveryStreamArn: 'arn:aws:firehose:us-east-1:123456789012:deliverystream/sales',
      region: 'us-east-1',
      records: [
        {
          recordId: expect.stringMatching(/^\d+$/) as string,
          approximateArrivalTimestamp: START,
          data: base64('hello'),
        },
      ],
    });
  });

  it('may drop a record, which then is nowhere', async () => {
    const local = await openLocalFirehose({
      transformer: returning(`event.records.map(({ recordId, data }, i) => ({
        recordId, data, result: i === 1 ? 'Dropped' : 'Ok',
      }))`),
    });
    await local.put('a', 'b', 'c');
    await local.firehose.flush();
    expect(Object.values(await local.objects()).map(String)).toEqual(['ac']);
  });
});

// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
describe('a record that is not transformed goes to processing-failed', () => {
  const CODES: [string, string, string][] = [
    ['the function says so', `result: 'ProcessingFailed'`, 'Lambda.ProcessingFailedStatus'],
    ['its result is none', `result: 'Fine', data`, 'Lambda.InvalidReturnFormat'],
    ['its data is missing', `result: 'Ok'`, 'Lambda.InvalidReturnFormat'],
    ['its data is not base64', `result: 'Ok', data: '{"a":1}'`, 'Lambda.InvalidReturnFormat'],
    ['its id is another', `recordId: 'x', result: 'Ok', data`, 'Lambda.MissingRecordId'],
  ];

  it.each(CODES)('where %s', async (_, answer, errorCode) => {
    const local = await openLocalFirehose({
      transformer: returning(
        `event.records.map(({ recordId, data }, i) =>
          i === 0 ? { recordId, data, result: 'Ok' } : { recordId, ${answer} })`,
      ),
    });
    await local.put('good', 'bad');
    await local.firehose.flush();
    const objects = await local.objects();
    expect(texts(objects, 'data/')).toEqual(['good']);
    expect(errorLines(objects, 'processing-failed')).toEqual([
      {
        attemptsMade: 1,
        arrivalTimestamp: START,
        errorCode,
        errorMessage: expect.any(String) as string,
        attemptEndingTimestamp: START,
        rawData: base64('bad'),
        lambdaArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
      },
    ]);
  });

  it('where its id comes back twice', async () => {
    const local = await openLocalFirehose({
      transformer: returning(`[...event.records, event.records[1]].map(({ recordId, data }) => ({
        recordId, data, result: 'Ok',
      }))`),
    });
    await local.put('good', 'twice');
    await local.firehose.flush();
    const objects = await local.objects();
    expect(texts(objects, 'data/')).toEqual(['good']);
    expect(errorLines(objects, 'processing-failed')).toMatchObject([
      { errorCode: 'Lambda.DuplicatedRecordId', rawData: base64('twice') },
    ]);
  });

  it.each([
    ['undefined', 'Lambda.MissingRecordId'],
    ['[]', 'Lambda.MissingRecordId'],
    [`'nothing'`, 'Lambda.JsonProcessingException'],
    ['[null]', 'Lambda.JsonProcessingException'],
  ])('where the function returns %s for all of them', async (records, errorCode) => {
    const local = await openLocalFirehose({ transformer: returning(records) });
    await local.put('a', 'b');
    await local.firehose.flush();
    expect(errorLines(await local.objects(), 'processing-failed')).toMatchObject([
      { errorCode, rawData: base64('a') },
      { errorCode, rawData: base64('b') },
    ]);
  });

  it('where the response is larger than 6 MB', async () => {
    const local = await openLocalFirehose({
      transformer: returning(`event.records.map(({ recordId }) => ({
        recordId, result: 'Ok', data: 'A'.repeat(8 * 1024 * 1024),
      }))`),
    });
    await local.put('a');
    await local.firehose.flush();
    expect(errorLines(await local.objects(), 'processing-failed')).toMatchObject([
      { errorCode: 'Lambda.FunctionError', rawData: base64('a') },
    ]);
  });

  it('where the function times out', async () => {
    const local = await openLocalFirehose({
      transformer: `exports.handler = () => new Promise(() => setTimeout(() => {}, 60_000));`,
      functionTimeoutSeconds: 1,
    });
    await local.put('a');
    await local.firehose.flush();
    expect(errorLines(await local.objects(), 'processing-failed')).toMatchObject([
      { errorCode: 'Lambda.FunctionError', attemptsMade: 1 },
    ]);
  });

  it('where the role may not invoke the function', async () => {
    const local = await openLocalFirehose({ transformer: PASS });
    local.policies({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });
    await local.put('a');
    await local.firehose.flush();
    expect(errorLines(await local.objects(), 'processing-failed')).toMatchObject([
      { errorCode: 'Lambda.InvokeAccessDenied' },
    ]);
  });
});

describe('an invocation that fails', () => {
  const THROWS = `exports.handler = async () => { throw new Error('no luck'); };`;

  it('is repeated three times, and then fails its records', async () => {
    const local = await openLocalFirehose({
      transformer: THROWS,
      lambda: { numberOfRetries: 3 },
    });
    await local.put('a', 'b');
    const failures = (): number =>
      local.told.filter(({ what }) => what === 'transformation failed').length;
    await local.firehose.flush();
    expect(failures()).toBe(1);
    expect(local.firehose.idle()).toBe(false);
    for (const [retry, backoffMs] of [1000, 2000, 4000].entries()) {
      local.clock.advance(backoffMs);
      await until(() => failures() === retry + 2);
    }
    await local.firehose.flush();
    const endedAt = START + 7000;
    expect(errorLines(await local.objects(), 'processing-failed')).toMatchObject([
      {
        errorCode: 'Lambda.FunctionError',
        attemptsMade: 4,
        attemptEndingTimestamp: endedAt,
        rawData: base64('a'),
      },
      { attemptsMade: 4, rawData: base64('b') },
    ]);
  });

  it('is told each time, at last as an error', async () => {
    const local = await openLocalFirehose({ transformer: THROWS, lambda: { numberOfRetries: 1 } });
    await local.put('a');
    await local.firehose.flush();
    local.clock.advance(1000);
    await until(() => local.firehose.idle());
    const told = local.told.filter(({ what }) => what === 'transformation failed');
    expect(told.map(({ level }) => level)).toEqual(['warn', 'error']);
    expect(told[0]?.detail).toContain('no luck');
  });

  it('holds up what comes after, and loses none of it', async () => {
    const local = await openLocalFirehose({
      transformer: `let calls = 0;
        exports.handler = async (event) => {
          if (calls++ === 0) throw new Error('the first time');
          return { records: event.records.map((record) => ({ ...record, result: 'Ok' })) };
        };`,
      lambda: { numberOfRetries: 3 },
    });
    await local.put('a');
    await local.firehose.flush();
    await local.put('b');
    local.clock.advance(1000);
    await until(() => local.told.some(({ what }) => what === 'object delivered'));
    await local.firehose.flush();
    expect(texts(await local.objects(), 'data/').sort()).toEqual(['a', 'b']);
  });
});
