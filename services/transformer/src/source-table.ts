import type { TableContract } from '@saleslake/shared/contract/table-contract';
import { parseRawKey } from '@saleslake/shared/lake/raw-keys';
import { tableOfKey } from '@saleslake/shared/lake/table-of-key';
import { findTable } from '@saleslake/shared/tables/index';
import type { ObjectVersion } from './object-created';

/** Where the records of a source object belong. */
export interface SourceTable {
  name: string;
  /** Undefined where there is no such table. */
  contract: TableContract | undefined;
  /** The date that quarantine goes under: that of the key, or of the object's creation, UTC. */
  date: string;
}

export function sourceTable({ key, time }: ObjectVersion): SourceTable {
  const name = tableOfKey(key);
  const date = parseRawKey(key)?.date ?? new Date(time).toISOString().slice(0, 10);
  return { name, contract: findTable(name), date };
}
