import type { AwsContext } from '../core/aws-context';
import { KNOWN_TREATMENTS, type AlarmConfig, type AlarmState } from './alarm-config';
import type { AlarmRecord, Alarms, HistoryItem } from './alarms';
import { invalidParameter, notFound } from './cloudwatch-error';
import { KNOWN_COMPARISONS } from './evaluate-alarm';
import { readMetric, readStatistic } from './metric-operations';
import type { CloudWatchOperation } from './operation';
import {
  describeDimensions,
  optionalTime,
  pageOf,
  requiredInteger,
  requiredNumber,
  type Input,
} from './parameters';

const STATES: AlarmState[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];
const HISTORY_TYPES = ['ConfigurationUpdate', 'StateUpdate', 'Action'] as const;
const MOST_NAMES = 100;
const MOST_LISTED = 100;
const DEFAULT_LISTED = 50;

/** What alarms can be on in AWS, and not here. */
const NOT_EMULATED = [
  'EvaluateLowSampleCountPercentile',
  'EvaluationCriteria',
  'EvaluationInterval',
  'EvaluationWindow',
  'ExtendedStatistic',
  'Metrics',
  'ThresholdMetricId',
  'Unit',
];

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Operations.html */
export function alarmOperations(
  { accountId, region }: Pick<AwsContext, 'accountId' | 'region'>,
  alarms: Alarms,
): Record<string, CloudWatchOperation> {
  const arnOf = (name: string): string => `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;

  const namesOf = (input: Input): string[] => {
    const names = input.strings('AlarmNames');
    if (names.length === 0 || names.length > MOST_NAMES) {
      throw invalidParameter(`AlarmNames must be 1 to ${MOST_NAMES} names.`);
    }
    return names;
  };

  const switchActions =
    (action: string, actionsEnabled: boolean): CloudWatchOperation =>
    (input, caller) => {
      const names = namesOf(input);
      for (const name of names) caller.allow(action, arnOf(name));
      for (const name of names) {
        if (alarms.has(name)) alarms.put({ ...alarms.get(name).config, actionsEnabled });
      }
      return {};
    };

  return {
    PutMetricAlarm: (input, caller) => {
      const name = input.string('AlarmName');
      caller.allow('PutMetricAlarm', arnOf(name));
      alarms.put(readAlarm(input, name, arnOf(name)));
      return {};
    },

    DeleteAlarms: (input, caller) => {
      const names = namesOf(input);
      for (const name of names) caller.allow('DeleteAlarms', arnOf(name));
      const unknown = names.filter((name) => !alarms.has(name));
      if (unknown.length > 0) throw notFound(`There is no alarm ${unknown.join(', ')}.`);
      for (const name of names) alarms.remove(name);
      return {};
    },

    DescribeAlarms: (input, caller) => {
      caller.allow('DescribeAlarms', arnOf('*'));
      const matches = alarmFilter(input);
      const listed = alarms.all().filter(matches);
      const most = input.optionalInteger('MaxRecords', 1, MOST_LISTED) ?? DEFAULT_LISTED;
      const { page, NextToken } = pageOf(input, listed, ({ config }) => config.name, most);
      return { MetricAlarms: page.map(describeAlarm), CompositeAlarms: [], NextToken };
    },

    DescribeAlarmHistory: (input, caller) => {
      const name = input.optionalString('AlarmName');
      caller.allow('DescribeAlarmHistory', arnOf(name ?? '*'));
      const type = input.oneOf('HistoryItemType', HISTORY_TYPES);
      const from = optionalTime(input, 'StartDate') ?? -Infinity;
      const to = optionalTime(input, 'EndDate') ?? Infinity;
      const ascending =
        input.oneOf('ScanBy', ['TimestampAscending', 'TimestampDescending']) ===
        'TimestampAscending';
      const items = alarms
        .all()
        .filter(({ config }) => name === undefined || config.name === name)
        .flatMap(({ config, history }) => history.map((item) => ({ name: config.name, item })))
        .filter(
          ({ item }) =>
            (type === undefined || item.type === type) && item.at >= from && item.at <= to,
        )
        .sort((a, b) => b.item.at - a.item.at);
      if (ascending) items.reverse();
      const most = input.optionalInteger('MaxRecords', 1, MOST_LISTED) ?? MOST_LISTED;
      const keyed = items.map((each, i) => ({ ...each, key: String(i).padStart(9, '0') }));
      const { page, NextToken } = pageOf(input, keyed, ({ key }) => key, most);
      return { AlarmHistoryItems: page.map(describeItem), NextToken };
    },

    SetAlarmState: (input, caller) => {
      const name = input.string('AlarmName');
      caller.allow('SetAlarmState', arnOf(name));
      const state = input.oneOf('StateValue', STATES);
      if (!state) throw invalidParameter('The request must contain StateValue.');
      const data = input.optionalString('StateReasonData');
      if (data !== undefined && !isJson(data)) {
        throw invalidParameter('StateReasonData is no JSON.');
      }
      alarms.setState(name, state, input.optionalString('StateReason') ?? '', data);
      return {};
    },

    EnableAlarmActions: switchActions('EnableAlarmActions', true),
    DisableAlarmActions: switchActions('DisableAlarmActions', false),
  };
}

function readAlarm(input: Input, name: string, arn: string): AlarmConfig {
  for (const member of NOT_EMULATED) {
    if (input.has(member)) {
      throw invalidParameter(`Alarm ${name} has ${member}, which the local AWS does not emulate.`);
    }
  }
  const metric = readMetric(input);
  const comparisonOperator = input.oneOf('ComparisonOperator', KNOWN_COMPARISONS);
  if (!comparisonOperator) throw invalidParameter('The request must contain ComparisonOperator.');
  const evaluationPeriods = requiredInteger(input, 'EvaluationPeriods', 1, 1440);
  return {
    name,
    arn,
    description: input.optionalString('AlarmDescription'),
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: metric.dimensions,
    statistic: readStatistic(input.string('Statistic')),
    periodSeconds: requiredInteger(input, 'Period', 1, 86_400),
    evaluationPeriods,
    datapointsToAlarm:
      input.optionalInteger('DatapointsToAlarm', 1, evaluationPeriods) ?? evaluationPeriods,
    threshold: requiredNumber(input, 'Threshold'),
    comparisonOperator,
    treatMissingData: input.oneOf('TreatMissingData', KNOWN_TREATMENTS) ?? 'missing',
    actionsEnabled: input.optionalBoolean('ActionsEnabled') ?? true,
    actions: {
      OK: input.strings('OKActions'),
      ALARM: input.strings('AlarmActions'),
      INSUFFICIENT_DATA: input.strings('InsufficientDataActions'),
    },
  };
}

function alarmFilter(input: Input): (alarm: AlarmRecord) => boolean {
  const names = input.strings('AlarmNames');
  const prefix = input.optionalString('AlarmNamePrefix') ?? '';
  if (names.length > 0 && prefix !== '') {
    throw invalidParameter('AlarmNames and AlarmNamePrefix exclude each other.');
  }
  const state = input.oneOf('StateValue', STATES);
  const actionPrefix = input.optionalString('ActionPrefix');
  const types = input.strings('AlarmTypes');
  const metricAlarms = types.length === 0 || types.includes('MetricAlarm');
  return ({ config, state: { value } }) =>
    metricAlarms &&
    (names.length === 0 || names.includes(config.name)) &&
    config.name.startsWith(prefix) &&
    (state === undefined || value === state) &&
    (actionPrefix === undefined ||
      Object.values(config.actions)
        .flat()
        .some((arn) => arn.startsWith(actionPrefix)));
}

function describeAlarm({ config, configuredAt, state }: AlarmRecord): object {
  return {
    AlarmName: config.name,
    AlarmArn: config.arn,
    AlarmDescription: config.description,
    AlarmConfigurationUpdatedTimestamp: configuredAt / 1000,
    ActionsEnabled: config.actionsEnabled,
    OKActions: config.actions.OK,
    AlarmActions: config.actions.ALARM,
    InsufficientDataActions: config.actions.INSUFFICIENT_DATA,
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: state.at / 1000,
    StateTransitionedTimestamp: state.at / 1000,
    MetricName: config.metricName,
    Namespace: config.namespace,
    Statistic: config.statistic,
    Dimensions: describeDimensions(config.dimensions),
    Period: config.periodSeconds,
    EvaluationPeriods: config.evaluationPeriods,
    DatapointsToAlarm: config.datapointsToAlarm,
    Threshold: config.threshold,
    ComparisonOperator: config.comparisonOperator,
    TreatMissingData: config.treatMissingData,
  };
}

function describeItem({ name, item }: { name: string; item: HistoryItem }): object {
  return {
    AlarmName: name,
    AlarmType: 'MetricAlarm',
    Timestamp: item.at / 1000,
    HistoryItemType: item.type,
    HistorySummary: item.summary,
    HistoryData: item.data,
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
