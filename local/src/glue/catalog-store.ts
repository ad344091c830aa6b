import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../cloudformation/catalog';
import type { AwsContext } from '../core/aws-context';
import { DurableMap } from '../core/durable-map';
import type { CatalogDatabase, CatalogTable, GlueCatalog, GluePartition } from './glue-catalog';
import { alreadyExists, databaseNotFound, invalidInput, tableNotFound } from './glue-error';
import { compareText } from './page';

/**
 * The catalog, kept in `folder`. What a template declares is not written: the template is its
 * source, and what people change of it lasts until the next start. Its partitions are written.
 */
export function openCatalogStore(
  folder: string,
  declared: Catalog,
  context: Pick<AwsContext, 'clock' | 'tell'>,
): GlueCatalog {
  const { clock } = context;
  const storedDatabases = new DurableMap<CatalogDatabase>(join(folder, 'databases'));
  const storedTables = new DurableMap<CatalogTable>(join(folder, 'tables'));
  const databases = new Map(storedDatabases.entries());
  const tables = new Map(storedTables.entries());
  const partitionFolder = (tableKey: string): string => join(folder, 'partitions', tableKey);
  // A table's partitions are read when someone asks for them first.
  const partitions = new Map<string, DurableMap<GluePartition>>();

  const now = clock.now();
  for (const database of declared.databases) {
    const name = database.name.toLowerCase();
    databases.set(keyOf(name), { ...database, name, createdAt: now, fromTemplate: true });
    storedDatabases.delete(keyOf(name));
  }
  for (const declaredTable of declared.tables) {
    const table = folded(declaredTable);
    const key = keyOf(table.databaseName, table.name);
    tables.set(key, { ...table, createdAt: now, updatedAt: now, fromTemplate: true });
    storedTables.delete(key);
  }

  function putDatabase(database: CatalogDatabase): void {
    const key = keyOf(database.name);
    if (!database.fromTemplate) storedDatabases.set(key, database);
    databases.set(key, database);
  }

  function putTable(table: CatalogTable): void {
    const key = keyOf(table.databaseName, table.name);
    if (!table.fromTemplate) storedTables.set(key, table);
    tables.set(key, table);
  }

  function dropTable({ databaseName, name }: CatalogTable): void {
    const key = keyOf(databaseName, name);
    storedTables.delete(key);
    tables.delete(key);
    dropPartitions(key);
    told('table deleted', `${databaseName}.${name}`);
  }

  function dropPartitions(tableKey: string): void {
    partitions.delete(tableKey);
    rmSync(partitionFolder(tableKey), { recursive: true, force: true });
  }

  const getDatabase = (name: string): CatalogDatabase => {
    const database = databases.get(keyOf(name));
    if (!database) throw databaseNotFound(name);
    return database;
  };

  const getTable = (databaseName: string, name: string): CatalogTable => {
    const table = tables.get(keyOf(databaseName, name));
    if (!table) throw tableNotFound(databaseName, name);
    return table;
  };

  const tablesOf = (databaseName: string): CatalogTable[] => {
    const { name } = getDatabase(databaseName);
    return [...tables.values()]
      .filter((table) => table.databaseName === name)
      .sort((a, b) => compareText(a.name, b.name));
  };

  const partitionsOf = (databaseName: string, name: string): DurableMap<GluePartition> => {
    getTable(databaseName, name);
    const key = keyOf(databaseName, name);
    const known = partitions.get(key);
    if (known) return known;
    const opened = new DurableMap<GluePartition>(partitionFolder(key));
    partitions.set(key, opened);
    return opened;
  };

  const told = (what: string, subject: string): void =>
    context.tell({ service: 'glue', what, subject, level: 'info' });

  return {
    databases: () => [...databases.values()].sort((a, b) => compareText(a.name, b.name)),
    database: (name) => databases.get(keyOf(name)),

    createDatabase(database) {
      const name = database.name.toLowerCase();
      if (databases.has(keyOf(name))) throw alreadyExists(`Database ${name}`);
      putDatabase({ ...database, name, createdAt: clock.now(), fromTemplate: false });
      told('database created', name);
    },

    updateDatabase(database) {
      const { name, createdAt, fromTemplate } = getDatabase(database.name);
      putDatabase({ ...database, name, createdAt, fromTemplate });
    },

    deleteDatabase(name) {
      const database = getDatabase(name);
      for (const table of tablesOf(name)) dropTable(table);
      storedDatabases.delete(keyOf(name));
      databases.delete(keyOf(name));
      told('database deleted', database.name);
    },

    tables: tablesOf,
    table: (databaseName, name) => tables.get(keyOf(databaseName, name)),

    createTable(newTable) {
      const table = folded(newTable);
      getDatabase(table.databaseName);
      const key = keyOf(table.databaseName, table.name);
      if (tables.has(key)) throw alreadyExists(`Table ${table.databaseName}.${table.name}`);
      // A kill may have come between a table's end and that of its partitions.
      dropPartitions(key);
      const createdAt = clock.now();
      putTable({ ...table, createdAt, updatedAt: createdAt, fromTemplate: false });
      told('table created', `${table.databaseName}.${table.name}`);
    },

    updateTable(newTable) {
      const table = folded(newTable);
      const { createdAt, fromTemplate } = getTable(table.databaseName, table.name);
      putTable({ ...table, createdAt, updatedAt: clock.now(), fromTemplate });
    },

    deleteTable: (databaseName, name) => dropTable(getTable(databaseName, name)),

    partitions: (databaseName, name) =>
      partitionsOf(databaseName, name)
        .entries()
        .map(([, partition]) => partition)
        .sort((a, b) => compareText(nameOf(a.values), nameOf(b.values))),

    partition: (databaseName, name, values) =>
      partitionsOf(databaseName, name).get(partitionKey(values)),

    putPartitions(databaseName, name, added) {
      const { partitionKeys } = getTable(databaseName, name);
      const other = added.find(({ values }) => values.length !== partitionKeys.length);
      if (other) {
        throw invalidInput(
          `The number of partition keys do not match the number of partition values: ` +
            `${databaseName}.${name} has ${partitionKeys.length}, ` +
            `${JSON.stringify(other.values)} are ${other.values.length}.`,
        );
      }
      const held = partitionsOf(databaseName, name);
      for (const partition of added) {
        held.set(partitionKey(partition.values), { createdAt: clock.now(), ...partition });
      }
    },

    deletePartitions(databaseName, name, values) {
      const held = partitionsOf(databaseName, name);
      for (const one of values) held.delete(partitionKey(one));
    },
  };
}

/** Glue folds the names of databases and tables: Hive does not tell cases apart. */
function folded<T extends { databaseName: string; name: string }>(table: T): T {
  return {
    ...table,
    databaseName: table.databaseName.toLowerCase(),
    name: table.name.toLowerCase(),
  };
}

/** Partition values as one text that sorts as they do. */
export function nameOf(values: readonly string[]): string {
  return values.join('\0');
}

/** Names are a user's text, so files are named by their hash. */
function keyOf(...names: string[]): string {
  return digest(nameOf(names).toLowerCase());
}

function partitionKey(values: readonly string[]): string {
  return digest(nameOf(values));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
