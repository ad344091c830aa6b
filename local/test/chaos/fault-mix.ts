import type { FaultPlan, FaultRule } from '../../src/faults/faults';
import { seeded } from './random';

/** Faults that a pipeline in AWS meets, and how often at most. */
const MIX: (Omit<FaultRule, 'probability'> & { most: number })[] = [
  { on: 's3:*', caller: 'saleslake-', fault: 'throttle', most: 0.1 },
  { on: 's3:*', caller: 'saleslake-', fault: 'error', most: 0.05 },
  { on: 's3:*', caller: 'saleslake-', fault: 'error-after', most: 0.1 },
  { on: 's3:*', caller: 'saleslake-', fault: 'hang-up', most: 0.05 },
  { on: 's3:*', caller: 'saleslake-', fault: 'hang-up-after', most: 0.1 },
  { on: 's3:GetObject', caller: 'saleslake-', fault: 'truncate', most: 0.2 },
  { on: 's3:*', caller: 'saleslake-', fault: 'delay 200ms', most: 0.1 },
  { on: 'dynamodb:*', fault: 'throttle', most: 0.1 },
  { on: 'dynamodb:*', fault: 'error-after', most: 0.05 },
  { on: 'lambda:invoke', fault: 'kill', most: 0.05 },
  { on: 'lambda:invoke', fault: 'kill-after', most: 0.1 },
  { on: 'lambda:invoke', fault: 'kill-at-call 2', most: 0.05 },
  { on: 'lambda:invoke', fault: 'kill-at-call 4', most: 0.05 },
  { on: 'lambda:invoke', fault: 'kill-after-call 3', most: 0.05 },
  { on: 'lambda:invoke', fault: 'kill-after-call 5', most: 0.05 },
  { on: 'lambda:invoke', fault: 'timeout', most: 0.05 },
  { on: 'lambda:invoke', fault: 'throttle', most: 0.05 },
  { on: 'events:deliver', fault: 'duplicate', most: 0.3 },
  { on: 'events:deliver', fault: 'reorder', most: 0.5 },
  { on: 'events:deliver', fault: 'delay 30s', most: 0.3 },
  { on: 'events:deliver', fault: 'delay 5m', most: 0.1 },
  { on: 'sns:*', fault: 'error-after', most: 0.1 },
  { on: 'sns:*', fault: 'throttle', most: 0.1 },
  { on: 'sns:deliver', fault: 'duplicate', most: 0.2 },
  { on: 'sns:deliver', fault: 'delay 30s', most: 0.2 },
  { on: 'sqs:receive', fault: 'duplicate', most: 0.2 },
  { on: 'sqs:receive', fault: 'reorder', most: 0.2 },
  { on: 'firehose:deliver', fault: 'duplicate', most: 0.5 },
  { on: 's3:PutObject', fault: 'stop-process', most: 0.02 },
  { on: 's3:PutObject', fault: 'stop-process-after', most: 0.02 },
  { on: 'lambda:invoke', fault: 'stop-process-after', most: 0.02 },
  { on: 'events:deliver', fault: 'stop-process', most: 0.02 },
];

/** Bad days: one function fails most of the time, so that what it was to do is given up. */
const BAD_DAYS: typeof MIX = [
  { on: 'lambda:invoke', subject: 'saleslake-generator-*', fault: 'kill-at-call 3', most: 1 },
  { on: 'lambda:invoke', subject: 'saleslake-orders-*', fault: 'kill-after', most: 1 },
  { on: 'lambda:invoke', subject: 'saleslake-transformer-*', fault: 'kill', most: 0.9 },
  { on: 'lambda:invoke', subject: 'saleslake-transformer-*', fault: 'kill-at-call 4', most: 0.9 },
  { on: 'lambda:invoke', subject: 'saleslake-firehose-*', fault: 'timeout', most: 1 },
  { on: 'lambda:invoke', subject: 'saleslake-reconciler-*', fault: 'kill', most: 1 },
  { on: 'lambda:invoke', subject: 'saleslake-alerting-*', fault: 'kill-at-call 3', most: 1 },
  { on: 'lambda:invoke', subject: 'saleslake-alerting-*', fault: 'kill-after', most: 0.7 },
  { on: 's3:PutObject', subject: 'processed/order_events/*', fault: 'error', most: 0.9 },
  { on: 's3:PutObject', subject: 'firehose-backup/*', fault: 'error', most: 0.9 },
];

/** Every so many seeds nothing goes wrong: what is then alerted of is the workload's own. */
const FAULTLESS = 10;

/** A plan in which each kind of fault is as often as the seed says, some not at all. */
export function faultMix(seed: number): FaultPlan {
  if (seed % FAULTLESS === 0) return { seed, rules: [] };
  const random = seeded(seed, 'faults');
  const some = (mix: typeof MIX, left: number): FaultRule[] =>
    mix.flatMap(({ most, ...rule }) =>
      random.next() < left ? [] : [{ ...rule, probability: most * (0.1 + 0.9 * random.next()) }],
    );
  // The first rule that has something for an occurrence deals it.
  return { seed, rules: [...some(BAD_DAYS, 0.8), ...some(MIX, 0.4)] };
}
