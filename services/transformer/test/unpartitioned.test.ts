import { sourceId } from '@saleslake/shared/lake/source-id';
import { RAW, sqsEvent, startLocalLake, type LocalLake } from './local-lake';
import { lines } from './sale';

const key = 'raw/customers/date=2026-01-01/customers.json';
const output = `processed/customers/${sourceId({ bucket: RAW, key })}.parquet`;

let lake: LocalLake;
let transform: (body: string) => Promise<void>;

beforeEach(async () => {
  lake = await startLocalLake();
  const { handler } = await import('../src/handler');
  transform = async (body) => {
    const event = await lake.put(key, body);
    expect(await handler(sqsEvent(event))).toEqual({ batchItemFailures: [] });
  };
});

afterEach(async () => {
  jest.resetModules();
  await lake.close();
});

function customer(id: string, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    customer_id: id,
    age_group: '25-34',
    membership_tier: 'gold',
    signup_date: '2024-02-29',
    ...change,
  });
}

async function rows(): Promise<unknown[][]> {
  const select =
    'SELECT customer_id, age_group, membership_tier, signup_date FROM customers ORDER BY 1';
  return (await lake.query(select, 'customers')).map(Object.values);
}

describe('a table without partitions', () => {
  it('is written to one file, whatever the dates in its rows', async () => {
    await transform(lines(customer('C2', { signup_date: '1969-12-31' }), customer('C1')));
    expect((await lake.manifest(key)).outputs).toEqual([{ key: output, rows: 2 }]);
    expect(await rows()).toEqual([
      ['C1', '25-34', 'gold', '2024-02-29'],
      ['C2', '25-34', 'gold', '1969-12-31'],
    ]);
  });

  it('is replaced where its object is rewritten', async () => {
    await transform(lines(customer('C1'), customer('C2')));
    await transform(lines(customer('C2', { membership_tier: 'platinum' })));
    expect(await rows()).toEqual([['C2', '25-34', 'platinum', '2024-02-29']]);
    expect(await lake.keys('processed/')).toEqual([output]);
  });

  it('is emptied where no row of its object is valid any more', async () => {
    await transform(lines(customer('C1')));
    await transform(lines(customer('C1', { membership_tier: 'diamond' })));
    expect(await rows()).toEqual([]);
    expect((await lake.manifest(key)).reasons).toEqual([
      {
        field: 'membership_tier',
        records: 1,
        example:
          'line 1: membership_tier: expected a string, out of "bronze", "silver", "gold", ' +
          '"platinum", got "diamond"',
      },
    ]);
  });
});
