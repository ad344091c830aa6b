import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import { ddlFiles } from '../ddl-files';
import { rawTableDdl } from '../raw-ddl';
import { openAthena } from './athena';
import { SQL } from './golden';

describe('sql/ddl', () => {
  it('holds what npm run ddl writes, and nothing else', () => {
    const folder = join(SQL, 'ddl');
    const checkedIn = readdirSync(folder).map((name) => [
      name,
      readFileSync(join(folder, name), 'utf8'),
    ]);
    expect(Object.fromEntries(checkedIn)).toEqual(Object.fromEntries(ddlFiles()));
  });
});

describe('rawTableDdl', () => {
  it('has the columns that input must have, as text', () => {
    const columns = [...rawTableDdl(transactions, 'json').matchAll(/^ {2}`(\w+)` (\w+)/gm)];
    expect(columns.map(([, name, type]) => `${name} ${type}`)).toEqual([
      'transaction_id string',
      'timestamp string',
      'customer_id string',
      'product_id string',
      'product_name string',
      'category string',
      'quantity string',
      'price string',
      'total_amount string',
      'date string',
    ]);
  });

  it('gives each format a folder of its own, as Athena reads whatever lies in one', () => {
    const locations = (['json', 'csv'] as const).map(
      (format) => /LOCATION '([^']+)'/.exec(rawTableDdl(transactions, format))?.[1],
    );
    expect(new Set(locations).size).toBe(2);
  });

  it('refuses a table without days', () => {
    expect(() => rawTableDdl(customers, 'json')).toThrow('table customers has no partitions');
  });
});

describe('tables over the raw zone', () => {
  const put = (folder: string, key: string, lines: string[]): void => {
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), lines.map((line) => `${line}\n`).join(''));
  };
  const day = 'date=2026-01-31';

  it('give what came in as text, also what is no transaction', async () => {
    const athena = await openAthena((folder) =>
      put(folder, `raw/transactions/${day}/a.json`, [
        '{"transaction_id":"t1","quantity":2,"price":"19.90","timestamp":"2026-01-31T10:00:00Z"}',
        '{"transaction_id":"t2","quantity":"two","price":null}',
      ]),
    );
    const { rows } = await athena.run(`
      SELECT transaction_id, quantity, price, timestamp, "date" FROM raw_transactions_json
      WHERE "date" = '2026-01-31' ORDER BY transaction_id`);
    await athena.close();
    expect(rows).toEqual([
      ['t1', '2', '19.90', '2026-01-31T10:00:00Z', '2026-01-31'],
      ['t2', 'two', null, null, '2026-01-31'],
    ]);
  });

  it('read CSV past its header, commas within quotes', async () => {
    const athena = await openAthena((folder) =>
      put(folder, `csv/transactions/${day}/a.csv`, [
        'transaction_id,timestamp,customer_id,product_id,product_name,category,quantity,price,total_amount',
        't1,2026-01-31 10:00:00,c1,p1,"Pen, blue",Office,1,0.35,0.35',
      ]),
    );
    const { rows } = await athena.run(`
      SELECT transaction_id, product_name, price FROM raw_transactions_csv
      WHERE "date" = '2026-01-31'`);
    await athena.close();
    expect(rows).toEqual([['t1', 'Pen, blue', '0.35']]);
  });

  it('are apart: what is put as CSV is no JSON', async () => {
    const athena = await openAthena((folder) =>
      put(folder, `csv/transactions/${day}/a.csv`, ['a', 'b']),
    );
    const { rows } = await athena.run(`
      SELECT transaction_id FROM raw_transactions_json WHERE "date" = '2026-01-31'`);
    await athena.close();
    expect(rows).toEqual([]);
  });
});
