import type { Clock } from '../core/clock';
import { DurableMap } from '../core/durable-map';
import { hasEnded, type QueryExecution } from './query-execution';

export interface QueryHistory {
  get(id: string): QueryExecution | undefined;
  /** In the order of their starts. */
  all(): QueryExecution[];
  /** The query that a client started with this token. */
  byToken(token: string): QueryExecution | undefined;
  nextSequence(): number;
  /** On disk when it returns. */
  put(execution: QueryExecution): void;
}

// https://docs.aws.amazon.com/athena/latest/ug/queries-viewing-history.html
const KEPT_MS = 45 * 24 * 60 * 60 * 1000;
const MOST_KEPT = 10_000;

const CUT_SHORT = 'The local AWS ended while the query ran.';

/** Opens the history in `folder`. Queries that ran when the process ended have FAILED. */
export function openQueryHistory(
  folder: string,
  clock: Clock,
  mostKept: number = MOST_KEPT,
): QueryHistory {
  const stored = new DurableMap<QueryExecution>(folder);
  const executions = new Map(
    stored
      .entries()
      .map(([, execution]) => execution)
      .sort((a, b) => a.sequence - b.sequence)
      .map((execution) => [execution.id, execution]),
  );
  const tokens = new Map<string, string>();
  let sequence = 0;

  function put(execution: QueryExecution): void {
    stored.set(execution.id, execution);
    executions.set(execution.id, execution);
    remember(execution);
    if (hasEnded(execution)) trim();
  }

  function remember(execution: QueryExecution): void {
    sequence = Math.max(sequence, execution.sequence);
    const { clientRequestToken, id } = execution;
    if (clientRequestToken !== undefined) tokens.set(clientRequestToken, id);
  }

  function trim(): void {
    for (const execution of executions.values()) {
      const isOld = clock.now() - execution.submittedAt > KEPT_MS;
      if (executions.size <= mostKept && !isOld) return;
      if (!hasEnded(execution)) continue;
      stored.delete(execution.id);
      executions.delete(execution.id);
      if (execution.clientRequestToken !== undefined) tokens.delete(execution.clientRequestToken);
    }
  }

  for (const execution of executions.values()) {
    remember(execution);
    if (execution.state === 'RUNNING') put(cutShort(execution, clock.now()));
  }
  trim();

  return {
    get: (id) => executions.get(id),
    all: () => [...executions.values()],
    byToken: (token) => executions.get(tokens.get(token) ?? ''),
    nextSequence: () => sequence + 1,
    put,
  };
}

/** The query of a process that is no more. Running it again could write its rows twice. */
export function cutShort(execution: QueryExecution, endedAt: number): QueryExecution {
  return {
    ...execution,
    state: 'FAILED',
    endedAt,
    reason: CUT_SHORT,
    error: { category: 1, type: 1, message: CUT_SHORT },
  };
}
