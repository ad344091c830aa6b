// The functions: `notify` only where there is a webhook, so that nothing stands idle without one.

const FAILED_ALERTS = { type: 'sqs', arn: { 'Fn::GetAtt': ['FailedAlertsQueue', 'Arn'] } };

module.exports = async ({ resolveVariable }) => {
  const webhookSecret = await resolveVariable('param:webhookSecret');
  return { alert: ALERT, ...(webhookSecret && { notify: notify(webhookSecret) }) };
};

const ALERT = {
  handler: 'src/handler.handler',
  description: 'Tells of each incident when it begins, while it changes, and when it is over.',
  memorySize: 256,
  timeout: 60,
  environment: {
    STAGE: '${sls:stage}',
    CURATED_BUCKET: { 'Fn::Sub': '${self:custom.names.curated}' },
    INCIDENTS_TABLE: { Ref: 'IncidentsTable' },
    TOPIC_ARN: { Ref: 'AlertsTopic' },
    REPEAT_MINUTES: '${param:repeatMinutes}',
  },
  events: [
    {
      eventBridge: {
        pattern: {
          source: ['aws.cloudwatch'],
          'detail-type': ['CloudWatch Alarm State Change'],
          detail: {
            alarmName: [{ prefix: 'saleslake-${sls:stage}-' }],
            // Not every alarm's first look, which finds it OK. None of the alarms goes through
            // INSUFFICIENT_DATA on its way back, as none treats missing data as missing.
            $or: [{ state: { value: ['ALARM'] } }, { previousState: { value: ['ALARM'] } }],
          },
        },
      },
    },
    { schedule: { description: 'A look at open incidents.', rate: 'rate(15 minutes)' } },
  ],
  maximumRetryAttempts: 2,
  destinations: { onFailure: FAILED_ALERTS },
};

const notify = (webhookSecret) => ({
  handler: 'src/notify.handler',
  description: 'Posts alerts to a webhook of Slack or Teams.',
  memorySize: 256,
  timeout: 30,
  role: 'NotifyRole',
  environment: { WEBHOOK_SECRET: webhookSecret },
  events: [{ sns: { arn: { Ref: 'AlertsTopic' }, topicName: 'saleslake-${sls:stage}-alerts' } }],
  maximumRetryAttempts: 2,
  destinations: { onFailure: FAILED_ALERTS },
});
