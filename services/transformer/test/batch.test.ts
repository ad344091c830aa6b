import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { sqsEvent, startLocalLake, type LocalLake } from './local-lake';
import { lines, sale } from './sale';

let lake: LocalLake;
let handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
let logged: Record<string, unknown>[];
let measured: Record<string, unknown>[];

beforeAll(async () => {
  lake = await startLocalLake();
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'saleslake/test';
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'false';
  ({ handler } = await import('../src/handler'));
});

beforeEach(() => {
  logged = [];
  measured = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => record(text));
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => record(text));
});

afterEach(() => jest.restoreAllMocks());
afterAll(() => lake.close());

function record(text: string | Uint8Array): boolean {
  for (const line of String(text).split('\n')) {
    if (!line.startsWith('{')) continue;
    const written = JSON.parse(line) as Record<string, unknown>;
    (written['_aws'] ? measured : logged).push(written);
  }
  return true;
}

const key = (id: string): string => `raw/transactions/date=2026-03-01/${id}.json`;

it('transforms every object of a batch', async () => {
  const names = ['a', 'b', 'c'];
  const events = await Promise.all(names.map((id) => lake.put(key(id), lines(sale(id)))));
  expect(await handler(sqsEvent(...events))).toEqual({ batchItemFailures: [] });
  for (const id of names) {
    expect(await lake.manifest(key(id))).toMatchObject({ state: 'complete', rows: { good: 1 } });
  }
});

it.each([
  ['no JSON', 'hello', 'The message is not JSON'],
  ['null', 'null', 'is not an EventBridge event'],
  ['an event of something else', '{"source":"aws.ec2"}', 'is not an EventBridge event'],
  [
    'an event without a sequencer',
    JSON.stringify({
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: '2026-03-01T00:00:00Z',
      detail: { bucket: { name: 'b' }, object: { key: 'k', etag: 'e', size: 1 } },
    }),
    'has no detail.object.sequencer',
  ],
])('gives back alone the message that is %s, and does the others', async (_name, poison, error) => {
  const [before, after] = [`before ${_name}`, `after ${_name}`];
  const events = await Promise.all([before, after].map((id) => lake.put(key(id), lines(sale(id)))));
  expect(await handler(sqsEvent(events[0]!, poison, events[1]!))).toEqual({
    batchItemFailures: [{ itemIdentifier: 'message-1' }],
  });
  for (const id of [before, after]) {
    expect(await lake.manifest(key(id))).toMatchObject({ state: 'complete' });
  }
  expect(logged.filter(({ level }) => level === 'ERROR')).toEqual([
    expect.objectContaining({
      correlation_id: 'message-1',
      error: expect.objectContaining({
        name: 'EventError',
        message: expect.stringContaining(error) as string,
      }) as object,
    }),
  ]);
});

it('logs a line for each object, under its key, with its counts', async () => {
  const event = await lake.put(key('logged'), lines(sale(1), sale(2, { quantity: 0 })));
  await handler(sqsEvent(event));
  expect(logged).toEqual([
    expect.objectContaining({
      level: 'INFO',
      message: 'object published',
      correlation_id: key('logged'),
      rows: { in: 2, good: 1, quarantined: 1, duplicates: 0 },
    }),
  ]);
});

it('logs what went wrong with an object under its key', async () => {
  const event = await lake.put(key('gone'), lines(sale(1)));
  const gone = JSON.stringify(event).replaceAll('gone.json', 'never.json');
  await handler(sqsEvent(gone));
  expect(logged).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      correlation_id: key('never'),
      error: expect.objectContaining({ name: 'SourceGoneError' }) as object,
    }),
  ]);
});

it('measures each object that it published, and how long after its creation', async () => {
  const twice = await lake.put(key('measured'), lines(sale(1), sale(1), sale(2, { quantity: 0 })));
  const once = await lake.put(key('measured too'), lines(sale(3)));
  const late = { ...once, time: new Date(Date.now() - 60_000).toISOString() };
  await handler(sqsEvent(twice, 'hello', late));
  expect(measured).toEqual([
    expect.objectContaining({
      service: 'transformer',
      RowsIn: 3,
      RowsGood: 1,
      RowsQuarantined: 1,
      RowsDuplicate: 1,
      ObjectsPublished: 1,
    }),
    expect.objectContaining({ RowsIn: 1, RowsQuarantined: 0, ObjectsPublished: 1 }),
  ]);
  const seconds = measured.map(({ SecondsToPublish }) => SecondsToPublish as number);
  expect(seconds[0]).toBeGreaterThanOrEqual(0);
  expect(seconds[0]).toBeLessThan(30);
  expect(seconds[1]).toBeGreaterThanOrEqual(60);
});

it('measures nothing for an object that is published already, or superseded', async () => {
  const older = await lake.put(key('again'), lines(sale(1)));
  const newer = await lake.put(key('again'), lines(sale(2)));
  await handler(sqsEvent(newer));
  measured = [];
  await handler(sqsEvent(newer, older));
  expect(logged.map(({ message }) => message).slice(1)).toEqual([
    'object duplicate',
    'object superseded',
  ]);
  expect(measured).toEqual([]);
});

it('measures what is published already where an earlier attempt may have died before it could', async () => {
  const event = await lake.put(key('died'), lines(sale(1, { quantity: 0 })));
  await handler(sqsEvent(event));
  measured = [];
  const again = sqsEvent(event);
  again.Records[0]!.attributes.ApproximateReceiveCount = '2';
  await handler(again);
  expect(measured).toEqual([expect.objectContaining({ RowsIn: 1, RowsQuarantined: 1 })]);
});
