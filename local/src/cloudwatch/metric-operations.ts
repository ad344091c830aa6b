import type { Clock } from '../core/clock';
import { KNOWN_STATISTICS, statisticOf, type Aggregate } from './aggregate';
import type { Statistic } from './alarm-config';
import { invalidCombination, invalidParameter } from './cloudwatch-error';
import { MINUTE_MS, type Metric, type MetricStore, type StoredMetric } from './metric-store';
import type { CloudWatchOperation } from './operation';
import {
  describeDimensions,
  pageOf,
  readDimensions,
  requiredInteger,
  requiredTime,
  type Input,
} from './parameters';
import { putMetricData } from './put-metric-data';

const DAY_SECONDS = 86_400;
const MOST_STATISTICS_DATAPOINTS = 1440;
const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 100_800;
const MOST_LISTED = 500;
const RECENTLY_MS = 3 * 60 * MINUTE_MS;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html */
export function metricOperations(
  store: MetricStore,
  clock: Clock,
): Record<string, CloudWatchOperation> {
  /** One aggregate a period that has data, oldest first. Throws where there are over `most` periods. */
  function read(
    metric: Metric,
    input: Input,
    from: number,
    to: number,
    most: number,
  ): { at: number; aggregate: Aggregate }[] {
    const periodSeconds = readPeriod(input);
    const unit = input.optionalString('Unit');
    if (unit !== undefined && unit !== (store.get(metric)?.unit ?? 'None')) return [];
    const periodMs = periodSeconds * 1000;
    const first = Math.floor(from / periodMs) * periodMs;
    const count = Math.max(0, Math.ceil((to - first) / periodMs));
    if (count > most) {
      throw invalidCombination(
        `You have requested up to ${count} datapoints, which exceeds the limit of ${most}. ` +
          'Ask for a shorter time or a longer period.',
      );
    }
    return Array.from({ length: count }, (_, i) => first + i * periodMs).flatMap((at) => {
      const aggregate = store.aggregate(metric, at, Math.min(at + periodMs, to));
      return aggregate ? { at, aggregate } : [];
    });
  }

  function queryMetric(query: Input, from: number, to: number, newestFirst: boolean): object {
    if (query.has('Expression')) {
      throw invalidParameter(
        `Query ${query.string('Id')} has an Expression; the local AWS answers queries of a MetricStat.`,
      );
    }
    const stat = query.object('MetricStat');
    const metric = readMetric(stat.object('Metric'));
    const statistic = readStatistic(stat.string('Stat'));
    const found = read(metric, stat, from, to, MOST_DATAPOINTS);
    if (newestFirst) found.reverse();
    return {
      Id: query.string('Id'),
      Label: query.optionalString('Label') ?? metric.name,
      Timestamps: found.map(({ at }) => at / 1000),
      Values: found.map(({ aggregate }) => statisticOf(statistic, aggregate)),
      StatusCode: 'Complete',
    };
  }

  return {
    PutMetricData: (input, caller) => {
      caller.allow('PutMetricData');
      return putMetricData(store, clock, input);
    },

    GetMetricData: (input, caller) => {
      caller.allow('GetMetricData');
      const { from, to } = readTimes(input);
      const newestFirst =
        input.oneOf('ScanBy', ['TimestampAscending', 'TimestampDescending']) !==
        'TimestampAscending';
      const queries = input.objects('MetricDataQueries');
      if (queries.length === 0 || queries.length > MOST_QUERIES) {
        throw invalidParameter(`MetricDataQueries must be 1 to ${MOST_QUERIES} queries.`);
      }
      const results = queries
        .filter((query) => query.optionalBoolean('ReturnData') !== false)
        .map((query) => queryMetric(query, from, to, newestFirst));
      const most = input.optionalInteger('MaxDatapoints', 1, MOST_DATAPOINTS) ?? MOST_DATAPOINTS;
      const count = results.reduce(
        (sum, result) => sum + (result as { Values: number[] }).Values.length,
        0,
      );
      if (count > most) {
        throw invalidParameter(
          `There are ${count} datapoints, more than ${most}, and the local AWS answers one page: ` +
            'ask for a shorter time or a longer period.',
        );
      }
      return { MetricDataResults: results, Messages: [] };
    },

    GetMetricStatistics: (input, caller) => {
      caller.allow('GetMetricStatistics');
      if (input.has('ExtendedStatistics')) {
        throw invalidParameter('The local AWS has no ExtendedStatistics.');
      }
      const metric = readMetric(input);
      const statistics = input.strings('Statistics').map(readStatistic);
      if (statistics.length === 0) throw invalidParameter('The request must contain Statistics.');
      const { from, to } = readTimes(input);
      const found = read(metric, input, from, to, MOST_STATISTICS_DATAPOINTS);
      const Unit = store.get(metric)?.unit ?? 'None';
      return {
        Label: metric.name,
        Datapoints: found.map(({ at, aggregate }) => ({
          Timestamp: at / 1000,
          Unit,
          ...Object.fromEntries(statistics.map((name) => [name, statisticOf(name, aggregate)])),
        })),
      };
    },

    ListMetrics: (input, caller) => {
      caller.allow('ListMetrics');
      const matches = metricFilter(input);
      const recent = input.oneOf('RecentlyActive', ['PT3H']) !== undefined;
      const since = recent ? clock.now() - RECENTLY_MS : -Infinity;
      const listed = store
        .metrics()
        .filter((metric) => metric.latest >= since && matches(metric))
        .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
      const { page, NextToken } = pageOf(input, listed, sortKey, MOST_LISTED);
      return { Metrics: page.map(describeMetric), NextToken };
    },
  };
}

/** A metric passes that has every dimension asked for, with its value where one is given. */
function metricFilter(input: Input): (metric: Metric) => boolean {
  const namespace = input.optionalString('Namespace');
  const name = input.optionalString('MetricName');
  const dimensions = input
    .objects('Dimensions')
    .map((each) => [each.string('Name'), each.optionalString('Value')] as const);
  return (metric) =>
    (namespace === undefined || metric.namespace === namespace) &&
    (name === undefined || metric.name === name) &&
    dimensions.every(
      ([key, value]) =>
        Object.hasOwn(metric.dimensions, key) &&
        (value === undefined || metric.dimensions[key] === value),
    );
}

export function readMetric(input: Input): Metric {
  return {
    namespace: input.string('Namespace'),
    name: input.string('MetricName'),
    dimensions: readDimensions(input),
  };
}

export function readStatistic(name: string): Statistic {
  const found = KNOWN_STATISTICS.find((known) => known === name);
  if (found) return found;
  throw invalidParameter(
    `The statistic ${name} is none that the local AWS has: ${KNOWN_STATISTICS.join(', ')}.`,
  );
}

function readPeriod(input: Input): number {
  const seconds = requiredInteger(input, 'Period', 1, 365 * DAY_SECONDS);
  if (seconds % 60 === 0) return seconds;
  throw invalidParameter(`Period is ${seconds}; the local AWS has multiples of 60 seconds.`);
}

function readTimes(input: Input): { from: number; to: number } {
  const from = requiredTime(input, 'StartTime');
  const to = requiredTime(input, 'EndTime');
  if (from < to) return { from, to };
  throw invalidParameter('The parameter StartTime must be less than the parameter EndTime.');
}

function sortKey({ namespace, name, dimensions }: StoredMetric): string {
  return JSON.stringify([namespace, name, dimensions]);
}

function describeMetric({ namespace, name, dimensions }: Metric): object {
  return { Namespace: namespace, MetricName: name, Dimensions: describeDimensions(dimensions) };
}
