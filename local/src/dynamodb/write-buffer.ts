import type { BatchOperation, Store, SubDatabase } from 'dynalite/db';
import type { Item } from './item';
import type { Table } from './table';

/** What a write does to one item: no `oldItem` where there was none, no `newItem` where none is left. */
export interface ItemChange {
  tableName: string;
  oldItem?: Item;
  newItem?: Item;
}

/**
 * Holds back what dynalite's actions write, so that items, their index entries and the stream's
 * records reach the disk in one batch or not at all. Actions see what it holds. They run in it
 * one at a time, without a lock.
 */
export interface WriteBuffer {
  store: Store;
  /** The item that the last action read before it decided. */
  lastRead(): Item | undefined;
  put(key: string, value: unknown): void;
  delete(key: string): void;
  operations(): BatchOperation[];
  changes(): ItemChange[];
}

export const TABLE_PREFIX = 'table~';

/** The keys of a table's items begin with it. */
export function itemPrefix(tableName: string): string {
  return `item-${tableName}~`;
}

/** The keys of an index's entries begin with it; without an index, those of all of a kind. */
export function indexPrefix(kind: 'local' | 'global', tableName: string, index?: string): string {
  return `index-${kind}~${tableName}~${index === undefined ? '' : `${index}~`}`;
}

// Of dynalite's index entries none is kept: ours follow from the changes.
const NO_INDEX: SubDatabase = {
  get: (_, callback) => callback(),
  put: (_, __, callback) => callback(),
  del: (_, callback) => callback(),
  lock: (_, locked) => locked((callback) => callback),
};

/** An empty buffer before the store. */
export function bufferWrites(store: Store): WriteBuffer {
  const operations = new Map<string, BatchOperation>();
  const changes = new Map<string, ItemChange>();
  let lastRead: Item | undefined;

  const put = (key: string, value: unknown): void => {
    operations.set(key, { type: 'put', key, value });
  };
  const remove = (key: string): void => {
    operations.set(key, { type: 'del', key });
  };
  const readItem = (key: string): Item | undefined => {
    const change = changes.get(key);
    return change ? change.newItem : (store.db.getSync(key) as Item | undefined);
  };
  const changeItem = (tableName: string, key: string, newItem: Item | undefined): void => {
    const before = changes.get(key);
    const oldItem = before ? before.oldItem : readItem(key);
    changes.set(key, { tableName, oldItem, newItem });
  };

  const itemDb = (tableName: string): SubDatabase => {
    const prefix = itemPrefix(tableName);
    return {
      get(key, callback) {
        lastRead = readItem(prefix + key);
        callback(null, lastRead);
      },
      put(key, item, callback) {
        changeItem(tableName, prefix + key, item as Item);
        put(prefix + key, item);
        callback();
      },
      del(key, callback) {
        changeItem(tableName, prefix + key, undefined);
        remove(prefix + key);
        callback();
      },
      lock: (_, locked) => locked((callback) => callback),
    };
  };

  return {
    store: { ...store, getItemDb: itemDb, getIndexDb: () => NO_INDEX },
    lastRead: () => lastRead,
    put,
    delete: remove,
    operations: () => [...operations.values()],
    changes: () => [...changes.values()],
  };
}

export function putTable(buffer: WriteBuffer, table: Table): void {
  buffer.put(TABLE_PREFIX + table.TableName, table);
}

export function removeTable(buffer: WriteBuffer, tableName: string): void {
  buffer.delete(TABLE_PREFIX + tableName);
}
