import type { Faults } from './faults';
import { lastPart } from './name-call';
import type { InnerOperation } from './operation';
import { stopProcess } from './stop-process';

/**
 * Hands something over to what an ARN names, to get there after a delay where one is given; has
 * done so durably when it returns.
 */
export type Deliver<Rest extends unknown[]> = (delayMs: number, arn: string, ...rest: Rest) => void;

/**
 * Delivers under the faults that are ordered for an operation: twice, later, or not at all because
 * the process ends. The subject is the name of the target.
 */
export function deliverUnderFaults<Rest extends unknown[]>(
  faults: Faults,
  operation: InnerOperation,
  deliver: Deliver<Rest>,
): (arn: string, ...rest: Rest) => void {
  return (arn, ...rest) => {
    const ordered = faults.meet(operation, lastPart(arn));
    const fault = ordered?.fault;
    if (fault?.kind === 'stop-process-after') {
      deliver(0, arn, ...rest);
      ordered?.strike();
      stopProcess();
    }
    ordered?.strike();
    if (fault?.kind === 'stop-process') stopProcess();
    deliver(fault?.kind === 'delay' ? fault.ms : 0, arn, ...rest);
    if (fault?.kind === 'duplicate') deliver(0, arn, ...rest);
  };
}
