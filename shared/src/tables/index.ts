import type { TableContract } from '../contract/table-contract';
import { customers } from './customers';
import { orderEvents } from './order-events';
import { transactions } from './transactions';

/** Every table of the lake. A table that is added here is stored, catalogued and queryable. */
export const tables: readonly TableContract[] = [transactions, customers, orderEvents];

/** The contract of that name, or undefined. */
export function findTable(name: string): TableContract | undefined {
  return tables.find((table) => table.name === name);
}
