import { toJsonLine } from '@saleslake/shared/contract/json-line';
import { rawKey } from '@saleslake/shared/lake/raw-keys';
import type { Logger } from '@saleslake/shared/runtime/logger';
import { customers, type Customer } from '@saleslake/shared/tables/customers';
import { CUSTOMERS_AS_OF } from './customers';
import { ndjsonChunks } from './ndjson';

/** Writes an object where there is none under its key. Returns whether it did. */
export type PutOnce = (key: string, body: Buffer) => Promise<boolean>;

/** The one object that all customers are in. */
export const CUSTOMERS_KEY = rawKey(customers.name, CUSTOMERS_AS_OF, 'customers');

/**
 * Writes the customers, unless they are there: writing them anew with every tick would have them
 * transformed anew each time. To have others written, delete the object.
 * @throws what `putOnce` throws.
 */
export async function writeCustomers(
  rows: readonly Customer[],
  { putOnce, logger }: { putOnce: PutOnce; logger: Logger },
): Promise<void> {
  // Their order would tell how much they buy.
  const lines = rows.map((row) => toJsonLine(customers, row)).sort();
  const body = Buffer.concat([...ndjsonChunks(lines)]);
  if (!(await putOnce(CUSTOMERS_KEY, body))) return;
  logger.info('object written', {
    correlation_id: CUSTOMERS_KEY,
    customers: rows.length,
    bytes: body.length,
  });
}
