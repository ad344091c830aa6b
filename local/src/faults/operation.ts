import type { FaultKind } from './fault';

const STOPS = ['stop-process', 'stop-process-after'] as const;

/** What befalls a call to AWS, whatever its action. */
export const CALL_FAULTS: readonly FaultKind[] = [
  'throttle',
  'error',
  'error-after',
  'hang-up',
  'hang-up-after',
  'truncate',
  'delay',
  ...STOPS,
];

/** What AWS does by itself, and what can befall it. */
export const INNER_OPERATIONS = {
  /** An invocation of a function, whoever invokes it. */
  'lambda:invoke': [
    'throttle',
    'error',
    'kill',
    'kill-after',
    'kill-at-call',
    'kill-after-call',
    'timeout',
    'delay',
    ...STOPS,
  ],
  /** From EventBridge to a target. */
  'events:deliver': ['duplicate', 'reorder', 'delay', ...STOPS],
  /** From a topic to a subscriber. */
  'sns:deliver': ['duplicate', 'reorder', 'delay', ...STOPS],
  /** A message to a consumer of its queue. */
  'sqs:receive': ['duplicate', 'reorder', 'delay', 'stop-process'],
  /** An object of a delivery stream to its bucket. */
  'firehose:deliver': ['duplicate', ...STOPS],
} as const satisfies Record<string, readonly FaultKind[]>;

export type InnerOperation = keyof typeof INNER_OPERATIONS;

export function isInnerOperation(name: string): name is InnerOperation {
  return Object.hasOwn(INNER_OPERATIONS, name);
}

/** Services by the name in a signature's credential scope, where actions have another prefix. */
const PREFIXES: Record<string, string> = { monitoring: 'cloudwatch' };

/** What the actions of a service begin with, by its name in a signature's credential scope. */
export function actionPrefix(signingName: string): string {
  return PREFIXES[signingName] ?? signingName;
}

export const ACTION_PREFIXES: readonly string[] = [
  'athena',
  'cloudwatch',
  'dynamodb',
  'events',
  'firehose',
  'glue',
  'kinesis',
  'lambda',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'sts',
];
