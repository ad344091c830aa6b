// What an alarm of a service takes: each service has an alarms.cjs beside its serverless.yml that
// says which there are. None has actions: alerting hears of every change of state from EventBridge.
const { pascalCase } = require('./logical-id.cjs');

/**
 * The resources of a service's alarms, each named `saleslake-<stage>-<service>-<what>`.
 * @param alarms by what they tell, in kebab-case; each is what messagesIn, ownMetric or metric makes
 */
exports.alarms = (service, alarms) => ({
  Resources: Object.fromEntries(
    Object.entries(alarms).map(([what, properties]) => [
      `${pascalCase(what)}Alarm`,
      {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { AlarmName: `saleslake-\${sls:stage}-${service}-${what}`, ...properties },
      },
    ]),
  ),
});

/**
 * An alarm on one metric, judged by its latest period alone. Unless told otherwise it is raised by
 * anything above zero, and what was not measured is no reason for it.
 * @param meaning one plain sentence for the person who is alerted
 * @param of the metric, and whatever else PutMetricAlarm takes
 */
const metric = (meaning, { Dimensions, ...of }) => ({
  AlarmDescription: meaning,
  Dimensions: Object.entries(Dimensions).map(([Name, Value]) => ({ Name, Value })),
  EvaluationPeriods: 1,
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0,
  TreatMissingData: 'notBreaching',
  ...of,
});
exports.metric = metric;

/** Messages in a queue of what failed for good; `queue` is its logical id. */
exports.messagesIn = (queue, meaning) =>
  metric(meaning, {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: { QueueName: { 'Fn::GetAtt': [queue, 'QueueName'] } },
    Statistic: 'Maximum',
    Period: 60,
  });

/** A metric that the service's own functions write, as shared/src/runtime/metrics.ts has it. */
exports.ownMetric = (service, MetricName, meaning, of = {}) =>
  metric(meaning, {
    Namespace: 'saleslake/${sls:stage}',
    MetricName,
    Dimensions: { service },
    Statistic: 'Sum',
    Period: 300,
    ...of,
  });
