import type { Clock } from '../core/clock';
import { DurableMap } from '../core/durable-map';
import type { Message } from './message';
import { retryDelayMs } from './retry-policy';
import type { SubscriptionProtocol } from './topic-config';

/** One message on its way to one subscription. */
export interface Delivery {
  type: 'Notification' | 'SubscriptionConfirmation';
  subscriptionArn: string;
  protocol: SubscriptionProtocol;
  message: Message;
  /** Attempts that have failed. */
  failed: number;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/** What came of an attempt. */
export type Outcome = 'done' | Failure;

export interface Failure {
  reason: string;
  /** Whether another attempt could end otherwise. */
  retry: boolean;
}

/** What SNS has accepted and not yet delivered. */
export interface DeliveryQueue {
  /** On disk, all of them, when it returns; what can be delivered at once then has been. */
  put(deliveries: Pick<Delivery, 'type' | 'subscriptionArn' | 'protocol' | 'message'>[]): void;
  /** Begins to deliver, with what the last process left. */
  start(): void;
  /** True where nothing is left. */
  idle(): boolean;
  /** Begins nothing more and cuts off what is under way. What is left stays on disk. */
  stop(): Promise<void>;
}

export interface DeliveryQueueOptions {
  folder: string;
  clock: Clock;
  /**
   * One attempt. `key` names the delivery, the same each time and in the order of publishing.
   * Never throws.
   */
  attempt(delivery: Delivery, key: string, stopped: AbortSignal): Outcome | Promise<Outcome>;
  retryPlanned(delivery: Delivery, reason: string, delayMs: number): void;
  /** No further attempt will be made; the delivery is forgotten when it returns. */
  giveUp(delivery: Delivery, reason: string): void;
}

/**
 * Opens the queue kept in `folder`, one file a delivery. A delivery leaves it only after it was
 * made or given up, so a process that dies repeats one rather than losing it.
 */
export function openDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  const { clock } = options;
  const deliveries = new DurableMap<Delivery>(options.folder);
  /** Cancels the next attempt of a delivery. */
  const planned = new Map<string, () => void>();
  const underWay = new Map<string, Promise<void>>();
  const stopped = new AbortController();
  let started = false;
  let puts = 0;

  function plan(key: string, dueAt: number): void {
    if (!started || stopped.signal.aborted) return;
    const delay = dueAt - clock.now();
    if (delay <= 0) begin(key);
    else {
      const cancel = clock.schedule(() => begin(key), delay);
      planned.set(key, cancel);
    }
  }

  function begin(key: string): void {
    planned.delete(key);
    const delivery = deliveries.get(key);
    if (!delivery) return;
    const outcome = options.attempt(delivery, key, stopped.signal);
    if (!(outcome instanceof Promise)) return settle(key, delivery, outcome);
    const settled = outcome.then((ended) => {
      underWay.delete(key);
      settle(key, delivery, ended);
    });
    underWay.set(key, settled);
  }

  function settle(key: string, delivery: Delivery, outcome: Outcome): void {
    if (outcome === 'done') return deliveries.delete(key);
    // What was cut off is no failure of the endpoint's.
    if (stopped.signal.aborted) return;
    const failed = delivery.failed + 1;
    const delay = outcome.retry ? retryDelayMs(delivery.protocol, failed) : undefined;
    if (delay === undefined) {
      options.giveUp({ ...delivery, failed }, outcome.reason);
      return deliveries.delete(key);
    }
    const dueAt = clock.now() + delay;
    deliveries.set(key, { ...delivery, failed, dueAt });
    options.retryPlanned({ ...delivery, failed }, outcome.reason, delay);
    plan(key, dueAt);
  }

  return {
    put(added) {
      const now = clock.now();
      const keys = added.map((delivery) => {
        puts += 1;
        // A new process goes on in the order of these keys.
        const key = [pad(now, 15), pad(puts, 9), delivery.message.id].join('-');
        deliveries.set(key, { ...delivery, failed: 0, dueAt: now });
        return key;
      });
      for (const key of keys) plan(key, now);
    },
    start() {
      started = true;
      for (const [key, { dueAt }] of deliveries.entries()) plan(key, dueAt);
    },
    idle: () => deliveries.size === 0,
    async stop() {
      stopped.abort();
      for (const cancel of planned.values()) cancel();
      planned.clear();
      await Promise.all(underWay.values());
    },
  };
}

function pad(value: number, width: number): string {
  return String(Math.trunc(value)).padStart(width, '0');
}
