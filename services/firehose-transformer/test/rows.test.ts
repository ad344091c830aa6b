import { gzipSync } from 'node:zlib';
import { formatDecimal } from '@saleslake/shared/contract/decimal';
import { decodeRecord } from '@saleslake/shared/decode/decode-record';
import { deliveredLine } from '@saleslake/shared/stream/delivered-line';
import { transactions, type Transaction } from '@saleslake/shared/tables/transactions';
import fc from 'fast-check';
import { base64, batch, inserted, orderChange, recordId, rowsOf, sale } from './events';
import { aggregated } from './kpl-records';
import { runBatch, runOne } from './run-batch';

const MARCH_1 = { partitionKeys: { year: '2026', month: '03', day: '01' } };

const textOf = ({ data = '' }: { data?: string }): string =>
  Buffer.from(data, 'base64').toString('utf8');

describe('a row of transactions', () => {
  it('has every column of the file, money with all its digits, and its time in UTC', async () => {
    const record = sale({ timestamp: '2026-03-01T23:15:30+01:00', price: 20, total_amount: 60 });
    const { answer } = await runOne('transactions', record);
    expect(textOf(answer)).toBe(
      '{"transaction_id":"t-1","timestamp":"2026-03-01 22:15:30.000","customer_id":"C00001",' +
        '"product_id":"P0001","product_name":"Desk lamp","category":"Home","quantity":3,' +
        '"price":20.00,"total_amount":60.00,"hour":22,"day_of_week":6}\n',
    );
    expect(answer.metadata).toEqual(MARCH_1);
  });

  it('is of the day of its timestamp in UTC', async () => {
    const { answer } = await runOne(
      'transactions',
      sale({ timestamp: '2026-03-01T00:30:00+01:00' }),
    );
    expect(answer.metadata).toEqual({ partitionKeys: { year: '2026', month: '02', day: '28' } });
  });

  it.each([
    ['lines of JSON', `${JSON.stringify(sale())}\n\n${JSON.stringify(sale())}\r\n`],
    ['gzip', gzipSync(`${JSON.stringify(sale())}\n${JSON.stringify(sale())}\n`)],
    [
      'gzip of two members',
      Buffer.concat([gzipSync(`${JSON.stringify(sale())}\n`), gzipSync(JSON.stringify(sale()))]),
    ],
    ['an aggregated record', aggregated([JSON.stringify(sale()), JSON.stringify(sale())])],
    [
      'an aggregated record of gzip',
      aggregated([gzipSync(JSON.stringify(sale())), JSON.stringify(sale())]),
    ],
  ])('comes with others out of %s', async (_name, record) => {
    const { answer } = await runOne('transactions', record);
    expect(rowsOf(answer)).toMatchObject([{ transaction_id: 't-1' }, { transaction_id: 't-1' }]);
    expect(answer.metadata).toEqual(MARCH_1);
  });
});

describe('a row of order_events', () => {
  it('has what the captured record has', async () => {
    const { answer } = await runOne('order-events', orderChange());
    expect(textOf(answer)).toBe(
      '{"order_id":"921","product_name":"Laptop","quantity":1,"price":146.37,' +
        '"event_type":"INSERT","event_time":"2025-07-10 14:43:11.000",' +
        '"sequence_number":"149600003405850623541670"}\n',
    );
    expect(answer.metadata).toEqual({ partitionKeys: { year: '2025', month: '07', day: '10' } });
  });

  const oldImage = { OldImage: { orderId: { S: '921' }, quantity: { N: '7' }, price: { N: '5' } } };

  it.each([
    ['the new image of a MODIFY', 'MODIFY', oldImage, { quantity: 1, price: 146.37 }],
    [
      'the old image of a REMOVE',
      'REMOVE',
      { ...oldImage, NewImage: undefined },
      { quantity: 7, price: 5, product_name: null },
    ],
    [
      'nulls of a REMOVE without an old image',
      'REMOVE',
      { NewImage: undefined },
      { order_id: '921', quantity: null, price: null, product_name: null },
    ],
  ])('has %s', async (_name, eventName, images, expected) => {
    const { answer } = await runOne('order-events', orderChange({ eventName }, images));
    expect(rowsOf(answer)).toMatchObject([{ event_type: eventName, ...expected }]);
  });

  it('is of a deletion by time to live as of any other', async () => {
    const userIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };
    const record = orderChange({ eventName: 'REMOVE', userIdentity }, oldImage);
    const { answer } = await runOne('order-events', record);
    expect(rowsOf(answer)).toMatchObject([{ event_type: 'REMOVE', quantity: 7 }]);
  });

  it('has the price by its digits, never by a double', async () => {
    const prices = fc
      .bigInt({ min: 0n, max: 10n ** 10n - 1n })
      .map((cents) => formatDecimal(cents, 2));
    await fc.assert(
      fc.asyncProperty(prices, async (price) => {
        // DynamoDB gives a number without zeros at its end.
        const stored = price.replace(/\.?0+$/, '') || '0';
        const { answer } = await runOne('order-events', inserted({ price: { N: stored } }));
        expect(textOf(answer)).toContain(`"price":${price},`);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

/** Records of all kinds, and what decodeRecord says of each. */
const anyRecord = fc.oneof(
  fc.constant(''),
  fc.constant('   \n'),
  fc.string({ maxLength: 20 }),
  fc.json({ maxDepth: 2 }),
  fc
    .record({
      transaction_id: fc.oneof(fc.string({ unit: 'binary', maxLength: 70 }), fc.integer()),
      timestamp: fc.oneof(
        fc
          .date({ min: new Date('2014-06-01'), max: new Date('2046-06-01'), noInvalidDate: true })
          .map((date) => date.toISOString()),
        fc.constantFrom('2026-03-01T22:15:30Z', '2026-03-01T22:15:30.1+05:30', 'now'),
      ),
      product_name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
      quantity: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.constantFrom(0, 1.5, 2 ** 31, '1')),
      cents: fc.integer({ min: 0, max: 100_000 }),
      asText: fc.boolean(),
      extra: fc.constantFrom<Record<string, unknown>>(
        {},
        {},
        { hour: 22 },
        { year: 2026 },
        { x: 1 },
      ),
    })
    .map(({ cents, quantity, asText, extra, ...rest }) => {
      const [price, total] = [cents / 100, (cents * Number(quantity)) / 100];
      return JSON.stringify(
        sale({
          ...rest,
          quantity,
          price: asText ? String(price) : price,
          total_amount: total,
          ...extra,
        }),
      );
    }),
);

describe('any mix of records', () => {
  it('is answered record by record, once and in order, as the contract has it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { maxLength: 30 }), async (texts) => {
        const { records, errors } = await runBatch(batch('transactions', texts.map(base64)));
        expect(records.map((record) => record.recordId)).toEqual(
          texts.map((_text, index) => recordId(index)),
        );
        const expected = texts.map((text) => {
          if (text.trim() === '') return 'Dropped';
          const decoded = decodeRecord(transactions, Buffer.from(text), 1);
          if (!('row' in decoded)) return 'ProcessingFailed';
          return deliveredLine(transactions, decoded.row as Transaction);
        });
        expect(
          records.map((record) =>
            record.result === 'Ok'
              ? { text: textOf(record), partitionKeys: record.metadata?.partitionKeys }
              : record.result,
          ),
        ).toEqual(expected);
        expect(errors.map((error) => error['correlation_id'])).toEqual(
          records
            .filter(({ result }) => result === 'ProcessingFailed')
            .map((record) => record.recordId),
        );
      }),
      { seed: 1, numRuns: 150 },
    );
  });
});
