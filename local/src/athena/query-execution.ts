import type { ResultColumn } from './query-engine';

export type QueryState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** A query from its start on. Times are milliseconds since the epoch. */
export interface QueryExecution {
  /** A UUID. */
  id: string;
  /** Counts up with each query: the order of their starts. */
  sequence: number;
  sql: string;
  /** SQL literal text for each `?`. */
  parameters: string[];
  database: string;
  workgroup: string;
  /** An S3 URI ending in a slash. */
  outputLocation: string;
  /** Whose query it is: the results are written with this caller's rights. */
  accessKeyId?: string;
  clientRequestToken?: string;
  state: QueryState;
  submittedAt: number;
  startedAt?: number;
  endedAt?: number;
  bytesScanned: number;
  /** Why it FAILED or was CANCELLED. */
  reason?: string;
  error?: { category: number; type: number; message: string };
  result?: QueryResultInfo;
}

/** What is known of a result beside its rows. */
export interface QueryResultInfo {
  statementType: 'DDL' | 'DML' | 'UTILITY';
  substatementType: string;
  columns: ResultColumn[];
  /** What the rows are kept as: `none` where the statement wrote its own files. */
  format: ResultFormat;
  rows: number;
  updateCount?: number;
  /** S3 URI of the list of the files that the statement wrote. */
  manifest?: string;
}

export type ResultFormat = 'csv' | 'text' | 'none';

const SUFFIXES: Record<ResultFormat, string> = { csv: '.csv', text: '.txt', none: '' };

/** Where a query's result is. https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html */
export function resultUri({ outputLocation, id }: QueryExecution, format: ResultFormat): string {
  return `${outputLocation}${id}${SUFFIXES[format]}`;
}

export function hasEnded({ state }: QueryExecution): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

export const ENGINE_VERSION = {
  SelectedEngineVersion: 'AUTO',
  EffectiveEngineVersion: 'Athena engine version 3',
};

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html */
export function describeExecution(execution: QueryExecution, now: number): object {
  const { result, error } = execution;
  return {
    QueryExecutionId: execution.id,
    Query: execution.sql,
    StatementType: result?.statementType,
    SubstatementType: result?.substatementType,
    ResultConfiguration: { OutputLocation: resultUri(execution, result?.format ?? 'none') },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: { Database: execution.database, Catalog: 'awsdatacatalog' },
    Status: {
      State: execution.state,
      StateChangeReason: execution.reason,
      SubmissionDateTime: execution.submittedAt / 1000,
      CompletionDateTime: execution.endedAt === undefined ? undefined : execution.endedAt / 1000,
      AthenaError: error && {
        ErrorCategory: error.category,
        ErrorType: error.type,
        Retryable: false,
        ErrorMessage: error.message,
      },
    },
    Statistics: {
      ...describeTimes(execution, now),
      DataScannedInBytes: execution.bytesScanned,
      DataManifestLocation: result?.manifest,
      ResultReuseInformation: { ReusedPreviousResult: false },
    },
    WorkGroup: execution.workgroup,
    EngineVersion: ENGINE_VERSION,
    ExecutionParameters: execution.parameters.length > 0 ? execution.parameters : undefined,
  };
}

function describeTimes({ submittedAt, startedAt, endedAt }: QueryExecution, now: number) {
  const end = endedAt ?? now;
  return {
    EngineExecutionTimeInMillis: startedAt === undefined ? 0 : end - startedAt,
    TotalExecutionTimeInMillis: end - submittedAt,
    QueryQueueTimeInMillis: (startedAt ?? end) - submittedAt,
    ServiceProcessingTimeInMillis: 0,
  };
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryRuntimeStatistics.html */
export function describeRuntime(execution: QueryExecution, now: number): object {
  return {
    Timeline: describeTimes(execution, now),
    Rows: { InputBytes: execution.bytesScanned, OutputRows: execution.result?.rows ?? 0 },
  };
}
