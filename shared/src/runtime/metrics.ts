import { MetricUnit, Metrics } from '@aws-lambda-powertools/metrics';

/** By the metric's name: how many, or a number and its unit as CloudWatch spells it. */
export type Measurements = Record<string, number | [value: number, unit: keyof typeof MetricUnit]>;

/**
 * Writes measurements of now as one line of the log, of which CloudWatch makes metrics. Their
 * dimensions are `service` and those given, as one set: a metric is found by exactly these.
 * @throws RangeError where a value is not a finite number; nothing is written then.
 */
export type Measure = (measurements: Measurements, dimensions?: Record<string, string>) => void;

/**
 * The metrics of a service, in the namespace that POWERTOOLS_METRICS_NAMESPACE names. What an
 * invocation measures again, because it was retried, counts again. POWERTOOLS_METRICS_DISABLED=true
 * keeps them out of the log.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMeasure(serviceName: string): Measure {
  return (measurements, defaultDimensions = {}) => {
    // A new one each time, so that what failed half-way is in no later line.
    const metrics = new Metrics({ serviceName, defaultDimensions });
    for (const [name, measured] of Object.entries(measurements)) {
      const [value, unit] = typeof measured === 'number' ? [measured, 'Count' as const] : measured;
      if (!Number.isFinite(value)) throw new RangeError(`${name} is ${value}, not a number`);
      metrics.addMetric(name, MetricUnit[unit], value);
    }
    metrics.publishStoredMetrics();
  };
}
