import type { DuckDBConnection } from '@duckdb/node-api';
import type { GlueCatalog } from '../../glue/glue-catalog';
import type { StatementRequest } from '../query-engine';
import type { PlannedQuery } from './plan-query';

export interface EngineOptions {
  catalog: GlueCatalog;
  /** Folder whose files are the bucket's objects; undefined for an unknown bucket. */
  bucketFolder: (bucket: string) => string | undefined;
  /** Puts a file as an object: CTAS, INSERT and UNLOAD write through it. The file may be moved. */
  putFile: (bucket: string, key: string, path: string) => Promise<void>;
  /** A folder of the engine's own, for what does not fit into memory and what is being written. */
  temporaryFolder: string;
  now: () => number;
  /** How many queries run at once; others wait for their turn. */
  concurrency?: number;
}

/** A query with what its own plan told put in. */
export interface ReadyQuery {
  sql: string;
  bytesScanned: number;
}

/** A statement on its way, and what it needs. */
export interface Running {
  connection: DuckDBConnection;
  options: EngineOptions;
  request: StatementRequest;
  /** Plans a query in the statement's database. */
  plan(sql: string): Promise<PlannedQuery>;
  /** What a planned query is run as. @throws QueryError beyond the request's cutoff. */
  ready(query: PlannedQuery): Promise<ReadyQuery>;
}
