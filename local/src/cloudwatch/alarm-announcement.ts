import { createHash, randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import type { AwsEvent } from '../core/event';
import { eventTime } from '../eventbridge/event-time';
import type { AlarmConfig, AlarmState } from './alarm-config';
import { regionName } from './region-name';
import { stateTime } from './state-reason';

/** What state an alarm is in since when, and why. */
export interface StateRecord {
  value: AlarmState;
  reason: string;
  /** JSON. */
  reasonData?: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** What is to be told of a change of state, and to whom. */
export interface Announcement {
  event: AwsEvent;
  topicArns: string[];
  subject: string;
  message: string;
}

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const LONGEST_SUBJECT = 100;

/** What CloudWatch tells EventBridge and the alarm's actions when it goes from a state to another. */
export function announceChange(
  context: Pick<AwsContext, 'accountId' | 'region'>,
  config: AlarmConfig,
  configuredAt: number,
  from: StateRecord,
  to: StateRecord,
): Announcement {
  return {
    event: changeEvent(context, config, from, to),
    topicArns: config.actionsEnabled ? config.actions[to.value] : [],
    subject: `${to.value}: "${config.name}" in ${regionName(context.region)}`.slice(
      0,
      LONGEST_SUBJECT,
    ),
    message: JSON.stringify(notification(context, config, configuredAt, from, to)),
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function changeEvent(
  { accountId, region }: Pick<AwsContext, 'accountId' | 'region'>,
  config: AlarmConfig,
  from: StateRecord,
  to: StateRecord,
): AwsEvent {
  const { name, arn, namespace, metricName, dimensions, periodSeconds, statistic } = config;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: accountId,
    time: eventTime(to.at),
    region,
    resources: [arn],
    detail: {
      alarmName: name,
      configuration: {
        ...(config.description !== undefined && { description: config.description }),
        metrics: [
          {
            id: metricId(arn),
            metricStat: {
              metric: { dimensions, name: metricName, namespace },
              period: periodSeconds,
              stat: statistic,
            },
            returnData: true,
          },
        ],
      },
      previousState: describeState(from),
      state: describeState(to),
    },
  };
}

function describeState({ value, reason, reasonData, at }: StateRecord): object {
  return { reason, ...(reasonData && { reasonData }), timestamp: stateTime(at), value };
}

/** The same for the same alarm each time, as in AWS. */
function metricId(arn: string): string {
  const hex = createHash('sha256').update(arn).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
function notification(
  { accountId, region }: Pick<AwsContext, 'accountId' | 'region'>,
  config: AlarmConfig,
  configuredAt: number,
  from: StateRecord,
  to: StateRecord,
): object {
  return {
    AlarmName: config.name,
    AlarmDescription: config.description ?? null,
    AWSAccountId: accountId,
    AlarmConfigurationUpdatedTimestamp: stateTime(configuredAt),
    NewStateValue: to.value,
    NewStateReason: to.reason,
    StateChangeTime: stateTime(to.at),
    Region: regionName(region),
    AlarmArn: config.arn,
    OldStateValue: from.value,
    OKActions: config.actions.OK,
    AlarmActions: config.actions.ALARM,
    InsufficientDataActions: config.actions.INSUFFICIENT_DATA,
    Trigger: {
      MetricName: config.metricName,
      Namespace: config.namespace,
      StatisticType: 'Statistic',
      Statistic: config.statistic.toUpperCase(),
      Unit: null,
      Dimensions: Object.entries(config.dimensions).map(([name, value]) => ({ value, name })),
      Period: config.periodSeconds,
      EvaluationPeriods: config.evaluationPeriods,
      DatapointsToAlarm: config.datapointsToAlarm,
      ComparisonOperator: config.comparisonOperator,
      Threshold: config.threshold,
      TreatMissingData: config.treatMissingData,
      EvaluateLowSampleCountPercentile: '',
    },
  };
}
