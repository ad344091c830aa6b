import type { Statistic } from './alarm-config';
import type { MetricDatum } from './metric-datum';

/** What is kept of the measurements of a metric in one minute: enough for every Statistic. */
export interface Aggregate {
  sum: number;
  count: number;
  min: number;
  max: number;
}

/** Of `values`, each measured as often as `counts` says. Undefined where nothing was measured. */
export function aggregateOf({ values, counts }: MetricDatum): Aggregate | undefined {
  return values
    .map((value, i) => {
      const count = counts?.[i] ?? 1;
      return { sum: value * count, count, min: value, max: value };
    })
    .filter(({ count }) => count > 0)
    .reduce<Aggregate | undefined>(merged, undefined);
}

export function merged(a: Aggregate | undefined, b: Aggregate): Aggregate {
  if (!a) return b;
  return {
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}

const STATISTICS: Record<Statistic, (aggregate: Aggregate) => number> = {
  Average: ({ sum, count }) => sum / count,
  Maximum: ({ max }) => max,
  Minimum: ({ min }) => min,
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
};

export const KNOWN_STATISTICS = Object.keys(STATISTICS) as Statistic[];

export function statisticOf(statistic: Statistic, aggregate: Aggregate): number {
  return STATISTICS[statistic](aggregate);
}
