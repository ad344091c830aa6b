import { setTimeout } from 'node:timers/promises';
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
  type AthenaClient,
} from '@aws-sdk/client-athena';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Check } from './named-checks';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;

/**
 * How many rows violate a check. Athena counts them, so that no customer's data is read here.
 * @param signal when to give the check up: its query is then stopped
 * @throws SaleslakeError where Athena does not answer, with what it says of that. Anything else,
 * such as a right that is missing, is what Athena's API throws.
 */
export async function countViolations(
  athena: AthenaClient,
  workgroup: string,
  check: Check,
  signal: AbortSignal,
): Promise<number> {
  if (signal.aborted) throw givenUp('not started');
  const QueryExecutionId = await start(athena, workgroup, check);
  try {
    await waitForEnd(athena, QueryExecutionId, signal);
  } catch (error) {
    if (signal.aborted) await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    throw error;
  }
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  // The first row has the names of the columns.
  const count = ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue;
  if (count === undefined) throw new SaleslakeError('NoCount', 'Athena answered without a count.');
  return Number(count);
}

async function start(
  athena: AthenaClient,
  workgroup: string,
  { sql, database }: Check,
): Promise<string | undefined> {
  try {
    const { QueryExecutionId } = await athena.send(
      new StartQueryExecutionCommand({
        // The line break ends a comment that the check may end with.
        QueryString: `SELECT count(*) AS violations FROM (\n${sql}\n)`,
        WorkGroup: workgroup,
        QueryExecutionContext: { Database: database },
      }),
    );
    return QueryExecutionId;
  } catch (error) {
    // Of the statement, before it ran.
    if (!(error instanceof InvalidRequestException)) throw error;
    throw new SaleslakeError('CheckFailed', error.message, { cause: error });
  }
}

async function waitForEnd(
  athena: AthenaClient,
  QueryExecutionId: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const { QueryExecution } = await athena.send(
      new GetQueryExecutionCommand({ QueryExecutionId }),
    );
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED' || State === 'CANCELLED') {
      throw new SaleslakeError('CheckFailed', StateChangeReason ?? `The query was ${State}.`);
    }
    await setTimeout(pause, undefined, { signal }).catch(() => {
      throw givenUp(State ?? 'unknown');
    });
  }
}

function givenUp(state: string): SaleslakeError {
  return new SaleslakeError(
    'CheckGivenUp',
    `Given up, as the time for all checks was over. The query was: ${state}.`,
  );
}
