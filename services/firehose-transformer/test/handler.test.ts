import type { FirehoseTransformationEvent } from 'aws-lambda';
import orderChanges from '../events/order-changes.json';
import transactionEvent from '../events/transactions.json';
import withBadRecords from '../events/transactions-with-bad-records.json';
import type * as Handler from '../src/handler';
import { rowsOf } from './events';

let handler: typeof Handler.handler;
let logged: Record<string, unknown>[];
let measured: Record<string, unknown>[];

beforeAll(async () => {
  process.env['STREAM_PREFIX'] = 'saleslake-local-';
  process.env['POWERTOOLS_LOG_LEVEL'] = 'INFO';
  process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'saleslake/test';
  // The handler reads its environment when it is loaded.
  ({ handler } = await import('../src/handler'));
});

beforeEach(() => {
  logged = [];
  measured = [];
  const record = (text: string | Uint8Array): boolean => {
    for (const line of String(text).split('\n')) {
      if (!line.startsWith('{')) continue;
      const written = JSON.parse(line) as Record<string, unknown>;
      (written['_aws'] ? measured : logged).push(written);
    }
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(record);
  jest.spyOn(process.stderr, 'write').mockImplementation(record);
});

afterEach(() => jest.restoreAllMocks());

describe('the handler', () => {
  it('makes rows of the transactions of a recorded event', async () => {
    const { records } = await handler(transactionEvent);
    expect(records.flatMap((record) => rowsOf(record))).toMatchObject([
      { product_name: 'USB-C charger 65 W', total_amount: 69.98, day_of_week: 6 },
      { product_name: 'Café poems', timestamp: '2026-03-01 18:03:40.010' },
      { product_name: 'French press', hour: 0 },
    ]);
    expect(records.map(({ metadata }) => metadata?.partitionKeys['day'])).toEqual([
      '01',
      '01',
      '02',
    ]);
  });

  it('makes rows of the changes of orders of a recorded event', async () => {
    const { records } = await handler(orderChanges);
    expect(records.map(({ result }) => result)).toEqual([
      'Ok',
      'Ok',
      'Ok',
      'Ok',
      'ProcessingFailed',
    ]);
    expect(records.slice(0, 4).flatMap((record) => rowsOf(record))).toMatchObject([
      { order_id: '921', event_type: 'INSERT', price: 146.37 },
      { event_type: 'INSERT', quantity: 1 },
      { event_type: 'MODIFY', quantity: 4 },
      { event_type: 'REMOVE', quantity: 4, price: 39.99 },
    ]);
  });

  it('answers and logs each record of a batch with bad ones', async () => {
    const { records } = await handler(withBadRecords);
    expect(records.map(({ result }) => result)).toEqual([
      'Ok',
      'ProcessingFailed',
      'ProcessingFailed',
      'Dropped',
    ]);
    const [, second, third] = withBadRecords.records;
    expect(logged).toEqual([
      expect.objectContaining({
        level: 'ERROR',
        correlation_id: second!.recordId,
        reason: 'expected a JSON object, or one on each line',
      }),
      expect.objectContaining({
        level: 'ERROR',
        correlation_id: third!.recordId,
        reason: 'total_amount: expected 69.98, which is quantity × price',
      }),
      expect.objectContaining({
        level: 'INFO',
        message: 'batch transformed',
        correlation_id: withBadRecords.invocationId,
        ok: 1,
        dropped: 1,
        failed: 2,
      }),
    ]);
  });

  it('measures how many records came and how many failed', async () => {
    await handler(withBadRecords);
    await handler(transactionEvent);
    expect(measured).toEqual([
      expect.objectContaining({ service: 'firehose-transformer', RecordsIn: 4, RecordsFailed: 2 }),
      expect.objectContaining({ service: 'firehose-transformer', RecordsIn: 3, RecordsFailed: 0 }),
    ]);
  });

  it.each([
    'arn:aws:firehose:us-east-1:000000000000:deliverystream/saleslake-local-customers',
    'arn:aws:firehose:us-east-1:000000000000:deliverystream/saleslake-dev-transactions',
    'arn:aws:firehose:us-east-1:000000000000:deliverystream/saleslake-local-toString',
    undefined,
  ])(
    'fails as a whole, naming it, for a stream that is not ours: %s',
    async (deliveryStreamArn) => {
      const event = { ...transactionEvent, deliveryStreamArn } as FirehoseTransformationEvent;
      await expect(handler(event)).rejects.toMatchObject({
        code: 'EventError',
        message: expect.stringContaining(String(deliveryStreamArn).split('/').at(-1)!) as string,
      });
    },
  );
});
