/** A statement to run, as StartQueryExecution was given it. */
export interface StatementRequest {
  sql: string;
  /** SQL literal text for each `?`, in order: strings carry their quotes. */
  parameters: readonly string[];
  /** The database that unqualified names are in. */
  database: string;
  /** An S3 URI ending in a slash: where CTAS without a location of its own puts its files. */
  outputLocation: string;
  /** A query that would read more bytes is refused with QueryError EXCEEDED_SCAN_LIMIT. */
  bytesScannedCutoff?: number;
  /** Ends the query: `run` then rejects with the signal's reason. */
  signal: AbortSignal;
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_ColumnInfo.html */
export interface ResultColumn {
  /** Lower case. */
  name: string;
  /** Athena's name: `varchar`, `bigint`, `decimal`, `timestamp`, `row(a integer)` … */
  type: string;
  precision: number;
  scale: number;
}

export interface StatementResult {
  statementType: 'DDL' | 'DML' | 'UTILITY';
  /** SELECT, CREATE_TABLE, CREATE_TABLE_AS_SELECT, INSERT, UNLOAD, CREATE_VIEW, SHOW_TABLES … */
  substatementType: string;
  columns: ResultColumn[];
  /**
   * The rows, some at a time, each value as Athena renders it to text; null where SQL has NULL.
   * To be read to its end or returned from: until then the query holds its connection.
   */
  rows: AsyncIterable<(string | null)[][]>;
  /**
   * What the files and columns that the plan reads hold, compressed. Known once `rows` is at its
   * end; before that an estimate.
   */
  bytesScanned(): number;
  /** Rows written by INSERT, CTAS and UNLOAD. */
  updateCount?: number;
  /** S3 URIs of the files written by INSERT, CTAS and UNLOAD. */
  writtenFiles?: string[];
}

/** The error name of a query that would read more than its limit: Athena then cancels it. */
export const EXCEEDED_SCAN_LIMIT = 'EXCEEDED_SCAN_LIMIT';

/**
 * A statement that cannot be run. `message` is as Athena puts it, such as
 * `COLUMN_NOT_FOUND: line 1:8: Column 'prise' cannot be resolved or requester is not authorized…`.
 */
export class QueryError extends Error {
  constructor(
    /** Trino's error name, such as SYNTAX_ERROR, COLUMN_NOT_FOUND, TABLE_NOT_FOUND, TYPE_MISMATCH. */
    readonly errorName: string,
    message: string,
    /** AthenaError.ErrorCategory: 1 system, 2 user, 3 other. */
    readonly category: 1 | 2 | 3 = 2,
    /** AthenaError.ErrorType. https://docs.aws.amazon.com/athena/latest/ug/error-reference.html */
    readonly errorType = 1300,
  ) {
    super(message);
    this.name = 'QueryError';
  }
}

/** Runs Athena SQL over the lake's files. */
export interface QueryEngine {
  /** Rejects with QueryError for what is wrong with the statement, with the signal's reason when ended. */
  run(request: StatementRequest): Promise<StatementResult>;
  /** Ends what runs and lets go of everything. */
  close(): Promise<void>;
}
