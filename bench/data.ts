import { closeSync, openSync, writeSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { toJsonLine } from '@saleslake/shared/contract/json-line';
import { timestampPart } from '@saleslake/shared/contract/timestamp';
import { transactions } from '@saleslake/shared/tables/transactions';

/** What is special about a file of sales. `plain` is one day, in order of time. */
export const shapes = [
  'plain',
  'sorted-days',
  'shuffled-days',
  'escapes',
  'invalid',
  'crlf',
  'gzip',
] as const;
export type Shape = (typeof shapes)[number];

const DAYS = 30;
const DAY_MS = 86_400_000;
const CUSTOMERS = 5_000;
const PRODUCTS = 200;
const FLUSH_BYTES = 1 << 22;

/** Numbers in 0 … 1, the same in every run: Mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Writes `rows` lines of sales to a file. The same arguments give the same bytes. */
export function writeSales(path: string, rows: number, shape: Shape): void {
  const random = randomNumbers(rows);
  const below = (bound: number): number => Math.floor(random() * bound);
  const hex = (digits: number): string =>
    below(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  const prices = Array.from({ length: PRODUCTS }, () => 199 + 50 * below(800));
  const first = Date.UTC(2026, 2, 1);
  const days = shape === 'sorted-days' || shape === 'shuffled-days' ? DAYS : 1;
  const file = openSync(path, 'w');
  let text = '';
  const flush = (): void => {
    writeSync(file, shape === 'gzip' ? gzipSync(text) : Buffer.from(text));
    text = '';
  };
  for (let i = 0; i < rows; i++) {
    // In order of time, but at no regular distance.
    const share = shape === 'shuffled-days' ? random() : (i + random()) / rows;
    const at = first + Math.floor(share * days * DAY_MS);
    // Few customers buy much, and many little.
    const customer = Math.floor(random() ** 2 * CUSTOMERS);
    const product = below(PRODUCTS);
    const quantity = 1 + Math.floor(random() ** 3 * 5);
    const price = BigInt(prices[product]!);
    const special = i % 100 === 50;
    const line = toJsonLine(transactions, {
      transaction_id: `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`,
      timestamp: at,
      customer_id: `C${String(customer + 1).padStart(6, '0')}`,
      product_id: `P${String(product + 1).padStart(4, '0')}`,
      product_name:
        shape === 'escapes' && special ? `Desk "lamp"\t${product}` : `Product number ${product}`,
      category: `Category ${product % 8}`,
      quantity: shape === 'invalid' && special ? 0 : quantity,
      price,
      total_amount: price * BigInt(quantity),
      hour: timestampPart(at, 'hour'),
      day_of_week: timestampPart(at, 'dayOfWeek'),
    });
    text += line + (shape === 'crlf' ? '\r\n' : '\n');
    if (text.length > FLUSH_BYTES) flush();
  }
  flush();
  closeSync(file);
}
