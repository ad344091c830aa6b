import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { matchesWildcards } from '../iam/wildcard';
import { formatFault, parseFault, type Fault, type OrderedFault } from './fault';
import { openFaultLog, type DealtFault } from './fault-log';
import type { FaultRule } from './fault-plan';
import type { Faults } from './faults';
import { isInnerOperation } from './operation';
import { openWorkerFaults } from './worker-faults';

interface Rule extends Omit<FaultRule, 'fault'> {
  /** In the plan, from 1. */
  number: number;
  fault: Fault;
}

/** The order of what comes within so much time is lost. */
const REORDER_WITHIN_MS = 5000;

/**
 * Opens the faults of a state folder, logged in `<stateDir>/faults.ndjson`.
 *
 * Whether a fault strikes follows from the seed, the rule, the operation, its subject, and how
 * often this operation upon this subject has occurred, and from nothing else: what runs beside it,
 * and in which order, changes nothing. Occurrences are counted in memory, and no fault strikes
 * twice in one state folder: after a restart what has struck is passed over, so that a fault that
 * ends the process ends it once.
 */
export function openFaults(context: Pick<AwsContext, 'stateDir' | 'clock' | 'tell'>): Faults {
  const log = openFaultLog(join(context.stateDir, 'faults.ndjson'));
  const workers = openWorkerFaults();
  const counts = new Map<string, number>();
  let seed = 0;
  let rules: Rule[] = [];

  function strikes(rule: Rule, operation: string, subject: string, nth: number): boolean {
    if (rule.nth !== undefined) return rule.nth === nth;
    const { probability = 1, number } = rule;
    return probability === 1 || fraction(seed, number, operation, subject, nth) < probability;
  }

  /** Faults are ordered as they strike, so that the log orders the same. */
  function settle(rule: Rule, operation: string, subject: string, nth: number) {
    const { fault, number } = rule;
    if (fault.kind !== 'reorder') return fault;
    const share = fraction(seed, number, operation, subject, nth, 'delay');
    return { kind: 'delay', ms: Math.round(share * REORDER_WITHIN_MS) } as const;
  }

  function order(
    { caller: by }: Rule,
    fault: OrderedFault['fault'],
    occurrence: Omit<DealtFault, 'at'>,
    caller: string | undefined,
  ): OrderedFault {
    const { on, subject, nth } = occurrence;
    return {
      fault,
      strike() {
        log.add({ at: new Date(context.clock.now()).toISOString(), ...occurrence });
        const times = `${on} number ${nth}${by === undefined ? '' : ` by ${by}`}`;
        const detail = `${times}${caller === undefined ? '' : `, from ${caller}`}`;
        const what = occurrence.fault;
        context.tell({ service: 'faults', what, subject, detail, level: 'warn' });
      },
    };
  }

  return {
    start(plan) {
      seed = plan.seed ?? 0;
      rules = plan.rules.map((rule, i) => ({ ...rule, number: i + 1, fault: faultOf(rule) }));
      counts.clear();
      workers.clear();
    },

    stop() {
      rules = [];
      workers.clear();
    },

    active: () => rules.length > 0,

    watches: (prefix) =>
      rules.some(({ on }) => !isInnerOperation(on) && (on === '*' || on.startsWith(`${prefix}:`))),

    meet(operation, subject, caller) {
      if (rules.length === 0) return undefined;
      let ordered: OrderedFault | undefined;
      const counted = new Map<string | undefined, number>();
      for (const rule of rules) {
        if (!looksAt(rule, operation, subject, caller)) continue;
        // Every rule counts, also where another has dealt something already.
        let nth = counted.get(rule.caller);
        if (nth === undefined) {
          const key = JSON.stringify([rule.caller ?? null, operation, subject]);
          nth = (counts.get(key) ?? 0) + 1;
          counts.set(key, nth);
          counted.set(rule.caller, nth);
        }
        if (ordered || !strikes(rule, operation, subject, nth)) continue;
        const fault = settle(rule, operation, subject, nth);
        const by = rule.caller === undefined ? {} : { caller: rule.caller };
        const occurrence = { on: operation, subject, ...by, nth, fault: formatFault(fault) };
        if (!log.has(occurrence)) ordered = order(rule, fault, occurrence, caller);
      }
      return ordered;
    },

    workers,
    dealt: () => log.entries(),
  };
}

function faultOf(rule: FaultRule): Fault {
  const fault = parseFault(rule.fault);
  if (!fault) throw new Error(`There is no fault ${rule.fault}.`);
  return fault;
}

function looksAt(rule: Rule, operation: string, subject: string, caller = ''): boolean {
  const { on } = rule;
  const isOn =
    on === operation ||
    (!isInnerOperation(on) && !isInnerOperation(operation) && matchesWildcards(on, operation));
  return (
    isOn &&
    (rule.subject === undefined ||
      rule.subject === subject ||
      matchesWildcards(rule.subject, subject)) &&
    (rule.caller === undefined || caller.includes(rule.caller))
  );
}

/** From 0 to below 1, evenly, and the same for the same values. */
function fraction(...values: (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(values)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}
