import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomically } from './atomic-file';

/** An entry of a shard, at a position that never changes. */
export interface LogEntry<T> {
  /** Counts up by one from 0, also after a restart and after a trim. */
  position: number;
  /** Milliseconds since the epoch. */
  arrivedAt: number;
  value: T;
}

/**
 * What a Kinesis shard, a DynamoDB stream's shard and a delivery stream's buffer are made of:
 * entries in the order of their arrival, kept until they are trimmed, read from any position.
 */
export interface ShardLog<T> {
  /** Appends, in order; on disk when it returns. Returns the position of the first. */
  append(values: readonly T[], arrivedAt: number): number;
  /** Up to `limit` entries from `position` on, or from the first that is kept. */
  read(position: number, limit: number): LogEntry<T>[];
  /** The position of the first entry that is kept. */
  start(): number;
  /** The position that the next entry will have. */
  end(): number;
  /** Lets go of the entries before `position`. */
  trim(position: number): void;
  /** Calls back after each append, until the returned function is called. */
  onAppend(listener: () => void): () => void;
  /** Lets go of the file. */
  close(): void;
  /** Lets go of the file and removes it. */
  remove(): void;
}

// A trim rewrites the file, so it waits until that halves it.
const TRIM_AT_LEAST = 1024;

/**
 * Opens the log in the file `path`, one JSON array `[position, arrivedAt, value]` a line. A last
 * line that a kill cut short was never acknowledged, and is dropped.
 */
export function openShardLog<T>(path: string): ShardLog<T> {
  mkdirSync(dirname(path), { recursive: true });
  const listeners = new Set<() => void>();
  let file = openSync(path, 'a+');
  const stored = readEntries<T>(path);
  ftruncateSync(file, stored.bytes);
  let { entries } = stored;
  let first = entries[0]?.position ?? 0;
  let next = (entries.at(-1)?.position ?? -1) + 1;

  function rewrite(kept: LogEntry<T>[]): void {
    closeSync(file);
    writeFileAtomically(path, kept.map(lineOf).join(''));
    file = openSync(path, 'a+');
    entries = kept;
  }

  return {
    append(values, arrivedAt) {
      const from = next;
      const added = values.map((value, i) => ({ position: from + i, arrivedAt, value }));
      appendFileSync(file, added.map(lineOf).join(''));
      for (const entry of added) entries.push(entry);
      next += added.length;
      for (const listener of listeners) listener();
      return from;
    },

    read(position, limit) {
      const at = Math.max(position, first) - (entries[0]?.position ?? 0);
      return entries.slice(at, at + limit);
    },

    start: () => first,
    end: () => next,

    trim(position) {
      first = Math.max(first, Math.min(position, next));
      // The last entry stays: it tells a later process which position comes next.
      const drop = Math.min(first, next - 1) - (entries[0]?.position ?? next);
      if (drop >= Math.max(TRIM_AT_LEAST, entries.length / 2)) rewrite(entries.slice(drop));
    },

    onAppend(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    close: () => closeSync(file),

    remove() {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

function lineOf<T>({ position, arrivedAt, value }: LogEntry<T>): string {
  return `${JSON.stringify([position, arrivedAt, value])}\n`;
}

function readEntries<T>(path: string): { entries: LogEntry<T>[]; bytes: number } {
  const content = readFileSync(path);
  const bytes = content.lastIndexOf('\n') + 1;
  const lines = content.toString('utf8', 0, bytes).split('\n').slice(0, -1);
  const entries = lines.map((line) => {
    const [position, arrivedAt, value] = JSON.parse(line) as [number, number, T];
    return { position, arrivedAt, value };
  });
  return { entries, bytes };
}
