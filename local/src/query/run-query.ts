import {
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type ColumnInfo,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { QueryTarget } from './query-target';

/** A column of a result: its name and Athena's name of its type. */
export interface ResultColumn {
  name: string;
  type: string;
  precision: number;
  scale: number;
}

export interface QueryOutcome {
  /** SELECT, CREATE_VIEW, INSERT … as Athena names what kind of statement it was. */
  statement: string;
  columns: ResultColumn[];
  /** Values as Athena renders them; null where SQL has NULL. */
  rows: (string | null)[][];
  /** The S3 URI of the result. */
  outputLocation: string;
  bytesScanned: number;
  engineMs: number;
}

export interface QueryOptions {
  /** SQL literals for each `?`, in order. */
  parameters?: readonly string[];
  /** Cancels the query in Athena; `runQuery` then rejects with QueryCancelled. */
  signal?: AbortSignal;
  /** Told after each look at a query that still runs. */
  progress?: (running: { state: string; bytesScanned: number; elapsedMs: number }) => void;
  /** False: the rows are left in `outputLocation`. */
  withRows?: boolean;
}

const FIRST_LOOK_MS = 10;
const LONGEST_BETWEEN_LOOKS_MS = 1000;

/**
 * Runs one statement by Athena's API, the same on a laptop and in AWS, and reads its result.
 * @throws SaleslakeError with what Athena says of a statement that failed or was cancelled.
 */
export async function runQuery(
  target: QueryTarget,
  sql: string,
  { parameters = [], signal, progress, withRows = true }: QueryOptions = {},
): Promise<QueryOutcome> {
  const { athena, database, workgroup } = target;
  const begun = Date.now();
  const started = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Database: database },
      ...(parameters.length > 0 && { ExecutionParameters: [...parameters] }),
    }),
  );
  const QueryExecutionId = started.QueryExecutionId ?? '';
  let stopping: Promise<unknown> | undefined;
  const stop = (): void => {
    stopping ??= athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  };
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop);
  try {
    const ended = await waitForEnd(target, QueryExecutionId, (execution) =>
      progress?.({
        state: execution.Status?.State ?? '',
        bytesScanned: execution.Statistics?.DataScannedInBytes ?? 0,
        elapsedMs: Date.now() - begun,
      }),
    );
    await stopping;
    const { columns, rows } = withRows
      ? await readResult(target, QueryExecutionId, ended.StatementType === 'DML')
      : { columns: [], rows: [] };
    return {
      statement: ended.SubstatementType ?? ended.StatementType ?? '',
      columns,
      rows,
      outputLocation: ended.ResultConfiguration?.OutputLocation ?? '',
      bytesScanned: ended.Statistics?.DataScannedInBytes ?? 0,
      engineMs: ended.Statistics?.EngineExecutionTimeInMillis ?? 0,
    };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

async function waitForEnd(
  { athena }: QueryTarget,
  QueryExecutionId: string,
  look: (execution: QueryExecution) => void,
): Promise<QueryExecution> {
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(pause * 1.5, LONGEST_BETWEEN_LOOKS_MS)) {
    const { QueryExecution: execution = {} } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId }),
    );
    const { State, StateChangeReason } = execution.Status ?? {};
    if (State === 'SUCCEEDED') return execution;
    if (State === 'FAILED') {
      throw new SaleslakeError('QueryFailed', StateChangeReason ?? 'The query failed.');
    }
    if (State === 'CANCELLED') {
      throw new SaleslakeError('QueryCancelled', StateChangeReason ?? 'The query was cancelled.');
    }
    look(execution);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

/** @param withHeader the first row of the first page repeats the names, as it does for DML. */
async function readResult(
  { athena: client }: QueryTarget,
  QueryExecutionId: string,
  withHeader: boolean,
): Promise<Pick<QueryOutcome, 'columns' | 'rows'>> {
  let columns: ResultColumn[] | undefined;
  const rows: (string | null)[][] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId })) {
    const page = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
      Data.map(({ VarCharValue }) => VarCharValue ?? null),
    );
    if (!columns) {
      columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(columnOf);
      if (withHeader) page.shift();
    }
    for (const row of page) rows.push(row);
  }
  return { columns: columns ?? [], rows };
}

function columnOf({ Name = '', Type = '', Precision = 0, Scale = 0 }: ColumnInfo): ResultColumn {
  return { name: Name, type: Type, precision: Precision, scale: Scale };
}
