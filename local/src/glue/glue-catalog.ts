import type { GlueColumn, GlueDatabase, GlueTable } from '../cloudformation/catalog';

/** A partition that is registered; partition projection needs none. */
export interface GluePartition {
  /** In the order of the table's partition keys. */
  values: string[];
  /** An S3 URI. */
  location: string;
  parameters: Record<string, string>;
}

/** A table as the catalog keeps it. */
export interface CatalogTable extends GlueTable {
  /** For a view, TableType VIRTUAL_VIEW: the slash-star `Presto View: <base64>` comment. */
  viewOriginalText?: string;
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
  databases(): GlueDatabase[];
  database(name: string): GlueDatabase | undefined;
  /** Throws AlreadyExistsException. */
  createDatabase(database: GlueDatabase): void;
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
  partitions(databaseName: string, tableName: string): GluePartition[];
  /** Adds or replaces, by values. */
  putPartitions(databaseName: string, tableName: string, partitions: GluePartition[]): void;
  deletePartitions(databaseName: string, tableName: string, values: string[][]): void;
}

export type NewTable = Omit<CatalogTable, 'createdAt' | 'updatedAt' | 'fromTemplate'>;
export type { GlueColumn, GlueDatabase, GlueTable };
