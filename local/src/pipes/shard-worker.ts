import { setImmediate } from 'node:timers/promises';
import type { Activity, AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { deadLetterMessage, type DeadLetterCondition } from './dead-letter';
import { isThrottle, measureExecution } from './measure-execution';
import type { PipeConfig } from './pipe-config';
import type { PipeConnections } from './pipe-connections';
import type { PipeEvent, PipeSource } from './pipe-source';
import type { Delivery, PipeTarget } from './pipe-target';
import type { ShardCursor } from './shard-cursor';

export interface ShardWorker {
  /**
   * Waits for the delivery under way; what is not delivered then comes again at the next start.
   * Rejects with what went wrong in the pipe itself, if anything did.
   */
  stop(): Promise<void>;
}

// AWS does not document its pauses, but that they grow.
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Brings the events of one shard to the target, batch after batch, so that their order is kept.
 * A batch that fails is tried again until it is delivered or given up, and blocks the shard as
 * long. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html
 */
export function startShardWorker(
  context: AwsContext,
  config: PipeConfig,
  connections: PipeConnections,
  source: PipeSource,
  target: PipeTarget,
  shardId: string,
  cursor: ShardCursor,
): ShardWorker {
  const { clock } = context;
  const stopping = new AbortController();
  const stopped = (): boolean => stopping.signal.aborted;
  const faults: unknown[] = [];
  let wake = (): void => undefined;

  const tell = (level: Activity['level'], what: string, detail: string): void =>
    context.tell({ service: 'pipes', what, subject: config.name, detail, level });

  /** Returns after `ms`, where given, at a new event where those are waited for, or at a stop. */
  function pause(ms: number | undefined, untilEvent: boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        wake = () => undefined;
        stopping.signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = ms === undefined ? () => undefined : clock.schedule(done, ms);
      if (untilEvent) wake = done;
      stopping.signal.addEventListener('abort', done);
      if (stopped()) done();
    });
  }

  /** The next batch: full, or what there is when the window, counted from its first event, ends. */
  async function gather(): Promise<PipeEvent[]> {
    const windowMs = config.maximumBatchingWindowSeconds * 1000;
    let closesAt: number | undefined;
    while (!stopped()) {
      const gone = cursor.read();
      if (gone > 0) {
        tell('error', 'records expired', `${gone} records left the stream before they were read`);
      }
      const batch = cursor.batch();
      if (batch.length === 0) {
        await pause(undefined, true);
        continue;
      }
      closesAt ??= clock.now() + windowMs;
      if (cursor.full() || clock.now() >= closesAt) return batch;
      await pause(closesAt - clock.now(), true);
    }
    return [];
  }

  /** Returns when every event is settled, or at a stop. */
  async function deliver(events: PipeEvent[], failuresBefore = 0): Promise<void> {
    let failures = failuresBefore;
    let backoff = FIRST_BACKOFF_MS;
    let left = events;
    while (!stopped()) {
      left = await withoutExpired(left);
      if (left.length === 0 || stopped()) return;
      const { failed, reason, counts } = await attempt(left);
      const delivered = without(left, failed);
      cursor.settle(delivered);
      if (failed.length === 0) return tell('info', 'batch delivered', `${left.length} records`);
      tell('warn', 'delivery failed', `${failed.length} of ${left.length} records: ${reason}`);
      if (delivered.length > 0) {
        failures = 0;
        backoff = FIRST_BACKOFF_MS;
      }
      left = failed;
      if (config.bisectBatchOnFunctionError && left.length > 1) {
        const half = Math.ceil(left.length / 2);
        await deliver(left.slice(0, half), failures);
        return deliver(left.slice(half), failures);
      }
      if (counts) failures += 1;
      const { maximumRetryAttempts } = config;
      if (maximumRetryAttempts >= 0 && failures > maximumRetryAttempts) {
        return giveUp(left, 'RetryAttemptsExhausted');
      }
      await pause(backoff, false);
      backoff = Math.min(backoff * 2, LONGEST_BACKOFF_MS);
    }
  }

  async function attempt(events: PipeEvent[]): Promise<Delivery & { counts: boolean }> {
    const measure = (failed: number, throttled = false): void =>
      measureExecution(connections.measure, config.name, events.length, failed, throttled);
    try {
      const delivery = await target(events);
      measure(delivery.failed.length);
      return { ...delivery, counts: true };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      measure(events.length, isThrottle(error));
      const reason = `${error.code}: ${error.message}`;
      // Failures of AWS's own are repeated without an end and count for nothing.
      return { failed: events, reason, counts: error.statusCode < 500 };
    }
  }

  /** Gives up what is older than the pipe allows, or than the stream keeps. */
  async function withoutExpired(events: PipeEvent[]): Promise<PipeEvent[]> {
    const ageMs = config.maximumRecordAgeSeconds * 1000;
    const oldest = source.oldest(shardId);
    const expired = events.filter(
      ({ arrivedAt, position }) =>
        position < oldest || (ageMs >= 0 && clock.now() - arrivedAt > ageMs),
    );
    if (expired.length > 0) await giveUp(expired, 'RecordAgeExceeded');
    return without(events, expired);
  }

  async function giveUp(events: PipeEvent[], condition: DeadLetterCondition): Promise<void> {
    const { deadLetterArn } = config;
    if (deadLetterArn === undefined) {
      tell('error', 'records dropped', `${events.length} records: ${condition}`);
      return cursor.settle(events);
    }
    const now = clock.now();
    const message = deadLetterMessage(config, source, shardId, events, condition, now);
    for (let backoff = FIRST_BACKOFF_MS; !stopped(); backoff *= 2) {
      try {
        connections.sendToQueue(deadLetterArn, message);
        tell('error', 'records dead-lettered', `${events.length} records: ${condition}`);
        return cursor.settle(events);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const reason = `${error.code}: ${error.message}`;
        tell('error', 'dead-lettering failed', `${events.length} records wait: ${reason}`);
      }
      await pause(Math.min(backoff, LONGEST_BACKOFF_MS), false);
    }
  }

  async function run(): Promise<void> {
    while (!stopped()) {
      await deliver(await gather());
      // What reads the target, and whoever calls the API, gets its turn.
      await setImmediate();
    }
  }

  /** For what should not happen, such as a full disk. */
  function broke(error: unknown): void {
    faults.push(error);
    tell('error', 'pipe broke', error instanceof Error ? error.message : String(error));
    stopping.abort();
  }

  const leave = source.onEvent(() => wake());
  const running = run().catch(broke).finally(leave);
  return {
    async stop() {
      stopping.abort();
      await running;
      if (faults.length > 0) throw faults[0];
    },
  };
}

function without(events: PipeEvent[], others: PipeEvent[]): PipeEvent[] {
  const out = new Set(others);
  return events.filter((event) => !out.has(event));
}
