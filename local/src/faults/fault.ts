/** What can go wrong, as a plan and the log write it. */
export type FaultText = PlainKind | `delay ${string}` | `${AtCallKind} ${number}`;

type PlainKind = (typeof PLAIN_KINDS)[number];
type AtCallKind = (typeof AT_CALL_KINDS)[number];

/** The same, read. */
export type Fault =
  | { kind: PlainKind }
  | { kind: 'delay'; ms: number }
  /** `call` counts the calls to AWS of one invocation, from 1. */
  | { kind: AtCallKind; call: number };

export type FaultKind = Fault['kind'];

/** A fault that a rule has for an occurrence. */
export interface OrderedFault {
  fault: Exclude<Fault, { kind: 'reorder' }>;
  /** To be called right before the fault strikes: logs it durably, and tells of it. */
  strike: () => void;
}

// By their endings: without one, what was called for does not take place; after `-after` it has.
const PLAIN_KINDS = [
  'throttle',
  'error',
  'error-after',
  'hang-up',
  'hang-up-after',
  'truncate',
  'kill',
  'kill-after',
  'timeout',
  'duplicate',
  'reorder',
  'stop-process',
  'stop-process-after',
] as const;

const AT_CALL_KINDS = ['kill-at-call', 'kill-after-call'] as const;

const UNITS_MS = { ms: 1, s: 1000, m: 60_000 };

/** How each kind is written, for messages. */
const FORMS: Partial<Record<FaultKind, string>> = {
  delay: 'delay <number>ms|s|m',
  'kill-at-call': 'kill-at-call <n>',
  'kill-after-call': 'kill-after-call <n>',
};

export function formOf(kind: FaultKind): string {
  return FORMS[kind] ?? kind;
}

/** Reads `throttle`, `delay 500ms`, `kill-at-call 4`; undefined where it is none of them. */
export function parseFault(text: string): Fault | undefined {
  const [, kind = '', argument] = /^([a-z-]+)(?: +(\S+))?$/.exec(text) ?? [];
  if (isOneOf(PLAIN_KINDS, kind)) return argument === undefined ? { kind } : undefined;
  if (isOneOf(AT_CALL_KINDS, kind)) {
    return /^[1-9]\d{0,5}$/.test(argument ?? '') ? { kind, call: Number(argument) } : undefined;
  }
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m)$/.exec(argument ?? '') ?? [];
  if (kind !== 'delay' || amount === undefined) return undefined;
  return { kind, ms: Number(amount) * UNITS_MS[unit as keyof typeof UNITS_MS] };
}

/** The text that `parseFault` reads. */
export function formatFault(fault: Fault): FaultText {
  if (fault.kind === 'delay') return `delay ${fault.ms}ms`;
  return 'call' in fault ? `${fault.kind} ${fault.call}` : fault.kind;
}

function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text);
}
