import dynalite, { createKey, type BatchOperation } from 'dynalite/db';
import type { Item } from './item';
import type { Index, Table } from './table';
import { indexPrefix, type ItemChange } from './write-buffer';

// dynalite tells items of the same index key apart by 24 bits of a hash, so that among some
// thousand of them one takes the place of another. Here an entry's key ends in the item's own key.
// dynalite's queries find entries by their beginning, and go on from a page's end with this.
dynalite.createIndexKey = (item, table, keySchema) =>
  createKey(item, table, keySchema) + createKey(item, table);

/** What a change of an item does to the entries of the table's indexes. */
export function indexOperations(
  table: Table,
  { oldItem, newItem }: Pick<ItemChange, 'oldItem' | 'newItem'>,
): BatchOperation[] {
  const operations: BatchOperation[] = [];
  for (const kind of ['local', 'global'] as const) {
    const indexes = kind === 'local' ? table.LocalSecondaryIndexes : table.GlobalSecondaryIndexes;
    for (const index of indexes ?? []) {
      const prefix = indexPrefix(kind, table.TableName, index.IndexName);
      const oldKey = entryKey(table, index, oldItem);
      const newKey = entryKey(table, index, newItem);
      if (oldKey !== undefined && oldKey !== newKey) {
        operations.push({ type: 'del', key: prefix + oldKey });
      }
      if (newItem && newKey !== undefined) {
        operations.push({
          type: 'put',
          key: prefix + newKey,
          value: projected(table, index, newItem),
        });
      }
    }
  }
  return operations;
}

/** Undefined where the item has not all of the index's key: it has no entry then. */
function entryKey(table: Table, index: Index, item: Item | undefined): string | undefined {
  if (!item || index.KeySchema.some(({ AttributeName: name }) => !item[name])) return undefined;
  return dynalite.createIndexKey(item, table, index.KeySchema);
}

function projected(table: Table, index: Index, item: Item): Item {
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  if (ProjectionType === 'ALL') return item;
  const keys = [...index.KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  const names = new Set([...keys, ...NonKeyAttributes]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}
