import type { OrderedFault } from './fault';
import type { DealtFault } from './fault-log';
import type { FaultPlan } from './fault-plan';
import type { WorkerFaults } from './worker-faults';

export type { OrderedFault } from './fault';
export type { DealtFault } from './fault-log';
export type { FaultPlan, FaultRule } from './fault-plan';

/** What goes wrong on purpose in this local AWS. */
export interface Faults {
  /** Puts a plan in force, in place of the one that is. Occurrences are counted from here. */
  start(plan: FaultPlan): void;
  /** From here on nothing more strikes. */
  stop(): void;
  /** False where nothing can strike. */
  active(): boolean;
  /** Whether a rule looks at calls to the service whose actions begin so. */
  watches(actionPrefix: string): boolean;
  /** Counts an occurrence of an operation, and gives the fault that is ordered for it. */
  meet(operation: string, subject: string, caller?: string): OrderedFault | undefined;
  /** What strikes a function's worker in the midst of its work. */
  workers: WorkerFaults;
  /** All that was dealt in this state folder. */
  dealt(): DealtFault[];
}
