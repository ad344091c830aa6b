import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import { merged, type Aggregate } from './aggregate';

/** What a metric is known by: two that differ in a dimension have nothing in common. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

export interface StoredMetric extends Metric {
  /** As it was last measured. */
  unit?: string;
  /** The start of the latest minute that it was measured in, in milliseconds since the epoch. */
  latest: number;
}

export interface MetricStore {
  /**
   * Adds to the minute of `at` (milliseconds since the epoch); written to disk a moment later, so
   * that thousands a second cost one write.
   */
  add(metric: Metric, at: number, aggregate: Aggregate, unit?: string): void;
  /** Of the whole minutes from `from` and before `to`; undefined where nothing was measured. */
  aggregate(metric: Metric, from: number, to: number): Aggregate | undefined;
  get(metric: Metric): StoredMetric | undefined;
  metrics(): StoredMetric[];
  /** What was added is on disk when it returns. */
  flush(): void;
  /** Flushes, and lets go of the file. */
  close(): void;
}

interface Series extends StoredMetric {
  id: number;
  /** By the number of the minute since the epoch. */
  minutes: Map<number, Aggregate>;
}

/** How a series is declared in the file. */
type SeriesLine = [
  id: number,
  namespace: string,
  name: string,
  dimensions: Record<string, string>,
  unit: string | null,
];
/** What adds to one of its minutes. */
type MinuteLine = [
  id: number,
  minute: number,
  sum: number,
  count: number,
  min: number,
  max: number,
];

export const MINUTE_MS = 60_000;
/** For which measurements are kept; longer than any alarm looks back. */
export const RETENTION_MS = 3 * 24 * 60 * MINUTE_MS;
const WRITTEN_EVERY_MS = 200;
const REWRITE_AFTER_LINES = 50_000;

/**
 * Opens the metrics kept in the file `path`: additions one after the other, summed up and freed of
 * what is too old at each opening. A last line that a kill cut short is dropped.
 *
 * @param broke told where the disk refuses; what was to be written is tried again with the next
 */
export function openMetricStore(
  path: string,
  now: () => number,
  broke: (error: unknown) => void,
): MetricStore {
  const series = new Map<string, Series>();
  let declarations: SeriesLine[] = [];
  let additions = new Map<string, MinuteLine>();
  let timer: NodeJS.Timeout | undefined;
  let file: number | undefined;
  let appended = 0;
  let rewriteAfter = REWRITE_AFTER_LINES;
  mkdirSync(dirname(path), { recursive: true });
  load();
  rewrite();

  function load(): void {
    const content = readFileIfPresent(path) ?? '';
    const byId = new Map<number, Series>();
    for (const line of content.slice(0, content.lastIndexOf('\n') + 1).split('\n')) {
      if (line === '') continue;
      const parsed = JSON.parse(line) as SeriesLine | MinuteLine;
      const id = parsed[0];
      if (isSeriesLine(parsed)) {
        const [, namespace, name, dimensions, unit] = parsed;
        byId.set(id, seriesOf({ namespace, name, dimensions }, unit ?? undefined));
      } else {
        const [, minute, sum, count, min, max] = parsed;
        const found = byId.get(id);
        if (found) addTo(found, minute, { sum, count, min, max });
      }
    }
  }

  function seriesOf(metric: Metric, unit?: string): Series {
    const key = keyOf(metric);
    let found = series.get(key);
    if (!found) {
      const { namespace, name, dimensions } = metric;
      found = { id: series.size, namespace, name, dimensions, unit, latest: 0, minutes: new Map() };
      series.set(key, found);
      declarations.push(declarationOf(found));
    } else if (unit !== undefined && unit !== found.unit) {
      found.unit = unit;
      declarations.push(declarationOf(found));
    }
    return found;
  }

  function addTo(to: Series, minute: number, aggregate: Aggregate): void {
    to.minutes.set(minute, merged(to.minutes.get(minute), aggregate));
    to.latest = Math.max(to.latest, minute * MINUTE_MS);
  }

  /** Writes all anew, without what is too old. */
  function rewrite(): void {
    const oldest = Math.floor((now() - RETENTION_MS) / MINUTE_MS);
    const lines: (SeriesLine | MinuteLine)[] = [];
    let nextId = 0;
    for (const [key, one] of series) {
      for (const minute of one.minutes.keys()) if (minute < oldest) one.minutes.delete(minute);
      if (one.minutes.size === 0) {
        series.delete(key);
        continue;
      }
      // Counted anew: a series that is gone must not leave its id to two others.
      one.id = nextId;
      nextId += 1;
      lines.push(declarationOf(one));
      for (const [minute, aggregate] of one.minutes) lines.push(additionOf(one, minute, aggregate));
    }
    if (file !== undefined) closeSync(file);
    file = undefined;
    writeFileAtomically(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    file = openSync(path, 'a');
    declarations = [];
    additions = new Map();
    appended = 0;
    rewriteAfter = Math.max(REWRITE_AFTER_LINES, lines.length);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const lines = [...declarations, ...additions.values()];
    if (lines.length === 0) return;
    if (file === undefined || appended + lines.length > rewriteAfter) return rewrite();
    const open = file;
    // A write that breaks off may leave half a line: then the file is written anew.
    file = undefined;
    try {
      appendFileSync(open, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    } catch (error) {
      closeSync(open);
      throw error;
    }
    file = open;
    appended += lines.length;
    declarations = [];
    additions = new Map();
  }

  function flushSoon(): void {
    timer ??= setTimeout(() => {
      try {
        flush();
      } catch (error) {
        broke(error);
      }
    }, WRITTEN_EVERY_MS).unref();
  }

  return {
    add(metric, at, aggregate, unit) {
      const minute = Math.floor(at / MINUTE_MS);
      const to = seriesOf(metric, unit);
      addTo(to, minute, aggregate);
      const key = `${to.id}/${minute}`;
      const waiting = additions.get(key);
      const sum = waiting
        ? merged(
            { sum: waiting[2], count: waiting[3], min: waiting[4], max: waiting[5] },
            aggregate,
          )
        : aggregate;
      additions.set(key, additionOf(to, minute, sum));
      flushSoon();
    },

    aggregate(metric, from, to) {
      const found = series.get(keyOf(metric));
      let result: Aggregate | undefined;
      for (let minute = Math.ceil(from / MINUTE_MS); found && minute * MINUTE_MS < to; minute++) {
        const one = found.minutes.get(minute);
        if (one) result = merged(result, one);
      }
      return result;
    },

    get: (metric) => series.get(keyOf(metric)),
    metrics: () => [...series.values()],
    flush,
    close() {
      flush();
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  return JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(byName)]);
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function declarationOf({ id, namespace, name, dimensions, unit }: Series): SeriesLine {
  return [id, namespace, name, dimensions, unit ?? null];
}

function additionOf({ id }: Series, minute: number, aggregate: Aggregate): MinuteLine {
  const { sum, count, min, max } = aggregate;
  return [id, minute, sum, count, min, max];
}

function isSeriesLine(line: SeriesLine | MinuteLine): line is SeriesLine {
  return typeof line[1] === 'string';
}
