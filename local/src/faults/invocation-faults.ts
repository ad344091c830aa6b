import type { Clock } from '../core/clock';
import { AwsError } from '../core/aws-error';
import type { Outcome, Sandbox } from '../lambda/sandbox';
import type { Faults, OrderedFault } from './faults';
import { pause } from './pause';
import { stopProcess } from './stop-process';

/**
 * Lets befall an invocation what befalls it before it runs.
 * Throws TooManyRequestsException and ServiceException where that is its fault.
 */
export async function beforeInvocation(clock: Clock, ordered: OrderedFault): Promise<void> {
  const { fault, strike } = ordered;
  switch (fault.kind) {
    case 'throttle':
      strike();
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ConcurrentInvocationLimitExceeded',
      });
    case 'error':
      strike();
      throw new AwsError('ServiceException', 'The service encountered an error.', 500);
    case 'delay':
      strike();
      return pause(clock, fault.ms);
    case 'stop-process':
      strike();
      stopProcess();
  }
}

const KILLED: Outcome = { kind: 'exit', reason: 'signal: killed' };

/** The sandbox, in which the invocation that it runs next meets the fault. */
export function underFault(
  sandbox: Sandbox,
  ordered: OrderedFault | undefined,
  faults: Faults | undefined,
): Sandbox {
  if (!ordered || !faults) return sandbox;
  const kill = (): Promise<void> => sandbox.close(KILLED);
  return {
    ...sandbox,
    async run(...parameters) {
      if (ordered.fault.kind === 'kill') {
        ordered.strike();
        await kill();
      }
      const spare = faults.workers.condemn(sandbox.sessionToken, { ordered, kill });
      const run = await sandbox.run(...parameters).finally(spare);
      const { kind } = ordered.fault;
      const strikesAfter =
        kind === 'kill-after' || kind === 'timeout' || kind === 'stop-process-after';
      // An invocation that the local Lambda itself has cut off is no other's victim.
      if (!strikesAfter || run.outcome.kind === 'closed') return run;
      ordered.strike();
      if (kind === 'stop-process-after') stopProcess();
      await kill();
      // All is done, and the answer is lost.
      return { ...run, outcome: kind === 'timeout' ? { kind } : KILLED };
    },
  };
}
