import { formatDecimal } from '@saleslake/shared/contract/decimal';
import { bucketNames } from '../../src/local-names';
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
  /** What is wrong, as a person reads it. */
  reasons: string;
}

export interface ObjectVersion {
  key: string;
  body: string;
  table: string;
  rows: ExpectedRow[];
  rejections: ExpectedRejection[];
}

/** What comes, and how much later than what came before, in milliseconds. */
export type Step = { after: number } & (
  | { kind: 'put'; version: ObjectVersion }
  | { kind: 'backfill'; event: { from: string; to: string; count: number; seed: string } }
  | { kind: 'orders'; event: { changes: number; seed: string } }
  /** The reconciler's schedule. */
  | { kind: 'reconcile' }
  /** The schedule by which alerting looks at open incidents. */
  | { kind: 'look' }
);

const DAYS = ['2026-01-30', '2026-01-31', '2026-02-01'];
const CENTS_IN_ALL = 10_000;
/** Few, so that most come again. */
const KEYS = 10;
const STEPS = 30;

interface Poison {
  /** Undefined where the line is cut. */
  change: (row: Record<string, unknown>) => object | undefined;
  reasons: string;
}

/** Lines that are no rows, with what is wrong. */
const TRANSACTIONS_POISON: Poison[] = [
  {
    change: () => undefined,
    reasons: 'expected a JSON object (Unexpected end of JSON input), got {"transaction_id":',
  },
  {
    change: (row) => ({ ...row, quantity: 0, total_amount: 0 }),
    reasons: 'quantity: expected an int32, at least 1, got 0',
  },
  {
    change: (row) => ({ ...row, price: 'dear' }),
    reasons: 'price: expected a decimal(10,2), at least 0.00, got "dear"',
  },
  {
    change: (row) => ({ ...row, timestamp: 'yesterday' }),
    reasons: 'timestamp: expected an ISO 8601 timestamp with an offset, got "yesterday"',
  },
  {
    change: (row) => ({ ...row, customer_id: null, product_id: undefined }),
    reasons:
      'customer_id: expected a string, at least 1 character, at most 64 characters, got null; ' +
      'product_id: expected a string, at least 1 character, at most 64 characters, got missing',
  },
];
const CUSTOMERS_POISON: Poison[] = [
  {
    change: (row) => ({ ...row, signup_date: 'long ago' }),
    reasons: 'signup_date: expected an ISO 8601 date, got "long ago"',
  },
];

/** What comes into the lake, in this order; keys come again with other contents. */
export function workload(seed: number): Step[] {
  const random = seeded(seed, 'workload');
  const keys = Array.from({ length: KEYS }, (_, i) => `date=${random.pick(DAYS)}/file-${i}.json`);
  const steps: Step[] = [];
  for (let i = 0; i < STEPS; i += 1) {
    const after = random.integer(0, 60_000);
    const dice = random.next();
    if (dice < 0.5) {
      const key = random.pick(keys);
      steps.push({ after, kind: 'put', version: transactionsFile(random, key, i) });
      // A newer version while the older one is still on its way.
      for (let more = i + 0.1; random.next() < 0.5; more += 0.1) {
        const version = transactionsFile(random, key, more);
        steps.push({ after: random.integer(0, 3000), kind: 'put', version });
      }
    } else if (dice < 0.65) {
      const version = customersFile(random, `file-${random.integer(0, 2)}.json`, i);
      steps.push({ after, kind: 'put', version });
    } else if (dice < 0.75) steps.push({ after, kind: 'put', version: poisonFile(random, i) });
    else if (dice < 0.8) steps.push({ after, ...backfill(random, i) });
    else if (dice < 0.9) {
      steps.push({ after, kind: 'orders', event: { changes: 60, seed: `chaos-${seed}-${i}` } });
    } else steps.push({ after, kind: dice < 0.95 ? 'reconcile' : 'look' });
  }
  return steps;
}

function transactionsFile(random: Random, name: string, version: number): ObjectVersion {
  const rows: ExpectedRow[] = [];
  const rejections: ExpectedRejection[] = [];
  const lines: string[] = [];
  const records = random.integer(1, 40);
  // In most files nothing is wrong.
  const poisoned = random.next() < 0.3 ? 0.1 : 0;
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
    // The first says that the file is JSON at all.
    if (i > 0 && random.next() < poisoned) {
      addPoison(random, TRANSACTIONS_POISON, row, lines, rejections);
    } else {
      lines.push(JSON.stringify(row));
      rows.push({ id: row.transaction_id, values: `${total_amount} ${timestamp.slice(0, 13)}` });
      // The same record once more: a producer that did not hear that it was heard.
      if (random.next() < 0.05) lines.push(JSON.stringify(row));
    }
  }
  const body = lines.map((line) => `${line}\n`).join('');
  return { key: `raw/transactions/${name}`, body, table: 'transactions', rows, rejections };
}

function customersFile(random: Random, name: string, version: number): ObjectVersion {
  const rows: ExpectedRow[] = [];
  const rejections: ExpectedRejection[] = [];
  const lines: string[] = [];
  const records = random.integer(1, 10);
  const poisoned = random.next() < 0.3 ? 0.2 : 0;
  for (let i = 0; i < records; i += 1) {
    const row = {
      customer_id: `c-${name}-${version}-${i}`,
      age_group: '25-34',
      membership_tier: random.pick(['bronze', 'gold']),
      signup_date: '2024-02-29',
    };
    if (i > 0 && random.next() < poisoned) {
      addPoison(random, CUSTOMERS_POISON, row, lines, rejections);
    } else {
      lines.push(JSON.stringify(row));
      rows.push({ id: row.customer_id, values: row.membership_tier });
    }
  }
  const body = lines.map((line) => `${line}\n`).join('');
  return { key: `raw/customers/${name}`, body, table: 'customers', rows, rejections };
}

function addPoison(
  random: Random,
  poison: Poison[],
  row: Record<string, unknown>,
  lines: string[],
  rejections: ExpectedRejection[],
): void {
  const { change, reasons } = random.pick(poison);
  const changed = change(row);
  lines.push(changed === undefined ? '{"transaction_id":' : JSON.stringify(changed));
  rejections.push({ line: lines.length, reasons: `line ${lines.length}: ${reasons}` });
}

/** Of no table, no JSON, or not packed as its name says: quarantined as a whole. */
function poisonFile(random: Random, version: number): ObjectVersion {
  const name = `poison-${random.integer(0, 3)}.json`;
  const [key, body, reasons] = random.pick([
    [
      `raw/refunds/${name}`,
      `{"id":${version}}\n`,
      'the key names no table; the tables are transactions, customers, order_events',
    ],
    [`raw/transactions/${name}.gz`, `no gzip ${version}`, notJson(`no gzip ${version}`)],
    [`raw/customers/no-${name}`, `no JSON ${version}\n`, notJson(`no JSON ${version}`)],
  ] as const);
  const table = key.split('/')[1]!;
  return { key, body, table, rows: [], rejections: [{ line: null, reasons }] };
}

function notJson(line: string): string {
  const reason = `Unexpected token 'o', "${line}" is not valid JSON`;
  return `not JSON: no record is a JSON value; line 1: expected a JSON object (${reason}), got ${line}`;
}

function backfill(random: Random, i: number): Pick<Step & { kind: 'backfill' }, 'kind' | 'event'> {
  const count = random.integer(50, 300);
  return {
    kind: 'backfill',
    event: { from: '2026-03-01', to: '2026-03-03', count, seed: `chaos-${i}` },
  };
}

/** A line of quarantine as text, the same for what is expected and for what is found. */
export function rejectionText(key: string, { line, reasons }: ExpectedRejection): string {
  return `s3://${bucketNames().raw}/${key} line ${line}: ${reasons}`;
}
