import { decimal, int32, partOf, string, timestamp } from '../contract/column';
import { defineTable, type RowOf } from '../contract/table-contract';

/** Sales, one row for each product sold. */
export const transactions = defineTable({
  name: 'transactions',
  version: 1,
  comment: 'Sales: one row for each product sold.',
  columns: {
    transaction_id: string({
      minLength: 1,
      maxLength: 64,
      comment: 'Identifies the transaction, across all sources.',
    }),
    timestamp: timestamp({ comment: 'When the sale took place, UTC.' }),
    customer_id: string({ minLength: 1, maxLength: 64, comment: 'Who bought.' }),
    product_id: string({ minLength: 1, maxLength: 64, comment: 'What was bought.' }),
    product_name: string({
      minLength: 1,
      maxLength: 256,
      comment: 'Name of the product at the time of the sale.',
    }),
    category: string({
      minLength: 1,
      maxLength: 64,
      comment: 'Category of the product at the time of the sale.',
    }),
    quantity: int32({ minimum: 1, comment: 'How many were bought.' }),
    price: decimal(10, 2, { minimum: 0n, comment: 'Price of one.' }),
    total_amount: decimal(12, 2, { minimum: 0n, comment: 'Exactly quantity times price.' }),
    hour: partOf('timestamp', 'hour', { comment: 'Hour of the timestamp, UTC, 0 to 23.' }),
    day_of_week: partOf('timestamp', 'dayOfWeek', {
      comment: 'Day of week of the timestamp, UTC, 0 = Monday.',
    }),
  },
  key: ['transaction_id'],
  products: [{ total: 'total_amount', factors: ['quantity', 'price'] }],
  partitioning: { column: 'timestamp', firstYear: 2015, lastYear: 2045 },
});

export type Transaction = RowOf<typeof transactions>;
