import type { Measure } from '../../src/cloudwatch/metric-datum';

/** Takes measurements, and sums them up by metric and dimensions. */
export function measured(): { measure: Measure; sum: (name: string) => number | undefined } {
  const sums = new Map<string, number>();
  return {
    measure({ namespace, name, dimensions, values }) {
      const key = [namespace, name, ...Object.values(dimensions)].join(' ');
      sums.set(
        key,
        values.reduce((sum, value) => sum + value, sums.get(key) ?? 0),
      );
    },
    sum: (key) => sums.get(key),
  };
}
