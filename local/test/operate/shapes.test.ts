import { dayRange, daysOf } from '../../src/operate/day-range';
import { parseFirehoseErrors } from '../../src/operate/firehose-errors';
import { readDeadMessage } from '../../src/operate/letter';
import { putRecords, type StreamRecord } from '../../src/operate/put-records';
import { digitsOfIds, findEntry, type QuarantineEntry } from '../../src/operate/quarantine';
import { sourceRecordOf } from '../../src/operate/source-record';
import { splitChanges } from '../../src/operate/stream-backup';
import { conversionErrorLine, processingErrorLine } from '../../src/firehose/error-record';
import { orderChange } from '../../../services/firehose-transformer/src/order-change';
import { createTransformation } from '../../../services/firehose-transformer/src/transform-record';
import { orderEvents } from '@saleslake/shared/tables/order-events';
import { transactions } from '@saleslake/shared/tables/transactions';
import { sale } from './lake';

describe('a range of days', () => {
  it('has both of its ends', () => {
    const days = daysOf(dayRange('2026-02-27', '2026-03-01'));
    expect(days).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  });

  it.each([
    ['2026-02-30', '2026-03-01', /"2026-02-30" is no day; expected YYYY-MM-DD/],
    ['2026-03-01', 'tomorrow', /"tomorrow" is no day/],
    ['2026-03-02', '2026-03-01', /ends on 2026-03-01, before it begins on 2026-03-02/],
  ])('from %s to %s is refused', (from, to, reason) => {
    expect(() => dayRange(from, to)).toThrow(reason);
  });
});

describe('ids of quarantine', () => {
  const entries = ['aaaaaaaaaa01', 'aaaaaaaaaa02', 'bb'].map((id) => ({ id }) as QuarantineEntry);

  it('are shown as long as it takes to tell them apart', () => {
    expect(digitsOfIds(entries)).toBe(12);
    expect(digitsOfIds(entries.slice(1))).toBe(8);
  });

  it('are found by their first digits, in either case', () => {
    expect(findEntry(entries, 'BB').id).toBe('bb');
  });

  it('that several begin with are named', () => {
    expect(() => findEntry(entries, 'aa')).toThrow(
      'Several ids begin with aa: aaaaaaaaaa01, aaaaaaaaaa02.',
    );
  });

  it('that nothing begins with are said to', () => {
    expect(() => findEntry(entries, '')).toThrow(/Nothing in quarantine/);
  });
});

describe('an error object of Firehose', () => {
  const source = { data: Buffer.from('one').toString('base64'), arrivedAt: 1 };
  const failure = { errorCode: 'Code', errorMessage: 'why', attemptsMade: 1, endedAt: 2 };
  const table = { databaseName: 'd', tableName: 't', region: 'r' };

  it('gives its records and reasons, whichever way its lines spell them', () => {
    const row = Buffer.from('two').toString('base64');
    const text =
      processingErrorLine(source, failure) + conversionErrorLine(source, row, failure, table);
    expect(parseFirehoseErrors('k', text)).toEqual([
      { data: Buffer.from('one'), reason: 'Code: why' },
      { data: Buffer.from('two'), reason: 'Code: why' },
    ]);
  });

  it('that is none is named with its line', () => {
    expect(() => parseFirehoseErrors('k', '{"rawData":""}\nnix\n')).toThrow(
      'Line 2 of k is no error record of Firehose',
    );
  });
});

describe('a row that could not be converted', () => {
  const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');
  const change = (eventName: string, image: string): string =>
    JSON.stringify({
      eventName,
      eventSource: 'aws:dynamodb',
      dynamodb: {
        ApproximateCreationDateTime: 1_772_000_000,
        Keys: { orderId: { S: 'order-"1"' } },
        [image]: { product_name: { S: 'Läuse' }, quantity: { N: '3' }, price: { N: '19.90' } },
        SequenceNumber: '123',
      },
    });

  it.each([
    [
      'a transaction',
      transactions,
      (record: object) => record,
      sale('a"\\', { price: 12.5, total_amount: 37.5 }),
    ],
    ['an order', orderEvents, orderChange, change('MODIFY', 'NewImage')],
    ['a removed order', orderEvents, orderChange, change('REMOVE', 'OldImage')],
  ])('becomes a record again that makes the same row: %s', (_, contract, read, record) => {
    const transform = createTransformation({ contract, read } as Parameters<
      typeof createTransformation
    >[0]);
    const made = transform(base64(record));
    if (made.result !== 'Ok') throw new Error(JSON.stringify(made));
    const again = sourceRecordOf(contract.name, Buffer.from(made.data, 'base64'));
    expect(transform(base64(again))).toEqual(made);
  });

  it('is refused where it is no row', () => {
    expect(() => sourceRecordOf('order_events', Buffer.from('nix'))).toThrow(
      '"nix" is no row of order_events',
    );
  });
});

describe('a backup', () => {
  const change = (id: string): string =>
    JSON.stringify({ dynamodb: { Keys: { orderId: { S: id } } } });
  const split = (text: string) => {
    const { changes, unread } = splitChanges(Buffer.from(text));
    return { changes: changes.map((bytes) => Buffer.from(bytes).toString()), unread };
  };

  it('is taken apart into changes that stand one behind the other', () => {
    const texts = [change('a'), change('b}{"'), change('c')];
    expect(split(texts.join(''))).toEqual({ changes: texts, unread: 0 });
  });

  it.each(['not JSON', '{', '{"a":"', '{"other":1}', '[1]', '"'])(
    'is read on behind %s, which is left',
    (junk) => {
      const texts = [change('a'), change('b')];
      expect(split(texts.join(junk))).toEqual({ changes: texts, unread: junk.length });
    },
  );
});

describe('records on their way into a stream', () => {
  const records = Array.from({ length: 1200 }, (_, i): StreamRecord => ({
    data: Buffer.from(String(i)),
    partitionKey: 'p',
  }));

  it('are put again where they were refused, and just those', async () => {
    const put: string[] = [];
    let requests = 0;
    const flaky = {
      name: 'flaky',
      send(some: readonly StreamRecord[]) {
        requests += 1;
        return Promise.resolve(
          some.map(({ data }, i) => {
            if (requests === 1 && i % 100 === 0) return 'Throttled: slow down';
            put.push(Buffer.from(data).toString());
            return undefined;
          }),
        );
      },
    };
    await putRecords(flaky, records);
    expect(requests).toBe(4);
    expect(put.map(Number).sort((a, b) => a - b)).toEqual(records.map((_, i) => i));
  });
});

describe('a message of a failure queue', () => {
  const read = (body: unknown, more: object = {}) =>
    readDeadMessage({ MessageId: 'm', Body: JSON.stringify(body), ...more }, 5);

  it('that a rule could not deliver says why', () => {
    const event = { detail: { bucket: { name: 'b' }, object: { key: 'k' } } };
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    const MessageAttributes = {
      ERROR_CODE: attribute('NO_PERMISSIONS'),
      ERROR_MESSAGE: attribute('not allowed'),
      RETRY_ATTEMPTS: attribute('7'),
    };
    expect(read(event, { MessageAttributes })).toMatchObject({
      about: 's3://b/k',
      reason: 'NO_PERMISSIONS: not allowed',
      attempts: 7,
    });
  });

  it('that never reached its function says on what condition', () => {
    const record = {
      requestContext: {
        functionArn: 'arn:aws:lambda:r:1:function:f:$LATEST',
        condition: 'EventAgeExceeded',
        approximateInvokeCount: 0,
      },
      requestPayload: null,
    };
    expect(read(record)).toMatchObject({ about: 'f null', reason: 'EventAgeExceeded' });
  });

  it.each([['nothing'], [null], [7], [[]], [{ requestContext: 1 }], [{ DDBStreamBatchInfo: {} }]])(
    'of another form is one for another queue: %j',
    (body) => {
      expect(read(body).letter).toMatchObject({ kind: 'queued', object: undefined });
    },
  );
});
