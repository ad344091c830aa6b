import { createHash } from 'node:crypto';
import { formatDate } from '@saleslake/shared/contract/timestamp';
import { rawKey } from '@saleslake/shared/lake/raw-keys';
import { transactions } from '@saleslake/shared/tables/transactions';
import { DAY_MS, type Period } from './rhythm';
import { salesOf } from './sales';
import type { Shop } from './shop';
import { transactionLine } from './transaction-line';

/** An object of the raw zone that is decided but not yet made. */
export interface RawObject {
  key: string;
  /** How many transactions it holds. */
  transactions: number;
  /** Its lines without their newlines, from the first on with each call. */
  lines: () => Iterable<string>;
}

/**
 * The object of that name: `label` stands in its key, for people; `name` and the shop's seed decide
 * key and content, so that a repeat overwrites the same object with the same bytes.
 * @param date in milliseconds since the epoch: the object's key is of that day, UTC.
 */
export function rawObject(
  shop: Shop,
  { label, name, date }: { label: string; name: readonly string[]; date: number },
  period: Period,
  count: number,
): RawObject {
  const hash = createHash('sha256').update(JSON.stringify([shop.seed, ...name]));
  const id = `${label}-${hash.digest('hex').slice(0, 16)}`;
  return {
    key: rawKey(transactions.name, formatDate(Math.floor(date / DAY_MS)), id),
    transactions: count,
    lines: function* () {
      for (const row of salesOf(shop, name, period, count)) yield transactionLine(row);
    },
  };
}
