import type { GlueColumn, GlueDatabase, GlueTable } from '../cloudformation/catalog';

/** A partition that is registered; partition projection needs none. */
export interface GluePartition {
  /** In the order of the table's partition keys. */
  values: string[];
  /** An S3 URI. */
  location: string;
  parameters: Record<string, string>;
  /** Milliseconds since the epoch; the catalog sets it where it is missing. */
  createdAt?: number;
  /** The API's StorageDescriptor as it came; without one the table's holds. */
  storageDescriptor?: Record<string, unknown>;
}

export interface CatalogDatabase extends GlueDatabase {
  /** Milliseconds since the epoch. */
  createdAt: number;
  fromTemplate: boolean;
}

/** A table as the catalog keeps it. */
export interface CatalogTable extends GlueTable {
  /** Members of the API's TableInput that nothing here reads, to be given back as they came. */
  unread?: { table: Record<string, unknown>; storage: Record<string, unknown> };
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
  /** Whether a template declares it: then it comes back with the next start. */
  fromTemplate: boolean;
}

/**
 * The Glue Data Catalog of the local AWS, which its API, Athena and Firehose share. What templates
 * declare is there from the start; what people add is kept on disk. Names are lower case.
 */
export interface GlueCatalog {
  /** By name. */
  databases(): CatalogDatabase[];
  database(name: string): CatalogDatabase | undefined;
  /** Throws AlreadyExistsException. */
  createDatabase(database: GlueDatabase): void;
  /** Throws EntityNotFoundException. */
  updateDatabase(database: GlueDatabase): void;
  /** With its tables. Throws EntityNotFoundException. */
  deleteDatabase(name: string): void;
  /** By name. Throws EntityNotFoundException for an unknown database. */
  tables(databaseName: string): CatalogTable[];
  table(databaseName: string, name: string): CatalogTable | undefined;
  /** Throws AlreadyExistsException, EntityNotFoundException for an unknown database. */
  createTable(table: NewTable): void;
  /** Replaces one that is there. Throws EntityNotFoundException. */
  updateTable(table: NewTable): void;
  /** Throws EntityNotFoundException. */
  deleteTable(databaseName: string, name: string): void;
  /** By values. Throws EntityNotFoundException, as the two below, for an unknown table. */
  partitions(databaseName: string, tableName: string): GluePartition[];
  partition(
    databaseName: string,
    tableName: string,
    values: readonly string[],
  ): GluePartition | undefined;
  /** Adds or replaces, by values. Throws InvalidInputException where they are too few or many. */
  putPartitions(databaseName: string, tableName: string, partitions: GluePartition[]): void;
  /** Those that are there. */
  deletePartitions(databaseName: string, tableName: string, values: string[][]): void;
}

export type NewTable = Omit<CatalogTable, 'createdAt' | 'updatedAt' | 'fromTemplate'>;
export type { GlueColumn, GlueDatabase, GlueTable };
