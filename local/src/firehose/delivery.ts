import type { Clock } from '../core/clock';
import type { ShardLog } from '../core/shard-log';
import { openDeliveryLedger } from './delivery-ledger';
import { dataBytes, laneId, type Lane } from './record';
import type { BufferingHints } from './transformation';

export interface Deliverable {
  data: string;
  arrivedAt: number;
}

export interface DeliveryOptions<T extends Deliverable> {
  log: ShardLog<T>;
  ledgerPath: string;
  clock: Clock;
  hints: BufferingHints;
  /** How long records are kept while they cannot be delivered. */
  retentionMs(): number;
  laneOf(record: T): Lane | null;
  /** The key of a new object whose oldest record arrived at `time`. */
  keyOf(lane: Lane, time: number): string;
  put(lane: Lane, key: string, records: T[]): Promise<void>;
  told: {
    delivered(key: string, records: number): void;
    failed(key: string, error: unknown, retryMs: number): void;
    expired(key: string, records: number, error: unknown): void;
  };
  /** Called when something was delivered, or waits. */
  changed(): void;
  broke(error: unknown): void;
}

export interface Delivery {
  /** Buffers what the log has new, and delivers what is due. */
  pump(): void;
  /** Lets the records before `position` wait no longer, nor for another try. */
  flush(position: number): void;
  working(): boolean;
  waiting(): boolean;
  buffered(): { records: number; bytes: number };
  /** Ids of the lanes of partitions that have something buffered. */
  activePartitions(): Set<string>;
  /** The position of the first record that is not delivered. */
  low(): number;
  stop(): Promise<void>;
}

interface LaneBuffer {
  lane: Lane;
  id: string;
  items: { position: number; bytes: number; arrivedAt: number; bufferedAt: number }[];
  bytes: number;
  delivering: boolean;
  /** After a failure. */
  retry?: { at: number; backoff: number };
}

const PUTS_AT_ONCE = 8;
const ENTRIES_AT_ONCE = 1000;
const FIRST_BACKOFF_MS = 1000;
const LONGEST_BACKOFF_MS = 60_000;

/**
 * Gathers the records of a log by lane, and puts each lane's as an object once they are many or
 * old enough. An object's key and which records are in it are on disk before it is put: a process
 * that is killed at any moment puts the same object again, or knows that it need not.
 * https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
 */
export function openDelivery<T extends Deliverable>(options: DeliveryOptions<T>): Delivery {
  const { log, clock, hints } = options;
  const ledger = openDeliveryLedger(options.ledgerPath);
  const buffers = new Map<string, LaneBuffer>();
  const running = new Set<Promise<void>>();
  let cancelTimer: (() => void) | undefined;
  let flushBefore = 0;
  let taken = Math.max(ledger.low(), log.start());
  let stopped = false;

  function take(): void {
    while (taken < log.end()) {
      const entries = log.read(taken, ENTRIES_AT_ONCE);
      for (const { position, arrivedAt: bufferedAt, value } of entries) {
        taken = position + 1;
        const lane = options.laneOf(value);
        if (!lane) continue;
        const id = laneId(lane);
        if (position < (ledger.entry(id)?.through ?? 0)) continue;
        let buffer = buffers.get(id);
        if (!buffer) {
          buffer = { lane, id, items: [], bytes: 0, delivering: false };
          buffers.set(id, buffer);
        }
        const bytes = dataBytes(value);
        buffer.items.push({ position, bytes, arrivedAt: value.arrivedAt, bufferedAt });
        buffer.bytes += bytes;
      }
    }
  }

  /** When the buffer is to be delivered, on the clock; -Infinity for at once. */
  function dueAt({ id, items, bytes, retry }: LaneBuffer): number {
    const first = items[0];
    if (!first) return Infinity;
    if (retry) return retry.at;
    const now =
      bytes >= hints.bytes ||
      first.position < flushBefore ||
      ledger.entry(id)?.pending !== undefined;
    return now ? -Infinity : first.bufferedAt + hints.ms;
  }

  function pump(): void {
    if (stopped) return;
    take();
    cancelTimer?.();
    cancelTimer = undefined;
    let next = Infinity;
    for (const buffer of buffers.values()) {
      if (buffer.delivering) continue;
      const due = dueAt(buffer);
      if (due > clock.now()) next = Math.min(next, due);
      else if (running.size < PUTS_AT_ONCE) start(buffer);
    }
    if (next < Infinity) cancelTimer = clock.schedule(pump, next - clock.now());
  }

  function start(buffer: LaneBuffer): void {
    buffer.delivering = true;
    const delivering: Promise<void> = deliver(buffer)
      .catch((error: unknown) => {
        stopped = true;
        options.broke(error);
      })
      .finally(() => {
        buffer.delivering = false;
        running.delete(delivering);
        pump();
        options.changed();
      });
    running.add(delivering);
  }

  async function deliver(buffer: LaneBuffer): Promise<void> {
    const pending = ledger.entry(buffer.id)?.pending ?? cut(buffer);
    const count = buffer.items.findIndex(({ position }) => position >= pending.through);
    // A copy: more may be buffered while these are put.
    const items = buffer.items.slice(0, count < 0 ? undefined : count);
    const records = items.flatMap(({ position }) =>
      log.read(position, 1).map(({ value }) => value),
    );
    try {
      await options.put(buffer.lane, pending.key, records);
    } catch (error) {
      if (stopped) return;
      const newest = Math.max(...items.map(({ arrivedAt }) => arrivedAt));
      if (clock.now() < newest + options.retentionMs()) {
        const backoff = Math.min(
          (buffer.retry?.backoff ?? FIRST_BACKOFF_MS / 2) * 2,
          LONGEST_BACKOFF_MS,
        );
        buffer.retry = { at: clock.now() + backoff, backoff };
        options.told.failed(pending.key, error, backoff);
        return;
      }
      settle(buffer, items.length, pending.through);
      options.told.expired(pending.key, records.length, error);
      return;
    }
    settle(buffer, items.length, pending.through);
    options.told.delivered(pending.key, records.length);
  }

  /** Decides, for good, what the lane's next object is. */
  function cut(buffer: LaneBuffer): { key: string; through: number } {
    let bytes = 0;
    let through = 0;
    let oldest = Infinity;
    for (const item of buffer.items) {
      bytes += item.bytes;
      through = item.position + 1;
      oldest = Math.min(oldest, item.arrivedAt);
      if (bytes >= hints.bytes) break;
    }
    const pending = { key: options.keyOf(buffer.lane, oldest), through };
    const delivered = ledger.entry(buffer.id)?.through ?? 0;
    ledger.set(buffer.id, { through: delivered, pending }, low());
    return pending;
  }

  function settle(buffer: LaneBuffer, count: number, through: number): void {
    for (const { bytes } of buffer.items.splice(0, count)) buffer.bytes -= bytes;
    if (buffer.items.length === 0) buffers.delete(buffer.id);
    delete buffer.retry;
    ledger.set(buffer.id, { through }, low());
  }

  function low(): number {
    let first = taken;
    for (const { items } of buffers.values()) first = Math.min(first, items[0]?.position ?? taken);
    return first;
  }

  const waits = (): boolean =>
    [...buffers.values()].some(({ retry, delivering }) => retry && !delivering);

  return {
    pump,
    flush(position) {
      flushBefore = Math.max(flushBefore, position);
      for (const { retry } of buffers.values()) if (retry) retry.at = clock.now();
      pump();
    },
    working: () => running.size > 0,
    waiting: waits,
    buffered() {
      const all = [...buffers.values()];
      return {
        records: all.reduce((total, { items }) => total + items.length, 0),
        bytes: all.reduce((total, { bytes }) => total + bytes, 0),
      };
    },
    activePartitions: () =>
      new Set([...buffers.values()].filter(({ lane }) => lane.kind === 'data').map(({ id }) => id)),
    low,
    async stop() {
      stopped = true;
      cancelTimer?.();
      await Promise.all(running);
    },
  };
}
