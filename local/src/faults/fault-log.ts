import { appendFileSync, truncateSync } from 'node:fs';
import { readFileIfPresent } from '../core/atomic-file';
import type { FaultText } from './fault';

/** A fault that was dealt: all that a rule needs to order the very same again. */
export interface DealtFault {
  /** When, by the clock of the local AWS: ISO 8601, UTC. */
  at: string;
  on: string;
  subject: string;
  /** As in the rule, for the occurrences are counted by it. */
  caller?: string;
  nth: number;
  fault: FaultText;
}

export interface FaultLog {
  /** On disk when it returns. */
  add(dealt: DealtFault): void;
  has(dealt: Omit<DealtFault, 'at'>): boolean;
  entries(): DealtFault[];
}

/** Opens the log in the file `path`, which is there once something is in it. */
export function openFaultLog(path: string): FaultLog {
  const text = readFileIfPresent(path) ?? '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  // A last line that a kill cut short: nothing struck.
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
  const entries = whole
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as DealtFault);
  const known = new Set(entries.map(identityOf));
  return {
    add(dealt) {
      appendFileSync(path, `${JSON.stringify(dealt)}\n`);
      entries.push(dealt);
      known.add(identityOf(dealt));
    },
    has: (dealt) => known.has(identityOf(dealt)),
    entries: () => [...entries],
  };
}

function identityOf({ on, subject, caller, nth, fault }: Omit<DealtFault, 'at'>): string {
  return JSON.stringify([on, subject, caller ?? null, nth, fault]);
}
