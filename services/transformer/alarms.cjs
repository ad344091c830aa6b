const { alarms, messagesIn, metric, ownMetric } = require('../alarm.cjs');

module.exports = alarms('transformer', {
  'dead-letters': messagesIn(
    'ObjectsDeadLetterQueue',
    'Raw objects could not be transformed after several attempts, so their rows are missing.',
  ),
  quarantine: ownMetric(
    'transformer',
    'RowsQuarantined',
    'Records were not valid and were put into quarantine.',
    { Threshold: '${param:quarantineThreshold}' },
  ),
  // What cannot be transformed is no longer counted after its third reception, 24 minutes after it
  // came: that is for the dead-letter queue's alarm. This one is of falling behind.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  backlog: metric('Raw objects have been waiting for more than half an hour to be transformed.', {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateAgeOfOldestMessage',
    Dimensions: { QueueName: { 'Fn::GetAtt': ['ObjectsQueue', 'QueueName'] } },
    Statistic: 'Maximum',
    Period: 60,
    Threshold: 1800,
  }),
});
