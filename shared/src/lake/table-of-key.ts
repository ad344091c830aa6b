import { parseRawKey } from './raw-keys';

/**
 * The table under whose name everything is written that comes of a raw object, whether there is
 * such a table or not: the key's second segment, or `unknown` where that could be no table's name.
 */
export function tableOfKey(key: string): string {
  const table = parseRawKey(key)?.table;
  return table !== undefined && /^[a-z0-9_]+$/.test(table) ? table : 'unknown';
}
