import type { TemplateResource } from '../../src/cloudformation/template';
import { planned } from './fixture';

const PROPERTIES = {
  AlarmName: 'dlq',
  AlarmDescription: 'Messages that failed wait.',
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: 'dlq' }],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: '3',
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: ['arn:aws:sns:us-east-1:000000000000:alerts'],
};

const alarm = (changed: object = {}): Record<string, TemplateResource> => ({
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...PROPERTIES, ...changed } },
});

describe('AWS::CloudWatch::Alarm', () => {
  it('is an alarm on one metric', () => {
    expect(planned(alarm()).alarms).toEqual([
      {
        where: 'services/x: resource Alarm (AWS::CloudWatch::Alarm)',
        name: 'dlq',
        arn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:dlq',
        description: 'Messages that failed wait.',
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensions: { QueueName: 'dlq' },
        statistic: 'Maximum',
        periodSeconds: 60,
        evaluationPeriods: 3,
        datapointsToAlarm: 3,
        threshold: 0,
        comparisonOperator: 'GreaterThanThreshold',
        treatMissingData: 'missing',
        actionsEnabled: true,
        actions: {
          OK: [],
          ALARM: ['arn:aws:sns:us-east-1:000000000000:alerts'],
          INSUFFICIENT_DATA: [],
        },
      },
    ]);
  });

  it.each([
    ['metric math', { Metrics: [] }, 'MetricName'],
    ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p99' }, 'Statistic'],
    ['a unit', { Unit: 'Count' }, 'Unit'],
    ['an unknown comparison', { ComparisonOperator: 'Like' }, 'ComparisonOperator Like'],
    ['no threshold', { Threshold: undefined }, 'has no Threshold'],
    ['half a period', { EvaluationPeriods: 0.5 }, 'EvaluationPeriods 0.5'],
  ])('with %s is refused, naming it', (_, changed, named) => {
    const properties = JSON.parse(JSON.stringify({ ...PROPERTIES, ...changed })) as object;
    const plan = () =>
      planned({ Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties } } });
    expect(plan).toThrow(named);
  });
});

describe('AWS::CloudWatch::Dashboard', () => {
  const dashboard = (DashboardBody: unknown): Record<string, TemplateResource> => ({
    Board: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardName: 'shop', DashboardBody },
    },
  });

  it('is a dashboard with its body read', () => {
    expect(planned(dashboard('{"widgets":[]}')).dashboards).toEqual([
      { name: 'shop', body: { widgets: [] } },
    ]);
  });

  it('is refused where its body is no JSON', () => {
    expect(() => planned(dashboard('{'))).toThrow('DashboardBody that is no JSON');
  });
});
