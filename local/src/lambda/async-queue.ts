import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock';
import { DurableMap } from '../core/durable-map';
import type { FunctionConfig, InvokeResult } from './function-config';
import type { AsyncEvent, Condition } from './invocation-record';

/** Lambda's queue of asynchronous invocations. */
export interface AsyncQueue {
  /** Durable on return. `payload` is a JSON value; it is first tried after the delay. */
  put(functionName: string, payload: unknown, delayMs?: number): void;
  /** Begins to invoke, with what the last process left. */
  start(): void;
  /** Takes up events that were kept while the function did not exist. */
  functionCreated(functionName: string): void;
  /** Tries the event that has been put back for longest: the function has a place free. */
  placeFree(functionName: string): void;
  /** Functions that have events but do not exist. */
  orphaned(): string[];
  /** True where no event is left, but for functions that do not exist. */
  idle(): boolean;
  /** Begins nothing more; resolves when nothing is under way. What is left stays on disk. */
  stop(): Promise<void>;
}

export interface AsyncQueueOptions {
  folder: string;
  clock: Clock;
  configOf(functionName: string): FunctionConfig | undefined;
  /** Throws where the function was not run: throttles and faults of the service. */
  invoke(event: AsyncEvent): Promise<InvokeResult>;
  /** Delivers the outcome; the event is forgotten when it returns. */
  settle(event: AsyncEvent, config: FunctionConfig, condition: Condition): void;
  retryPlanned(event: AsyncEvent, config: FunctionConfig, delayMs: number): void;
  /** An event was put back because the function was not run. */
  putBack(event: AsyncEvent, reason: unknown): void;
}

const RETRY_DELAYS_MS = [60_000, 120_000];
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 300_000;

/**
 * Opens the queue kept in `folder`.
 *
 * An event leaves it only when its outcome has been delivered, so a process that dies repeats an
 * invocation rather than losing it. After a function error it is retried in one minute and then
 * in two. Where the function was not run it backs off from a second to five minutes, or until a
 * place is free; that is kept in memory only, so a new process tries at once.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function openAsyncQueue(options: AsyncQueueOptions): AsyncQueue {
  const { clock } = options;
  const configOf = (name: string): FunctionConfig | undefined => options.configOf(name);
  const events = new DurableMap<AsyncEvent>(options.folder);
  /** Cancels the next try of an event. */
  const planned = new Map<string, () => void>();
  /** Events put back, in that order, with how often. */
  const backedOff = new Map<string, number>();
  const underWay = new Map<string, Promise<void>>();
  let puts = 0;
  let state: 'new' | 'started' | 'stopped' = 'new';

  const plan = (key: string, dueAt: number): void => {
    if (state !== 'started') return;
    const delay = dueAt - clock.now();
    if (delay <= 0) return begin(key);
    planned.set(
      key,
      clock.schedule(() => begin(key), delay),
    );
  };

  const begin = (key: string): void => {
    planned.get(key)?.();
    planned.delete(key);
    const event = events.get(key);
    const config = event && configOf(event.functionName);
    if (!config || underWay.has(key) || state !== 'started') return;
    if (config.reservedConcurrency === 0) {
      return settle(key, event, config, 'ZeroReservedConcurrency');
    }
    if (clock.now() >= deadlineOf(event, config)) {
      return settle(key, event, config, 'EventAgeExceeded');
    }
    underWay.set(key, run(key, event, config));
  };

  const run = async (key: string, event: AsyncEvent, config: FunctionConfig): Promise<void> => {
    let result: InvokeResult;
    try {
      result = await options.invoke(event);
    } catch (reason) {
      underWay.delete(key);
      if (state !== 'started') return;
      const times = backedOff.get(key) ?? 0;
      backedOff.set(key, times + 1);
      const delay = Math.min(FIRST_BACKOFF_MS * 2 ** times, LONGEST_BACKOFF_MS);
      plan(key, Math.min(clock.now() + delay, deadlineOf(event, config)));
      return options.putBack(event, reason);
    }
    underWay.delete(key);
    backedOff.delete(key);
    const { functionError, payload } = result;
    const attempts = event.attempts + 1;
    const tried = { ...event, attempts, lastResult: { functionError, payload } };
    const delay = RETRY_DELAYS_MS[attempts - 1];
    if (!functionError) settle(key, tried, config, 'Success');
    else if (attempts > config.async.maximumRetryAttempts || delay === undefined) {
      settle(key, tried, config, 'RetriesExhausted');
    } else if (clock.now() + delay >= deadlineOf(event, config)) {
      // Lambda does not wait for a retry that would come too late.
      settle(key, tried, config, 'EventAgeExceeded');
    } else {
      const dueAt = clock.now() + delay;
      events.set(key, { ...tried, dueAt });
      plan(key, dueAt);
      options.retryPlanned(tried, config, delay);
    }
  };

  const settle = (
    key: string,
    event: AsyncEvent,
    config: FunctionConfig,
    condition: Condition,
  ): void => {
    options.settle(event, config, condition);
    events.delete(key);
    backedOff.delete(key);
  };

  return {
    put(functionName, payload, delayMs = 0) {
      const now = clock.now();
      const event: AsyncEvent = {
        functionName,
        requestId: randomUUID(),
        payload,
        enqueuedAt: now,
        dueAt: now + delayMs,
        attempts: 0,
      };
      puts += 1;
      // A new process goes on in the order of these keys.
      const key = [pad(now), pad(puts), event.requestId].join('-');
      events.set(key, event);
      plan(key, event.dueAt);
    },

    start() {
      state = 'started';
      for (const [key, event] of events.entries()) plan(key, event.dueAt);
    },

    functionCreated(functionName) {
      for (const [key, event] of events.entries()) {
        const known = planned.has(key) || underWay.has(key);
        if (event.functionName === functionName && !known) plan(key, event.dueAt);
      }
    },

    placeFree(functionName) {
      for (const key of backedOff.keys()) {
        if (planned.has(key) && events.get(key)?.functionName === functionName) return begin(key);
      }
    },

    orphaned() {
      const names = events.entries().map(([, event]) => event.functionName);
      return [...new Set(names)].filter((name) => !configOf(name));
    },

    idle: () => events.entries().every(([, event]) => !configOf(event.functionName)),

    async stop() {
      state = 'stopped';
      for (const cancel of planned.values()) cancel();
      planned.clear();
      await Promise.all(underWay.values());
    },
  };
}

function deadlineOf(event: AsyncEvent, config: FunctionConfig): number {
  return event.enqueuedAt + config.async.maximumEventAgeSeconds * 1000;
}

function pad(value: number): string {
  return String(Math.trunc(value)).padStart(15, '0');
}
