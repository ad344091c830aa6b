export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

export type ComparisonOperator =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanOrEqualToThreshold'
  | 'LessThanThreshold';

export const KNOWN_TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing'] as const;

/**
 * An alarm on one metric, as its template describes it, every intrinsic function resolved.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export interface AlarmConfig {
  name: string;
  arn: string;
  description?: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  statistic: Statistic;
  periodSeconds: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  threshold: number;
  comparisonOperator: ComparisonOperator;
  treatMissingData: (typeof KNOWN_TREATMENTS)[number];
  actionsEnabled: boolean;
  /** ARNs of topics, by the state entered. */
  actions: Record<AlarmState, string[]>;
}
