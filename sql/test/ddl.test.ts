import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import { ddlFiles } from '../ddl-files';
import { rawTableDdl } from '../raw-ddl';
import { SQL } from './athena';

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
