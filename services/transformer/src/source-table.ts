import type { TableContract } from '@saleslake/shared/contract/table-contract';
import { parseRawKey } from '@saleslake/shared/lake/raw-keys';
import { findTable } from '@saleslake/shared/tables/index';
import type { ObjectVersion } from './object-created';

/** Where the records of a source object belong. */
export interface SourceTable {
  /** As the key says, or `unknown` where it says nothing that could be a table's name. */
  name: string;
  /** Undefined where there is no such table. */
  contract: TableContract | undefined;
  /** YYYY-MM-DD: that of the key, or the day of its creation. */
  date: string;
}

export function sourceTable({ key, time }: ObjectVersion): SourceTable {
  const parsed = parseRawKey(key);
  const name = parsed && /^[a-z0-9_]+$/.test(parsed.table) ? parsed.table : 'unknown';
  return { name, contract: findTable(name), date: parsed?.date ?? time.slice(0, 10) };
}
