import { gzipSync } from 'node:zlib';
import { batch, inserted, orderChange, rowsOf, sale } from './events';
import { aggregated } from './kpl-records';
import { runBatch, runOne } from './run-batch';

const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const withMember = (name: string, json: string): string =>
  JSON.stringify(sale()).replace('{', `{"${name}":${json},`);
const without = (name: string): unknown => sale({ [name]: undefined });
const DIGITS_38 = '12345678901234567890123456789012345678';
const LARGE = 'x'.repeat(1_000 * 1024 - 400);

describe('a transaction that cannot be used fails with its reason', () => {
  it.each<[string, unknown, string]>([
    ['is not JSON', 'hello', 'expected a JSON object, or one on each line'],
    ['is cut off', '{"transaction_id":"a', 'expected a JSON object, or one on each line'],
    ['is an array', [sale()], 'expected a JSON object'],
    ['is null', 'null', 'expected a JSON object'],
    ['is a number', '1', 'expected a JSON object'],
    ['is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'expected UTF-8'],
    ['is nested deeply', deep(100_000), expect.stringContaining('transaction_id: ') as string],
    [
      'is nested deeply where text is expected',
      withMember('category', '1').replace('"Home"', deep(100_000)),
      'expected a JSON object that is not nested as deeply',
    ],
    ['has no id', without('transaction_id'), 'transaction_id: expected a string, at least 1'],
    ['has an empty id', sale({ transaction_id: '' }), 'transaction_id: expected a string'],
    ['has 1,000 KiB of text', sale({ product_name: LARGE }), 'product_name: expected a string'],
    [
      'has half of a surrogate pair',
      sale({ product_name: '\ud83d' }),
      'product_name: expected a string',
    ],
    [
      'has a price of 38 digits',
      JSON.stringify(sale()).replace('19.99', DIGITS_38),
      'price: expected a decimal(10,2), at least 0.00',
    ],
    ['has a fraction of a cent', sale({ price: 19.999 }), 'price: expected a decimal(10,2)'],
    [
      'has a total that is not the product',
      sale({ total_amount: 59.98 }),
      'total_amount: expected 59.97, which is quantity × price',
    ],
    ['has a local time', sale({ timestamp: '2026-03-01T22:15:30' }), 'timestamp: expected an ISO'],
    [
      'is of a year that the table does not cover',
      sale({ timestamp: '2014-12-31T23:59:59Z' }),
      'timestamp: expected a year from 2015 to 2045, UTC',
    ],
    ['has another hour', sale({ hour: 21 }), 'hour: expected 22, the hour of timestamp'],
    ['has another month', sale({ month: 4 }), 'month: expected 3, the month of timestamp'],
    [
      'has rows of two days',
      `${JSON.stringify(sale())}\n${JSON.stringify(sale({ timestamp: '2026-03-02T00:00:00Z' }))}`,
      'expected rows of one day',
    ],
    [
      'has one bad row among good ones',
      `${JSON.stringify(sale())}\n${JSON.stringify(sale({ quantity: 0 }))}\n`,
      'quantity: expected an int32, at least 1',
    ],
    ['is damaged gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'expected whole gzip'],
    [
      'is a gzip bomb',
      gzipSync(Buffer.alloc(64 * 2 ** 20, ' ')),
      'expected gzip of at most 8388608 bytes inflated',
    ],
    [
      'is aggregated with a wrong digest',
      Buffer.concat([aggregated(['{}']).subarray(0, -16), Buffer.alloc(16)]),
      'expected a KPL-aggregated record whose MD5 digest fits its content',
    ],
    ['has the magic number alone', aggregated([]).subarray(0, 4), 'expected a KPL-aggregated'],
  ])('that %s', async (_name, record, expected) => {
    const { answer, reason } = await runOne('transactions', record);
    expect(answer.result).toBe('ProcessingFailed');
    expect(reason).toEqual(
      typeof expected === 'string' ? expect.stringContaining(expected) : expected,
    );
  });
});

describe('a change of an order that cannot be used fails with its reason', () => {
  it.each<[string, unknown, string]>([
    ['is something else', sale(), 'eventSource: expected "aws:dynamodb"'],
    [
      'is of another source',
      orderChange({ eventSource: 'aws:kinesis' }),
      'eventSource: expected "aws:dynamodb"',
    ],
    ['has no change', orderChange({ dynamodb: null }), 'dynamodb: expected the change of an item'],
    [
      'inserts without a new image',
      orderChange({}, { NewImage: undefined }),
      'dynamodb.NewImage: expected the item',
    ],
    [
      'modifies with an old image alone',
      orderChange({ eventName: 'MODIFY' }, { NewImage: undefined, OldImage: {} }),
      'dynamodb.NewImage: expected the item',
    ],
    ['is no known event', orderChange({ eventName: 'UPSERT' }), 'event_type: expected a string'],
    ['has no keys', orderChange({}, { Keys: undefined }), 'order_id: expected a string'],
    [
      'has a number as key',
      orderChange({}, { Keys: { orderId: { N: '1' } } }),
      'dynamodb.Keys.orderId: expected a string (S), got N',
    ],
    ['has an empty name', inserted({ product_name: { S: '' } }), 'product_name: expected a string'],
    [
      'has a price as text',
      inserted({ price: { S: '146.37' } }),
      'dynamodb.NewImage.price: expected a number (N), got S',
    ],
    [
      'has a price of 38 digits',
      inserted({ price: { N: DIGITS_38 } }),
      'price: expected a decimal(10,2) or null, at least 0.00',
    ],
    ['has a quantity of 38 digits', inserted({ quantity: { N: DIGITS_38 } }), 'quantity: expected'],
    ['has half a piece', inserted({ quantity: { N: '1.5' } }), 'quantity: expected an int32'],
    ['has no time', orderChange({}, { ApproximateCreationDateTime: '2025' }), 'expected seconds'],
    [
      'has its time in milliseconds',
      orderChange({}, { ApproximateCreationDateTime: 1752158591000 }),
      'dynamodb.ApproximateCreationDateTime: expected seconds since the epoch',
    ],
    ['has no sequence number', orderChange({}, { SequenceNumber: undefined }), 'sequence_number'],
    ['is no attribute', inserted({ price: 146.37 }), 'got nothing of DynamoDB'],
    ['is two attributes', inserted({ price: { N: '1', S: '1' } }), 'got nothing of DynamoDB'],
    ...['SS', 'NS', 'BS', 'B', 'M', 'L', 'BOOL'].map((type): [string, unknown, string] => [
      `has a name of type ${type}`,
      inserted({ product_name: { [type]: type === 'B' ? 'TGFwdG9w' : ['1'] } }),
      `dynamodb.NewImage.product_name: expected a string (S), got ${type}`,
    ]),
  ])('that %s', async (_name, record, expected) => {
    const { answer, reason } = await runOne('order-events', record);
    expect(answer.result).toBe('ProcessingFailed');
    expect(reason).toContain(expected);
  });
});

it.each(['%%%', 'not base64 texts!', 'abcde', 'e30==='])(
  'fails a record whose data is no base64: %s',
  async (data) => {
    const { records, errors } = await runBatch(batch('transactions', [data]));
    expect(records[0]!.result).toBe('ProcessingFailed');
    expect(errors[0]).toMatchObject({ reason: 'expected data in base64' });
  },
);

it.each([
  ['nothing', ''],
  ['white space', ' \r\n\t\n'],
  ['white space in gzip', gzipSync(' \n')],
  ['no record in an aggregated one', aggregated([])],
])('drops what holds %s', async (_name, record) => {
  const { answer, reason } = await runOne('transactions', record);
  expect(answer).toEqual({ recordId: answer.recordId, result: 'Dropped' });
  expect(reason).toBeUndefined();
});

it.each<[string, unknown]>([
  ['1,000 KiB of what the contract does not know', sale({ note: LARGE })],
  ['what the contract does not know nested deeply', withMember('note', deep(100_000))],
])('takes a transaction with %s', async (_name, record) => {
  const { answer } = await runOne('transactions', record);
  expect(rowsOf(answer)).toMatchObject([{ transaction_id: 't-1' }]);
});

it('takes an order with attributes of every type that the contract does not know', async () => {
  const others = {
    a: { SS: ['x'] },
    b: { NS: ['1'] },
    c: { BS: ['AA=='] },
    d: { B: 'AA==' },
    e: { M: { f: { L: [{ BOOL: true }, { NULL: true }] } } },
  };
  const { answer } = await runOne('order-events', inserted(others));
  expect(rowsOf(answer)).toMatchObject([{ order_id: '921', price: 146.37 }]);
});

it('logs a failure under its record id, with nothing of what the record holds', async () => {
  const secret = 'Jane Doe';
  const event = batch('order-events', [
    Buffer.from(JSON.stringify(inserted({ product_name: { L: [secret] } }))).toString('base64'),
    Buffer.from(`not JSON ${secret}`).toString('base64'),
  ]);
  const { errors } = await runBatch(event);
  expect(errors).toHaveLength(2);
  errors.forEach((error, index) => {
    expect(error).toMatchObject({
      message: 'record failed',
      correlation_id: event.records[index]!.recordId,
      table: 'order_events',
      sequence_number: event.records[index]!.kinesisRecordMetadata!.sequenceNumber,
    });
  });
  expect(JSON.stringify(errors)).not.toContain(secret);
});
