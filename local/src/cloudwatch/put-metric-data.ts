import type { Clock } from '../core/clock';
import { aggregateOf, type Aggregate } from './aggregate';
import { invalidCombination, invalidParameter } from './cloudwatch-error';
import { MINUTE_MS, type Metric, type MetricStore } from './metric-store';
import {
  numbers,
  optionalNumber,
  optionalTime,
  readDimensions,
  requiredNumber,
  type Input,
} from './parameters';

const MOST_DATA = 1000;
const MOST_VALUES = 150;
const MOST_DIMENSIONS = 30;
const LARGEST_VALUE = 2 ** 360;
const OLDEST_MS = 14 * 24 * 60 * MINUTE_MS;
const NEWEST_MS = 120 * MINUTE_MS;

const UNITS = [
  ...['Seconds', 'Microseconds', 'Milliseconds', 'Percent', 'Count', 'Count/Second', 'None'],
  ...['', 'Kilo', 'Mega', 'Giga', 'Tera'].flatMap((prefix) =>
    ['bytes', 'bits'].flatMap((name) => {
      const unit = prefix === '' ? name.charAt(0).toUpperCase() + name.slice(1) : prefix + name;
      return [unit, `${unit}/Second`];
    }),
  ),
];

interface Measured {
  metric: Metric;
  at: number;
  aggregate: Aggregate | undefined;
  unit?: string;
}

/**
 * Takes all data of a request, or none. They are on disk when it returns.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function putMetricData(store: MetricStore, clock: Clock, input: Input): object {
  const namespace = input.string('Namespace');
  if (namespace.startsWith('AWS/')) {
    throw invalidParameter('The value AWS/ for parameter Namespace is invalid.');
  }
  if (input.has('EntityMetricData')) {
    throw invalidParameter('The local AWS has no EntityMetricData.');
  }
  const data = input.objects('MetricData');
  if (data.length > MOST_DATA) {
    throw invalidParameter(`MetricData has ${data.length} members; at most ${MOST_DATA}.`);
  }
  const measured = data.map((datum) => readDatum(namespace, datum, clock.now()));
  for (const { metric, at, aggregate, unit } of measured) {
    if (aggregate) store.add(metric, at, aggregate, unit);
  }
  store.flush();
  return {};
}

function readDatum(namespace: string, datum: Input, now: number): Measured {
  const name = datum.string('MetricName');
  const dimensions = readDimensions(datum);
  if (Object.keys(dimensions).length > MOST_DIMENSIONS) {
    throw invalidParameter(`${name} has more than ${MOST_DIMENSIONS} dimensions.`);
  }
  const at = optionalTime(datum, 'Timestamp') ?? now;
  if (at < now - OLDEST_MS || at > now + NEWEST_MS) {
    throw invalidParameter(
      `${name} has the Timestamp ${new Date(at).toISOString()}; ` +
        'expected at most two weeks past or two hours to come.',
    );
  }
  const unit = datum.oneOf('Unit', UNITS);
  return { metric: { namespace, name, dimensions }, at, aggregate: readValues(name, datum), unit };
}

function readValues(name: string, datum: Input): Aggregate | undefined {
  const given = ['Value', 'Values', 'StatisticValues'].filter((member) => datum.has(member));
  if (given.length !== 1) {
    throw invalidCombination(
      `${name} must have one of Value, Values and StatisticValues; ` +
        `it has ${given.join(' and ') || 'none'}.`,
    );
  }
  const aggregate = datum.has('StatisticValues')
    ? readStatisticSet(datum.object('StatisticValues'))
    : aggregateOf({ namespace: '', name, dimensions: {}, ...readList(name, datum) });
  for (const value of aggregate ? [aggregate.sum, aggregate.min, aggregate.max] : []) {
    if (Math.abs(value) > LARGEST_VALUE) {
      throw invalidParameter(`${name} has the value ${value}, beyond -2^360 to 2^360.`);
    }
  }
  return aggregate;
}

function readList(name: string, datum: Input): { values: number[]; counts?: number[] } {
  const single = optionalNumber(datum, 'Value');
  if (single !== undefined) return { values: [single] };
  const values = numbers(datum, 'Values');
  const counts = datum.has('Counts') ? numbers(datum, 'Counts') : undefined;
  if (values.length > MOST_VALUES) {
    throw invalidParameter(`${name} has ${values.length} Values; at most ${MOST_VALUES}.`);
  }
  if (counts && counts.length !== values.length) {
    throw invalidCombination(
      `${name} has ${values.length} Values and ${counts.length} Counts; expected as many.`,
    );
  }
  if (counts?.some((count) => count < 0)) {
    throw invalidParameter(`${name} has a count below 0.`);
  }
  return { values, counts };
}

function readStatisticSet(set: Input): Aggregate | undefined {
  const aggregate = {
    sum: requiredNumber(set, 'Sum'),
    count: requiredNumber(set, 'SampleCount'),
    min: requiredNumber(set, 'Minimum'),
    max: requiredNumber(set, 'Maximum'),
  };
  return aggregate.count > 0 ? aggregate : undefined;
}
