import type { Clock } from '../core/clock';
import type { LogEntry, ShardLog } from '../core/shard-log';
import { dataBytes, type ReadyRecord, type SourceRecord } from './record';

/** When a buffer is full, and when its time is up. */
export interface BufferingHints {
  bytes: number;
  ms: number;
}

export type Pause = (ms: number) => Promise<'go on' | 'give up'>;

export interface TransformationOptions {
  source: ShardLog<SourceRecord>;
  /** Gets one record for each of `source`, at the same position. */
  ready: ShardLog<ReadyRecord>;
  clock: Clock;
  hints: BufferingHints;
  /** A batch's records may weigh so much in all, by `weigh`. */
  mostWeight: number;
  weigh(entry: LogEntry<SourceRecord>): number;
  /** Undefined where it was told to give up. */
  transform(batch: LogEntry<SourceRecord>[], pause: Pause): Promise<ReadyRecord[] | undefined>;
  /** Called when a batch is ready and when it begins or ends to wait. */
  changed(): void;
  broke(error: unknown): void;
}

export interface Transformation {
  /** Looks whether there is something to do: after records were appended to `source`. */
  pump(): void;
  /** Lets the records before `position` wait no longer. */
  flush(position: number): void;
  /** Whether it transforms, and does not wait to try again. */
  working(): boolean;
  /** Whether it waits to try again. */
  waiting(): boolean;
  /** What is still to be transformed. */
  buffered(): { records: number; bytes: number };
  stop(): Promise<void>;
}

const ENTRIES_AT_ONCE = 1000;

/**
 * Takes records from one log to the other, in order and by batches. Where it is comes from the
 * logs alone: the end of `ready` is the position of the first record of `source` that is still to
 * be transformed. So a process that is killed loses no record and doubles none, although its
 * function may see a batch again, as it may in AWS.
 */
export function openTransformation(options: TransformationOptions): Transformation {
  const { source, ready, clock, hints } = options;
  let running: Promise<void> | undefined;
  let pausing: (() => void) | undefined;
  let cancelTimer: (() => void) | undefined;
  let flushBefore = 0;
  let stopped = false;
  let counted = ready.end();
  let bytes = 0;

  /** Counts what has come since. */
  function count(): void {
    while (counted < source.end()) {
      for (const { position, value } of source.read(counted, ENTRIES_AT_ONCE)) {
        bytes += dataBytes(value);
        counted = position + 1;
      }
    }
  }

  function due(): boolean {
    if (ready.end() >= source.end()) return false;
    const [oldest] = source.read(ready.end(), 1);
    if (!oldest) return false;
    return (
      bytes >= hints.bytes ||
      ready.end() < flushBefore ||
      clock.now() >= oldest.arrivedAt + hints.ms
    );
  }

  function nextBatch(): LogEntry<SourceRecord>[] {
    const batch: LogEntry<SourceRecord>[] = [];
    let size = 0;
    let weight = 0;
    for (;;) {
      const entries = source.read(ready.end() + batch.length, ENTRIES_AT_ONCE);
      if (entries.length === 0) return batch;
      for (const entry of entries) {
        weight += options.weigh(entry);
        if (batch.length > 0 && weight > options.mostWeight) return batch;
        batch.push(entry);
        size += dataBytes(entry.value);
        if (size >= hints.bytes) return batch;
      }
    }
  }

  const pause: Pause = (ms) =>
    new Promise((resolve) => {
      const end = (then: 'go on' | 'give up') => (): void => {
        cancel();
        pausing = undefined;
        resolve(then);
        options.changed();
      };
      const cancel = clock.schedule(end('go on'), ms);
      pausing = end('give up');
      if (stopped) pausing();
      else options.changed();
    });

  async function run(): Promise<void> {
    for (count(); !stopped && due(); count()) {
      const batch = nextBatch();
      const records = await options.transform(batch, pause);
      if (stopped || !records) return;
      ready.append(records, clock.now());
      for (const { value } of batch) bytes -= dataBytes(value);
      options.changed();
    }
  }

  function pump(): void {
    if (stopped || running) return;
    count();
    cancelTimer?.();
    cancelTimer = undefined;
    if (due()) {
      running = run()
        .catch((error: unknown) => {
          stopped = true;
          options.broke(error);
        })
        .finally(() => {
          running = undefined;
          pump();
          options.changed();
        });
    } else {
      const [oldest] = ready.end() < source.end() ? source.read(ready.end(), 1) : [];
      if (oldest) {
        cancelTimer = clock.schedule(pump, oldest.arrivedAt + hints.ms - clock.now());
      }
    }
  }

  return {
    pump,
    flush(position) {
      flushBefore = Math.max(flushBefore, position);
      pump();
    },
    working: () => running !== undefined && pausing === undefined,
    waiting: () => pausing !== undefined,
    buffered() {
      count();
      return { records: source.end() - ready.end(), bytes };
    },
    async stop() {
      stopped = true;
      cancelTimer?.();
      pausing?.();
      await running;
    },
  };
}
