import { formatBytes, colours, remark, step } from './terminal';
import { queryCostUsd } from '../query/query-cost';
import type { QueryTarget } from '../query/query-target';
import { runQuery, type QueryOptions, type QueryOutcome } from '../query/run-query';

/** Until then a person does not yet wonder. */
const PROGRESS_AFTER_MS = 2000;

/**
 * Runs a statement for a person at a terminal: a progress line once it takes long, Ctrl-C cancels
 * the query in Athena, and at the end what was read and what that costs.
 */
export async function ask(
  target: QueryTarget,
  sql: string,
  options: Pick<QueryOptions, 'parameters' | 'withRows'>,
): Promise<QueryOutcome> {
  const cancelling = new AbortController();
  const cancel = (): void => cancelling.abort();
  process.once('SIGINT', cancel);
  let progress: ReturnType<typeof step> | undefined;
  try {
    const outcome = await runQuery(target, sql, {
      ...options,
      signal: cancelling.signal,
      progress({ state, bytesScanned, elapsedMs }) {
        if (elapsedMs < PROGRESS_AFTER_MS) return;
        progress ??= step('Query');
        const seconds = Math.round(elapsedMs / 1000);
        progress.update(`${state.toLowerCase()}, ${formatBytes(bytesScanned)} read, ${seconds} s`);
      },
    });
    progress?.done(outcome.statement.toLowerCase());
    remark(colours.dim(costLine(target, outcome)));
    return outcome;
  } finally {
    process.off('SIGINT', cancel);
  }
}

function costLine({ stage }: QueryTarget, { bytesScanned, engineMs }: QueryOutcome): string {
  const usd = queryCostUsd(bytesScanned).toFixed(6);
  const price = stage === 'local' ? `in AWS ${usd} USD` : `${usd} USD`;
  return `${formatBytes(bytesScanned)} scanned, ${(engineMs / 1000).toFixed(2)} s, ${price}`;
}
