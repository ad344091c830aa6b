import { tables } from '@saleslake/shared/tables/index';
import { transactions } from '@saleslake/shared/tables/transactions';
import { sqlFiles } from '../lint/lint-folder';
import { openAthena, type Athena } from './athena';
import { writeFixture, writeRows } from './fixture-lake';
import {
  asGolden,
  goldenCases,
  goldenQuality,
  lakes,
  queryFile,
  readGolden,
  SQL,
  writeLake,
  type Lake,
} from './golden';

const opened = new Map<Lake, Athena>();

beforeAll(async () => {
  for (const lake of Object.keys(lakes) as Lake[]) {
    opened.set(lake, await openAthena((curated) => writeLake(curated, lake)));
  }
});

afterAll(async () => {
  for (const athena of opened.values()) await athena.close();
});

function over(lake: Lake): Athena {
  return opened.get(lake)!;
}

const views = sqlFiles(SQL, 'views');
const analytics = sqlFiles(SQL, 'analytics');
const quality = sqlFiles(SQL, 'quality');

describe.each([...views, ...analytics, ...quality])('%s', (path) => {
  const file = queryFile(path);

  it('returns the columns that its header says', async () => {
    const { columns } = await over('usual').runFile(file);
    expect(columns).toEqual(file.columns);
  });
});

describe.each(goldenCases)('$golden over the $lake lake', ({ path, lake, parameters, golden }) => {
  it('is the answer, in its order', async () => {
    const file = queryFile(path);
    const { columns, rows } = await over(lake).runFile(file, parameters);
    expect(asGolden(columns, rows, file)).toBe(readGolden(golden, file));
  });
});

describe('views and analytics', () => {
  it('daily-trend reads the years it is asked for alone', async () => {
    const file = queryFile('analytics/daily-trend.sql');
    const none = await over('usual').runFile(file, { first_year: '2027' });
    expect(none.rows).toEqual([]);
  });

  it.each(['orders-current', 'orders-history'])(
    'view %s is the same where changes come late and twice',
    async (name) => {
      const file = queryFile(`views/${name}.sql`);
      const { columns, rows } = await over('repeated').runFile(file);
      expect(asGolden(columns, rows, file)).toBe(readGolden(`views/${name}.csv`, file));
    },
  );

  it.each([...views, ...analytics])('%s has no rows over empty tables', async (path) => {
    const { rows } = await over('empty').runFile(queryFile(path));
    expect(rows).toEqual([]);
  });
});

describe('quality checks', () => {
  // Gaps between days are a matter of the shop's hours.
  const tolerant: Record<string, Record<string, string>> = { 'missing-days': { days: '17' } };

  it.each(goldenQuality)('%s passes where nothing is wrong', async (path) => {
    const file = queryFile(path);
    const { rows } = await over('usual').runFile(file, tolerant[file.name]);
    expect(rows).toEqual([]);
  });

  it.each(goldenQuality)('%s passes over empty tables', async (path) => {
    const { rows } = await over('empty').runFile(queryFile(path));
    expect(rows).toEqual([]);
  });

  it('daily-volume takes more of a difference where it is told to', async () => {
    const file = queryFile('quality/daily-volume.sql');
    const { rows } = await over('broken').runFile(file, { tolerance_percent: '67' });
    expect(rows.map(([date]) => date)).toEqual(['2026-02-02']);
  });

  it('order-events-duplicates passes where changes come twice', async () => {
    const file = queryFile('quality/order-events-duplicates.sql');
    expect((await over('repeated').runFile(file)).rows).toEqual([]);
  });

  it.each<Lake>(['usual', 'repeated', 'empty'])(
    'orders-current passes over the %s lake',
    async (lake) => {
      const { rows } = await over(lake).runFile(queryFile('quality/orders-current.sql'));
      expect(rows).toEqual([]);
    },
  );

  it('orders-current finds what a view that takes the newest time gets wrong', async () => {
    const athena = await openAthena((curated) => {
      writeFixture(curated, 'usual', 'order_events');
      writeFixture(curated, 'repeated', 'order_events');
    });
    await athena.run(`CREATE OR REPLACE VIEW orders_current AS
      SELECT order_id, product_name, quantity, price, event_time AS changed_at, sequence_number
      FROM order_events
      WHERE event_type = 'INSERT' OR sequence_number = '1000'`);
    const { rows } = await athena.runFile(queryFile('quality/orders-current.sql'));
    await athena.close();
    expect(rows.sort()).toEqual([
      ['o1', 'is there more than once', '5'],
      ['o2', 'was removed', '2'],
      ['o3', 'is there more than once', '3'],
      ['o6', 'is there more than once', '2'],
    ]);
  });

  it.each([
    ['passes where the newest transaction is younger than it may be', 26, 0],
    ['finds where it is older', 24, 1],
  ])('freshness %s', async (_, hours, violations) => {
    const athena = await openAthena((curated) => {
      const at = new Date(Date.now() - 25 * 60 * 60 * 1000).toISOString();
      const timestamp = at.replace('T', ' ').slice(0, -1);
      const product = { product_id: 'p1', product_name: 'Lamp', category: 'Home' };
      const sale = { quantity: '1', price: '1.00', transaction_id: 't1', customer_id: 'c1' };
      writeRows(curated, transactions, [{ file: 'a', timestamp, ...product, ...sale }]);
    });
    const file = queryFile('quality/freshness.sql');
    const { rows } = await athena.runFile(file, { hours: String(hours) });
    await athena.close();
    expect(rows).toHaveLength(violations);
  });

  it('freshness finds a table that is empty', async () => {
    const { rows } = await over('empty').runFile(queryFile('quality/freshness.sql'));
    expect(rows).toEqual([[null, '24']]);
  });

  it.each(tables.map((table) => [table.name, table] as const))(
    'look for the required columns of %s, all of them',
    (name, { columns }) => {
      const path = `quality/${name.replaceAll('_', '-')}-required-values.sql`;
      const found = [...queryFile(path).sql.matchAll(/(\w+) IS NULL/g)].map(([, column]) => column);
      const required = Object.entries(columns).filter(([, { nullable }]) => !nullable);
      expect(found).toEqual(required.map(([column]) => column));
    },
  );

  it.each(tables.map((table) => [table.name, table] as const))(
    'look for exactly the values that %s allows',
    (name, { columns }) => {
      const { sql } = queryFile(`quality/${name.replaceAll('_', '-')}-value-ranges.sql`);
      const lists = [...sql.matchAll(/(\w+) NOT IN \(([^)]*)\)/g)].map(([, column = '', list]) => [
        column,
        [...(list ?? '').matchAll(/'([^']*)'/g)].map(([, value]) => value),
      ]);
      const allowed = Object.entries(columns).flatMap(([column, { rules }]) =>
        rules.allowed ? [[column, [...rules.allowed]]] : [],
      );
      expect(lists).toEqual(allowed);
    },
  );
});
