import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { create, type Store } from 'dynalite/db';
import type { AwsContext } from '../core/aws-context';
import { resourceNotFound, validationError } from './dynamodb-error';
import { indexOperations } from './index-entries';
import { itemSize, LARGEST_ITEM_BYTES } from './item-size';
import { openStreams, type PlacedChange, type Streams } from './streams';
import { withArns, type Table } from './table';
import { bufferWrites, TABLE_PREFIX, type ItemChange, type WriteBuffer } from './write-buffer';

/** Tables and their items in dynalite's LevelDB database, and beside it the tables' streams. */
export interface Database {
  /** For actions that read. */
  store: Store;
  streams: Streams;
  /** Throws ResourceNotFoundException. */
  table(name: string): Table;
  findTable(name: string): Table | undefined;
  /** By name. */
  tables(): Table[];
  /**
   * Runs writes one after the other, each on what the one before left. What `run` leaves in the
   * buffer and what streams record of it are on disk when it returns, all or nothing; where `run`
   * throws, nothing is.
   */
  write<T>(run: (buffer: WriteBuffer) => Promise<T>): Promise<T>;
  /** Runs while nothing is written. */
  whileStill<T>(run: () => Promise<T>): Promise<T>;
  /** All values below a prefix, by key. */
  below(prefix: string): Promise<[string, unknown][]>;
  /** Lets what runs end, then lets go of the files. */
  close(): Promise<void>;
}

// The changes of the last batch that had any. It is written in the batch itself, so that a process
// killed before the streams' logs have them finds them here; the next batch replaces it, as by
// then they do.
const LAST_CHANGES = 'last-changes';

// Above every character that keys have.
const LAST_CHARACTER = '\u00ff';

/** Opens what is under `<stateDir>/dynamodb`. Throws where another process has it open. */
export async function openDatabase(context: AwsContext): Promise<Database> {
  const path = join(context.stateDir, 'dynamodb');
  mkdirSync(path, { recursive: true });
  const dynalite = create({ path, createTableMs: 0 });
  const { db } = dynalite;
  await db.open();
  try {
    return await openStored(context, dynalite, path);
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function openStored(context: AwsContext, dynalite: Store, path: string): Promise<Database> {
  const { db } = dynalite;
  dynalite.tableDb.awsAccountId = context.accountId;
  dynalite.tableDb.awsRegion = context.region;

  const below = async (prefix: string): Promise<[string, unknown][]> => {
    const found: [string, unknown][] = [];
    const range = { gte: prefix, lt: prefix + LAST_CHARACTER };
    for await (const entry of db.iterator(range)) found.push(entry);
    return found;
  };

  const tables = new Map<string, Table>();
  const streams = openStreams(context);
  for (const [, value] of await below(TABLE_PREFIX)) {
    const table = withArns(context, value as Table);
    tables.set(table.TableName, table);
    streams.follow(table);
  }
  streams.sweep();
  streams.append((db.getSync(LAST_CHANGES) ?? []) as PlacedChange[]);

  const findTable = (name: string): Table | undefined => tables.get(name);
  const table = (name: string): Table => {
    const found = findTable(name);
    if (!found) throw resourceNotFound(`Table: ${name} not found`);
    return found;
  };

  const store: Store = {
    ...dynalite,
    getTable(name, checkStatus, callback) {
      const answer = typeof checkStatus === 'function' ? checkStatus : callback;
      const found = findTable(name);
      if (found) answer?.(null, found);
      else answer?.(resourceNotFound(`Table: ${name} not found`));
    },
  };

  // After a failed write, disk and memory may differ: only a start brings them together.
  let failure: Error | undefined;

  async function commit(buffer: WriteBuffer): Promise<void> {
    const changes = buffer.changes();
    for (const change of changes) complete(buffer, change);
    const placed = streams.place(changes, tables);
    const tableChanges = buffer
      .operations()
      .filter(({ key }) => key.startsWith(TABLE_PREFIX))
      .map(({ key, value }) => [key.slice(TABLE_PREFIX.length), value] as const);
    // A stream that ends must leave no changes to one that begins under its name.
    if (placed.length + tableChanges.length > 0) buffer.put(LAST_CHANGES, placed);
    try {
      await db.batch(buffer.operations());
      for (const [name, value] of tableChanges) takeOver(name, value);
      streams.append(placed);
    } catch (error) {
      failure = new Error(`A write to ${path} failed. Start again.`, { cause: error });
      throw failure;
    }
    for (const { tableName: subject, value } of placed) {
      const detail = `${value.eventName} ${value.sizeBytes} bytes`;
      context.tell({ service: 'dynamodb', what: 'item changed', subject, detail, level: 'debug' });
    }
  }

  /** Adds what the change does to indexes. Throws ValidationException where the item is too large. */
  function complete(buffer: WriteBuffer, change: ItemChange): void {
    if (change.newItem && itemSize(change.newItem) > LARGEST_ITEM_BYTES) {
      throw validationError('Item size has exceeded the maximum allowed size');
    }
    for (const { type, key, value } of indexOperations(table(change.tableName), change)) {
      if (type === 'put') buffer.put(key, value);
      else buffer.delete(key);
    }
  }

  function takeOver(name: string, value: unknown): void {
    if (value === undefined) {
      tables.delete(name);
      streams.remove(name);
    } else {
      const changed = withArns(context, JSON.parse(JSON.stringify(value)) as Table);
      tables.set(name, changed);
      streams.follow(changed);
    }
  }

  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const done = last.then(run);
    // Its caller is told; the next one runs all the same.
    last = done.catch(() => undefined);
    return done;
  }

  return {
    store,
    streams,
    table,
    findTable,
    tables: () => [...tables.values()].sort((a, b) => (a.TableName < b.TableName ? -1 : 1)),
    write: (run) =>
      inTurn(async () => {
        if (failure) throw failure;
        const buffer = bufferWrites(store);
        const result = await run(buffer);
        await commit(buffer);
        return result;
      }),
    whileStill: inTurn,
    below,
    close: () =>
      inTurn(async () => {
        failure ??= new Error(`${path} is closed.`);
        await db.close();
        streams.close();
      }),
  };
}
