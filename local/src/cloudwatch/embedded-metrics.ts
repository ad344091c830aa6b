import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { MetricDatum } from './metric-datum';

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
const MOST_METRICS = 100;
const MOST_DIMENSIONS = 30;
const MOST_VALUES = 100;

/** A document in Embedded Metric Format that does not follow its specification. */
export class EmbeddedMetricError extends Error {}

/**
 * The metrics of one line of a log: none where it is no document in Embedded Metric Format, one for
 * each metric and each dimension set of each directive where it is. Throws EmbeddedMetricError,
 * naming what was wrong.
 */
export function embeddedMetrics(line: string): MetricDatum[] {
  const document = parseDocument(line);
  const metadata = document && member(document, '_aws');
  if (!document || !isJsonObject(metadata)) return [];
  const { Timestamp: at, CloudWatchMetrics: directives } = metadata;
  if (typeof at !== 'number') throw wrong('_aws.Timestamp', 'a number of milliseconds', at);
  if (directives === undefined) return [];
  return listOf('_aws.CloudWatchMetrics', directives).flatMap((directive, i) =>
    directiveMetrics(document, directive, `_aws.CloudWatchMetrics[${i}]`, at),
  );
}

function directiveMetrics(
  document: Record<string, unknown>,
  directive: unknown,
  where: string,
  at: number,
): MetricDatum[] {
  if (!isJsonObject(directive)) throw wrong(where, 'an object', directive);
  const { Namespace: namespace } = directive;
  if (typeof namespace !== 'string' || namespace === '') {
    throw wrong(`${where}.Namespace`, 'a string that is not empty', namespace);
  }
  const metrics = listOf(`${where}.Metrics`, directive.Metrics);
  if (metrics.length > MOST_METRICS) {
    throw new EmbeddedMetricError(
      `${where} has ${metrics.length} metrics; at most ${MOST_METRICS}.`,
    );
  }
  const sets = listOf(`${where}.Dimensions`, directive.Dimensions).map((names, i) =>
    dimensionsOf(document, listOf(`${where}.Dimensions[${i}]`, names)),
  );
  return metrics.flatMap((definition, i) => {
    if (!isJsonObject(definition)) throw wrong(`${where}.Metrics[${i}]`, 'an object', definition);
    const { Name: name, Unit: unit } = definition;
    if (typeof name !== 'string' || name === '') {
      throw wrong(`${where}.Metrics[${i}].Name`, 'a string that is not empty', name);
    }
    if (unit !== undefined && typeof unit !== 'string') {
      throw wrong(`${where}.Metrics[${i}].Unit`, 'a string', unit);
    }
    const values = valuesOf(name, member(document, name));
    if (values.length === 0) return [];
    return sets.map((dimensions) => ({ namespace, name, dimensions, values, unit, at }));
  });
}

function dimensionsOf(document: Record<string, unknown>, names: unknown[]): Record<string, string> {
  if (names.length > MOST_DIMENSIONS) {
    throw new EmbeddedMetricError(
      `A set has ${names.length} dimensions; at most ${MOST_DIMENSIONS}.`,
    );
  }
  return Object.fromEntries(
    names.map((name) => {
      const value = typeof name === 'string' ? member(document, name) : undefined;
      if (typeof name !== 'string' || typeof value !== 'string') {
        throw wrong(`The dimension ${String(name)}`, 'a string', value);
      }
      return [name, value];
    }),
  );
}

function valuesOf(name: string, value: unknown): number[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > MOST_VALUES) {
    throw new EmbeddedMetricError(`${name} has ${values.length} values; at most ${MOST_VALUES}.`);
  }
  if (values.every((one) => typeof one === 'number')) return values;
  throw wrong(`The metric ${name}`, 'a number or a list of numbers', value);
}

function parseDocument(line: string): Record<string, unknown> | undefined {
  // Most lines of a log are none.
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function member(object: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function listOf(where: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw wrong(where, 'a list', value);
}

function wrong(where: string, expected: string, value: unknown): EmbeddedMetricError {
  return new EmbeddedMetricError(`${where} is ${JSON.stringify(value)}; expected ${expected}.`);
}
