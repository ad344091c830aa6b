import type {
  CatalogDatabase,
  CatalogTable,
  GlueCatalog,
  GlueDatabase,
  GluePartition,
} from '../../../src/glue/glue-catalog';

/** A catalog in memory: what the engine needs of one. */
export function memoryCatalog(): GlueCatalog {
  const databases = new Map<string, CatalogDatabase>();
  const tables = new Map<string, CatalogTable>();
  const partitions = new Map<string, Map<string, GluePartition>>();
  const keyOf = (database: string, name: string): string => `${database}.${name}`;
  const createDatabase = (database: GlueDatabase): void => {
    databases.set(database.name, { ...database, createdAt: 0, fromTemplate: false });
  };
  return {
    databases: () => [...databases.values()],
    database: (name) => databases.get(name),
    createDatabase,
    updateDatabase: createDatabase,
    deleteDatabase(name) {
      databases.delete(name);
      for (const [key, table] of tables) if (table.databaseName === name) tables.delete(key);
    },
    tables: (name) => [...tables.values()].filter(({ databaseName }) => databaseName === name),
    table: (database, name) => tables.get(keyOf(database, name)),
    createTable(table) {
      tables.set(keyOf(table.databaseName, table.name), {
        ...table,
        createdAt: 0,
        updatedAt: 0,
        fromTemplate: false,
      });
    },
    updateTable(table) {
      tables.set(keyOf(table.databaseName, table.name), {
        ...table,
        createdAt: 0,
        updatedAt: 0,
        fromTemplate: false,
      });
    },
    deleteTable(database, name) {
      tables.delete(keyOf(database, name));
      partitions.delete(keyOf(database, name));
    },
    partitions: (database, name) => [...(partitions.get(keyOf(database, name))?.values() ?? [])],
    partition: (database, name, values) =>
      partitions.get(keyOf(database, name))?.get(values.join('/')),
    putPartitions(database, name, added) {
      const known = partitions.get(keyOf(database, name)) ?? new Map<string, GluePartition>();
      for (const partition of added) known.set(partition.values.join('/'), partition);
      partitions.set(keyOf(database, name), known);
    },
    deletePartitions(database, name, values) {
      for (const value of values) partitions.get(keyOf(database, name))?.delete(value.join('/'));
    },
  };
}
