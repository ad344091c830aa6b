import { date, string } from '../contract/column';
import { defineTable, type RowOf } from '../contract/table-contract';

export const AGE_GROUPS = ['18-24', '25-34', '35-44', '45-54', '55-64', '65+'] as const;
/** The lowest first. */
export const MEMBERSHIP_TIERS = ['bronze', 'silver', 'gold', 'platinum'] as const;

/** Who buys, one row a customer: what the customer_id of a transaction stands for. */
export const customers = defineTable({
  name: 'customers',
  version: 1,
  comment: 'Customers: one row for each, as they stand now.',
  columns: {
    customer_id: string({ minLength: 1, maxLength: 64, comment: 'Identifies the customer.' }),
    age_group: string({ allowed: AGE_GROUPS, comment: 'How old the customer is, in years.' }),
    membership_tier: string({
      allowed: MEMBERSHIP_TIERS,
      comment: 'Tier of membership: bronze, silver, gold or platinum.',
    }),
    signup_date: date({ comment: 'The day on which the customer signed up.' }),
  },
  key: ['customer_id'],
  // Days would only spread a few rows each over very many files.
  partitioning: undefined,
});

export type Customer = RowOf<typeof customers>;
