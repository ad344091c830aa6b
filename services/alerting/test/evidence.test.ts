import { describeRejection } from '@saleslake/shared/decode/rejection';
import { decodeRecord } from '@saleslake/shared/decode/decode-record';
import { transactions } from '@saleslake/shared/tables/transactions';
import { quarantineKey, emptyQuarantineFile } from '@saleslake/shared/lake/quarantine';
import { sourceId } from '@saleslake/shared/lake/source-id';
import { STORIES } from './alerts';
import {
  ownMetric,
  RAW,
  sqsMetric,
  startLocalAlerting,
  type LocalAlerting,
} from './local-alerting';

let local: LocalAlerting;
beforeEach(async () => {
  local = await startLocalAlerting();
});
afterEach(() => local.close());

const storyOf = (title: string) => STORIES.find((story) => story.title === title)!;
const quarantine = storyOf('Records in quarantine').alarm;
const DLQ = 'saleslake-dev-transformer-objects-dlq';
const deadLetters = { name: 'saleslake-dev-x-y', description: 'x', metric: sqsMetric(DLQ) };

async function mailOf(alarm = quarantine): Promise<string> {
  await local.change(alarm, 'ALARM');
  const [{ subject, body } = { subject: '', body: '' }] = local.newlySent();
  return `${subject}\n${body}`;
}

/** What of a customer's must stand in no alert. */
const SECRETS = ['Anna', 'Smith', 'anna@example.com', '4111', '19.99', '38.97', 'Blue Chair'];

const HOSTILE_RECORDS = [
  '{"transaction_id":"t1","customer_id":"anna@example.com","product_name":"Blue Chair","quantity":"Anna Smith","price":19.99,"total_amount":38.97,"timestamp":"Anna"}',
  'Anna Smith;19.99;4111 1111 1111 1111',
  '{"customer": "Anna Smith", "price": 19.99',
  '"Anna Smith"',
  '[["Anna Smith", 19.99]]',
  '{"transaction_id":"t2","timestamp":"2026-03-01T10:00:00Z","customer_id":"c","product_id":"p","product_name":"Blue Chair","category":"x","quantity":1,"price":19.99,"total_amount":38.97,"hour":11}',
  '{"transaction_id":19.99,"timestamp":"0019-01-01T00:00:00Z","__proto__":"Anna"}',
];

describe('an alert holds nothing of a customer', () => {
  it.each(HOSTILE_RECORDS)('of the record %s', async (text) => {
    const decoded = decodeRecord(transactions, Buffer.from(text), 3);
    if (!('rejection' in decoded)) throw new Error('The record is valid.');
    const { line, violations, record } = decoded.rejection;
    const why = describeRejection(decoded.rejection);
    await local.quarantine('transactions', 'raw/transactions/a.json', [
      { line, violations, record, why },
    ]);
    const mail = await mailOf();
    expect(mail).toContain('line 3: ');
    for (const secret of SECRETS) expect(mail).not.toContain(secret);
  });

  it.each([
    [
      'an error that quotes a record',
      'SyntaxError',
      `Unexpected token 'A', "Anna Smith" is not JSON`,
    ],
    ['an error that names a customer', 'Error', 'no such customer: Anna Smith, anna@example.com'],
    ['an amount', 'RangeError', '19.99 is not 38.97'],
    ['data for a name', 'Anna Smith', 'x'],
  ])('of %s', async (_what, errorType, errorMessage) => {
    local.createQueue(DLQ);
    local.send(DLQ, {
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:saleslake-orders-dev-change',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { customer: 'Anna Smith', 'Anna Smith': '19.99' },
      responsePayload: { errorType, errorMessage, trace: ['at Anna'] },
    });
    const mail = await mailOf(deadLetters);
    expect(mail).toContain('saleslake-orders-dev-change failed 3 times on an event');
    for (const secret of SECRETS) expect(mail).not.toContain(secret);
  });

  it.each([
    ['text', 'Anna Smith'],
    ['another object', { name: 'Anna Smith', detail: { bucket: { name: 'Anna Smith' } } }],
    [
      'an address in a key',
      { detail: { bucket: { name: RAW }, object: { key: 'raw/x/anna@example.com.json' } } },
    ],
  ])('of a dead letter that is %s', async (_what, body) => {
    local.createQueue(DLQ);
    local.send(DLQ, body);
    const mail = await mailOf(deadLetters);
    expect(mail).toContain('1 dead letter');
    for (const secret of SECRETS) expect(mail).not.toContain(secret);
  });

  it('of a failed query', async () => {
    const checks = [
      { name: 'a-check', question: 'Anna?', error: `Cannot cast 'Anna Smith' to int` },
    ];
    await local.put('quality/latest.json', JSON.stringify({ at: '2026-03-01T17:00:00Z', checks }));
    const mail = await mailOf(storyOf('Quality checks that fail').alarm);
    expect(mail).toContain('a-check: could not be answered');
    for (const secret of SECRETS) expect(mail).not.toContain(secret);
  });
});

describe('evidence', () => {
  it('leaves dead letters where they are, for all others to receive', async () => {
    local.createQueue(DLQ);
    for (let i = 0; i < 4; i++) local.send(DLQ, { i });
    await mailOf(deadLetters);
    expect(local.depth(DLQ)).toMatchObject({ visible: 4, inFlight: 0 });
  });

  it('leaves out quarantine files that were emptied, and those of before', async () => {
    await local.quarantine('transactions', 'raw/transactions/old.json', [
      { line: 1, violations: [], record: 'x' },
    ]);
    local.clock.advance(3_600_000);
    const emptied = sourceId({ bucket: RAW, key: 'raw/transactions/mended.json' });
    const key = quarantineKey({ table: 'transactions', date: '2026-03-01', sourceId: emptied });
    await local.put(key, emptyQuarantineFile('0A'));
    expect(await mailOf()).toContain('What was put aside is no longer in quarantine.');
  });

  it('names a few objects, and says how many more there are', async () => {
    for (let i = 0; i < 8; i++) {
      const records = [{ line: 1, violations: [], record: 'x' }];
      await local.quarantine('transactions', `raw/transactions/${i}.json`, records);
      local.clock.advance(1000);
    }
    const mail = await mailOf();
    expect(mail).toContain('transactions/7.json');
    expect(mail).not.toContain('transactions/2.json');
    expect(mail).toContain('… and 3 more');
    expect(mail).toContain('saleslake quarantine replay --table transactions --stage dev');
  });

  it('that cannot be read does not keep the alert back', async () => {
    const mail = await mailOf(deadLetters);
    expect(mail).toContain('ALARM: saleslake-dev-x-y');
    expect(mail).toContain('What is behind it could not be read: ');
  });

  it('says where there is no report yet', async () => {
    expect(await mailOf(storyOf('Raw objects without a manifest').alarm)).toContain(
      'There is no report yet.',
    );
  });

  it('is the alarm itself for a metric that nobody knows', async () => {
    const alarm = {
      name: 'saleslake-dev-new-thing',
      description: 'd',
      metric: ownMetric('New', {}),
    };
    expect(await mailOf(alarm)).toContain('ALARM new thing: New is 1');
  });
});
