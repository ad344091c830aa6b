import { rmSync } from 'node:fs';
import { S3ServiceException } from '@aws-sdk/client-s3';
import type { Measure } from '../cloudwatch/metric-datum';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import {
  EXCEEDED_SCAN_LIMIT,
  QueryError,
  type StatementRequest,
  type StatementResult,
} from './query-engine';
import { hasEnded, resultUri, type QueryExecution, type QueryResultInfo } from './query-execution';
import { cutShort, type QueryHistory } from './query-history';
import { queryMetrics } from './query-metrics';
import { objectArn, type ResultObjects } from './result-objects';
import { writeResult } from './write-result';

export interface QueryRunner {
  /** Begins to run: what is queued, and what is submitted from now on. */
  start(): void;
  /** Puts a QUEUED query in the queue. */
  submit(execution: QueryExecution): void;
  /** Ends a query that has not ended. It is CANCELLED when the engine has let go of it. */
  cancel(id: string): void;
  idle(): boolean;
  /** Runs no more, and returns when nothing runs. What is queued stays so on disk. */
  stop(): Promise<void>;
}

export interface QueryRunnerOptions {
  history: QueryHistory;
  objects: ResultObjects;
  /** A folder for files on their way. */
  folder: string;
  /** How many queries run at once. */
  concurrency: number;
  run(request: StatementRequest, workgroup: string): Promise<StatementResult>;
  /** Takes what Athena measures of its queries. */
  measure?: Measure;
  /** The limit of bytes of a query in a workgroup. */
  cutoffOf(workgroup: string): number | undefined;
}

// As Athena puts it. https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html
const OVER_CUTOFF = 'Query cancelled! : Bytes scanned limit was exceeded';
const CANCELLED = 'Query cancelled by user';

/** Why a query was ended from outside. */
class Cancelled extends Error {}
class Stopped extends Error {}

/** Opens a queue that runs queries in the order of their starts. */
export function openQueryRunner(context: AwsContext, options: QueryRunnerOptions): QueryRunner {
  const { history, objects, folder, concurrency } = options;
  const { clock } = context;
  const running = new Map<string, { controller: AbortController; ended: Promise<void> }>();
  let queue = history.all().filter(({ state }) => state === 'QUEUED');
  let isStarted = false;
  // Of a process that was killed.
  rmSync(folder, { recursive: true, force: true });

  function pump(): void {
    while (isStarted && running.size < concurrency) {
      const next = queue.shift();
      if (!next) return;
      const controller = new AbortController();
      const begun: QueryExecution = { ...next, state: 'RUNNING', startedAt: clock.now() };
      // On disk before it runs: a statement that writes must not run twice.
      history.put(begun);
      const ended = runToEnd(begun, controller.signal).finally(() => {
        running.delete(next.id);
        pump();
      });
      running.set(next.id, { controller, ended });
    }
  }

  async function runToEnd(execution: QueryExecution, signal: AbortSignal): Promise<void> {
    let result: StatementResult | undefined;
    const scanned = (): number => result?.bytesScanned() ?? 0;
    const cutoff = options.cutoffOf(execution.workgroup);
    const checkCutoff = (): void => {
      if (cutoff !== undefined && scanned() > cutoff) throw new Cancelled(OVER_CUTOFF);
    };
    let end: Pick<QueryExecution, 'state' | 'reason' | 'error' | 'result'>;
    try {
      result = await options.run(
        {
          sql: execution.sql,
          parameters: execution.parameters,
          database: execution.database,
          outputLocation: execution.outputLocation,
          bytesScannedCutoff: cutoff,
          signal,
        },
        execution.workgroup,
      );
      const info = await keep(execution, result, checkCutoff, signal);
      signal.throwIfAborted();
      end = { state: 'SUCCEEDED', result: info };
    } catch (error) {
      end = failureOf(execution, signal.aborted ? signal.reason : error);
    }
    settle({ ...execution, ...end, endedAt: clock.now(), bytesScanned: scanned() });
  }

  async function keep(
    execution: QueryExecution,
    result: StatementResult,
    checkCutoff: () => void,
    signal: AbortSignal,
  ): Promise<QueryResultInfo> {
    try {
      checkCutoff();
      const uri = resultUri(execution, 'csv');
      context.authorize(execution.accessKeyId, 's3:PutObject', objectArn(uri));
      const info = await writeResult(execution, result, objects, folder, signal);
      checkCutoff();
      return info;
    } finally {
      // Rows that nobody reads hold the engine's connection.
      await result.rows[Symbol.asyncIterator]().return?.();
    }
  }

  function failureOf(
    execution: QueryExecution,
    error: unknown,
  ): Pick<QueryExecution, 'state' | 'reason' | 'error'> {
    if (error instanceof Cancelled) return { state: 'CANCELLED', reason: error.message };
    if (error instanceof Stopped) return cutShort(execution, clock.now());
    if (error instanceof QueryError && error.errorName === EXCEEDED_SCAN_LIMIT) {
      return { state: 'CANCELLED', reason: OVER_CUTOFF };
    }
    const { message, category, type } = describeFailure(execution, error);
    return { state: 'FAILED', reason: message, error: { category, type, message } };
  }

  function settle(execution: QueryExecution): void {
    history.put(execution);
    for (const datum of queryMetrics(execution)) options.measure?.(datum);
    const { id, state, reason, startedAt = 0, endedAt = 0, bytesScanned } = execution;
    context.tell({
      service: 'athena',
      what: `query ${state.toLowerCase()}`,
      subject: id,
      detail: reason ?? `${bytesScanned} bytes scanned in ${endedAt - startedAt} ms`,
      level: state === 'FAILED' ? 'warn' : 'info',
    });
  }

  return {
    start() {
      isStarted = true;
      pump();
    },

    submit(execution) {
      queue.push(execution);
      pump();
    },

    cancel(id) {
      const execution = history.get(id);
      if (!execution || hasEnded(execution)) return;
      running.get(id)?.controller.abort(new Cancelled(CANCELLED));
      if (execution.state !== 'QUEUED') return;
      queue = queue.filter((queued) => queued.id !== id);
      settle({ ...execution, state: 'CANCELLED', reason: CANCELLED, endedAt: clock.now() });
    },

    idle: () => running.size === 0 && queue.length === 0,

    async stop() {
      isStarted = false;
      const all = [...running.values()];
      for (const { controller } of all) controller.abort(new Stopped());
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

/** https://docs.aws.amazon.com/athena/latest/ug/error-reference.html */
function describeFailure(
  execution: QueryExecution,
  error: unknown,
): { message: string; category: number; type: number } {
  if (error instanceof QueryError) {
    return { message: error.message, category: error.category, type: error.errorType };
  }
  if (error instanceof AwsError || error instanceof S3ServiceException) {
    const message = `Access denied or failure when writing output to ${execution.outputLocation}: ${error.message}`;
    return { message, category: 2, type: 1300 };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return { message: `GENERIC_INTERNAL_ERROR: ${reason}`, category: 1, type: 1 };
}
