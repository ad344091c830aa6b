import fc from 'fast-check';
import { toJsonLine } from '@saleslake/shared/contract/json-line';
import { transactions } from '@saleslake/shared/tables/transactions';
import { transactionLine } from '../src/transaction-line';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 });
const rows = fc.record({
  transaction_id: text,
  timestamp: fc.integer({ min: Date.UTC(2015, 0), max: Date.UTC(2046, 0) - 1 }),
  customer_id: text,
  product_id: text,
  product_name: text,
  category: text,
  quantity: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  price: fc.bigInt({ min: 0n, max: 10n ** 10n - 1n }),
  total_amount: fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }),
  hour: fc.integer({ min: 0, max: 23 }),
  day_of_week: fc.integer({ min: 0, max: 6 }),
});

describe('transactionLine', () => {
  it('writes what toJsonLine writes, byte for byte, of any transaction', () => {
    fc.assert(
      fc.property(rows, (row) => {
        expect(transactionLine(row)).toBe(toJsonLine(transactions, row));
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
