import { formatDecimal } from '@saleslake/shared/contract/decimal';
import { seeded, type Random } from './random';

/** A row of a raw object as it should come out. */
export interface ExpectedRow {
  id: string;
  /** The columns that tell one row from another with the same id, as text. */
  values: string;
}

/** A record that should come to be in quarantine. */
export interface ExpectedRejection {
  /** From 1; null where the whole object is. */
  line: number | null;
  /** The column at fault, or null where the record is none. */
  field: string | null;
}

export interface ObjectVersion {
  kind: 'put';
  key: string;
  body: string;
  table: string;
  rows: ExpectedRow[];
  rejections: ExpectedRejection[];
}

export type Step =
  | ObjectVersion
  | { kind: 'backfill'; event: { from: string; to: string; count: number; seed: string } }
  | { kind: 'orders'; event: { changes: number; seed: string } };

const DAYS = ['2026-01-30', '2026-01-31', '2026-02-01'];
const CENTS_IN_ALL = 10_000;

/** Lines that are no rows of transactions, with what is wrong. */
const POISON: { field: string | null; change: (row: Record<string, unknown>) => unknown }[] = [
  { field: null, change: () => undefined },
  { field: 'quantity', change: (row) => ({ ...row, quantity: 0, total_amount: 0 }) },
  { field: 'price', change: (row) => ({ ...row, price: 'dear' }) },
  { field: 'timestamp', change: (row) => ({ ...row, timestamp: 'yesterday' }) },
  { field: 'customer_id', change: (row) => ({ ...row, customer_id: null }) },
];

/** What comes into the lake, in this order; keys come again with other contents. */
export function workload(seed: number): Step[] {
  const random = seeded(seed, 'workload');
  const keys = Array.from({ length: 12 }, (_, i) => `date=${random.pick(DAYS)}/file-${i}.json`);
  const steps: Step[] = [];
  for (let i = 0; i < 30; i += 1) {
    const dice = random.next();
    if (dice < 0.6) steps.push(transactionsFile(random, random.pick(keys), i));
    else if (dice < 0.75) steps.push(customersFile(random, `file-${random.integer(0, 2)}.json`, i));
    else if (dice < 0.85) steps.push(poisonFile(random, i));
    else if (dice < 0.93) steps.push(backfill(random, i));
    else steps.push({ kind: 'orders', event: { changes: 60, seed: `chaos-${seed}-${i}` } });
  }
  return steps;
}

function transactionsFile(random: Random, name: string, version: number): ObjectVersion {
  const rows: ExpectedRow[] = [];
  const rejections: ExpectedRejection[] = [];
  const lines: string[] = [];
  const records = random.integer(1, 40);
  for (let i = 0; i < records; i += 1) {
    const cents = random.integer(1, CENTS_IN_ALL);
    const quantity = random.integer(1, 9);
    const [price, total_amount] = [cents, cents * quantity].map((n) => formatDecimal(BigInt(n), 2));
    const timestamp = `${random.pick(DAYS)}T${String(random.integer(0, 23)).padStart(2, '0')}:30:00.000Z`;
    const row = {
      transaction_id: `t-${name}-${version}-${i}`,
      timestamp,
      customer_id: `c-${random.integer(1, 99)}`,
      product_id: 'p-1',
      product_name: 'Tea, "green"',
      category: 'tea',
      quantity,
      price: Number(price),
      total_amount: Number(total_amount),
    };
    if (random.next() < 0.1) {
      const { field, change } = random.pick(POISON);
      const poisoned = change(row);
      lines.push(poisoned === undefined ? '{"transaction_id": ' : JSON.stringify(poisoned));
      rejections.push({ line: lines.length, field });
    } else {
      lines.push(JSON.stringify(row));
      rows.push({ id: row.transaction_id, values: `${total_amount} ${timestamp.slice(0, 13)}` });
      // The same record once more: a producer that did not hear that it was heard.
      if (random.next() < 0.05) lines.push(JSON.stringify(row));
    }
  }
  const key = `raw/transactions/${name}`;
  const body = lines.map((line) => `${line}\n`).join('');
  return { kind: 'put', key, body, table: 'transactions', rows, rejections };
}

function customersFile(random: Random, name: string, version: number): ObjectVersion {
  const rows = Array.from({ length: random.integer(1, 10) }, (_, i) => ({
    customer_id: `c-${name}-${version}-${i}`,
    age_group: '25-34',
    membership_tier: random.pick(['bronze', 'gold']),
    signup_date: '2024-02-29',
  }));
  return {
    kind: 'put',
    key: `raw/customers/${name}`,
    body: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
    table: 'customers',
    rows: rows.map((row) => ({ id: row.customer_id, values: row.membership_tier })),
    rejections: [],
  };
}

/** Of no table, or not what its name says. */
function poisonFile(random: Random, version: number): ObjectVersion {
  const none = { kind: 'put', rows: [], rejections: [{ line: null, field: null }] } as const;
  const name = `poison-${random.integer(0, 3)}.json`;
  return random.next() < 0.5
    ? {
        ...none,
        key: `raw/refunds/${name}`,
        body: `{"id":${version}}\n`,
        table: 'refunds',
        rows: [],
        rejections: [...none.rejections],
      }
    : {
        ...none,
        key: `raw/transactions/${name}.gz`,
        body: `no gzip ${version}`,
        table: 'transactions',
        rows: [],
        rejections: [...none.rejections],
      };
}

function backfill(random: Random, i: number): Step {
  const count = random.integer(50, 300);
  return {
    kind: 'backfill',
    event: { from: '2026-03-01', to: '2026-03-04', count, seed: `chaos-${i}` },
  };
}
