import { decimal, int32, nullable, string, timestamp } from '../contract/column';
import { defineTable, type RowOf } from '../contract/table-contract';

/** Changes of orders as DynamoDB's stream captured them, one row a change. */
export const orderEvents = defineTable({
  name: 'order_events',
  version: 1,
  comment: 'Changes of orders, one row a change, as captured from DynamoDB.',
  columns: {
    order_id: string({ minLength: 1, maxLength: 64, comment: 'Which order changed.' }),
    product_name: nullable(
      string({
        minLength: 1,
        maxLength: 256,
        comment: 'What is ordered, after the change; before it for a REMOVE with an old image.',
      }),
    ),
    quantity: nullable(
      int32({
        minimum: 1,
        comment: 'How many, after the change; before it for a REMOVE with an old image.',
      }),
    ),
    price: nullable(
      decimal(10, 2, {
        minimum: 0n,
        comment: 'Price of one, after the change; before it for a REMOVE with an old image.',
      }),
    ),
    event_type: string({
      allowed: ['INSERT', 'MODIFY', 'REMOVE'],
      comment: 'What happened to the order: INSERT, MODIFY or REMOVE.',
    }),
    event_time: timestamp({ comment: 'When it happened, UTC, to the second.' }),
    sequence_number: string({
      minLength: 1,
      maxLength: 40,
      pattern: /^[0-9]+$/,
      comment: 'Orders the changes of an order: compare as numbers, by length and then text.',
    }),
  },
  key: ['order_id', 'sequence_number'],
  partitioning: { column: 'event_time', firstYear: 2015, lastYear: 2045 },
});

export type OrderEvent = RowOf<typeof orderEvents>;
