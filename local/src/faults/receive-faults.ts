import type { Faults } from './faults';
import { stopProcess } from './stop-process';

/** What is to befall a message that a consumer is about to receive. */
export interface ReceiveFault {
  /** It is delivered once more, whatever becomes of this delivery. */
  duplicate: boolean;
  /** It comes up only after so long; 0 where it comes now. */
  hideMs: number;
}

const NONE: ReceiveFault = { duplicate: false, hideMs: 0 };

/** Counts a message as it is received, and gives what is to befall it. */
export function faultOnReceive(faults: Faults | undefined, queueName: string): ReceiveFault {
  const ordered = faults?.meet('sqs:receive', queueName);
  if (!ordered) return NONE;
  ordered.strike();
  const { fault } = ordered;
  if (fault.kind === 'stop-process') stopProcess();
  return fault.kind === 'delay'
    ? { duplicate: false, hideMs: fault.ms }
    : { duplicate: fault.kind === 'duplicate', hideMs: 0 };
}
