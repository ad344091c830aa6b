// dynalite comes without types; these are of the parts that keep items, apart from its HTTP server.

declare module 'dynalite/db' {
  export type Callback<T = void> = (error?: unknown, result?: T) => void;

  /** A part of the database, under a prefix of its own. */
  export interface SubDatabase {
    get(key: string, callback: Callback<unknown>): void;
    put(key: string, value: unknown, callback: Callback): void;
    del(key: string, callback: Callback): void;
    lock(key: string, locked: (release: <F>(callback: F) => F) => void): void;
  }

  export interface BatchOperation {
    type: 'put' | 'del';
    key: string;
    value?: unknown;
  }

  /** The LevelDB database beneath; values are JSON. */
  export interface Level {
    open(): Promise<void>;
    close(): Promise<void>;
    getSync(key: string): unknown;
    /** All or nothing, also over a kill. */
    batch(operations: BatchOperation[]): Promise<void>;
    iterator(range: { gte: string; lt: string }): AsyncIterable<[string, unknown]>;
  }

  export interface Store {
    options: object;
    db: Level;
    tableDb: SubDatabase & { awsAccountId: string; awsRegion: string };
    getItemDb(tableName: string): SubDatabase;
    getIndexDb(indexType: string, tableName: string, indexName: string): SubDatabase;
    getTable(
      name: string,
      checkStatus: boolean | Callback<object>,
      callback?: Callback<object>,
    ): void;
  }

  export function create(options: { path: string; createTableMs: number }): Store;
  type KeyOf = (item: object, table: object, keySchema?: object) => string;

  /** Ends in `/`. */
  export const createKey: KeyOf;

  const exports: { createIndexKey: KeyOf };
  export default exports;
}

declare module 'dynalite/actions/*' {
  import type { Callback, Store } from 'dynalite/db';

  const action: (store: Store, input: object, callback: Callback<object>) => void;
  export default action;
}

declare module 'dynalite/validations' {
  import type { Store } from 'dynalite/db';

  /** Returns the members that `types` knows; throws where one is of another type. */
  export function checkTypes(input: object, types: object): Record<string, unknown>;
  export function checkValidations(
    input: object,
    types: object,
    custom: object | undefined,
    store: Store,
  ): void;
}

declare module 'dynalite/validations/*' {
  export const types: object;
  export const custom: object | undefined;
}
