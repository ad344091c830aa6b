// Who is told: an address, a webhook's function, neither or both.

module.exports = async ({ resolveVariable }) => {
  const alertEmail = await resolveVariable('param:alertEmail');
  const webhookSecret = await resolveVariable('param:webhookSecret');
  return {
    Resources: {
      ...(alertEmail && { EmailSubscription: emailSubscription(alertEmail) }),
      ...(webhookSecret && { NotifyRole: notifyRole(webhookSecret) }),
    },
  };
};

const emailSubscription = (Endpoint) => ({
  Type: 'AWS::SNS::Subscription',
  Properties: { TopicArn: { Ref: 'AlertsTopic' }, Protocol: 'email', Endpoint },
});

const ARN = 'arn:${AWS::Partition}';
const HERE = '${AWS::Region}:${AWS::AccountId}';

/** A role of its own: who knows the webhook's URL need read no queue, and the other way round. */
const notifyRole = (webhookSecret) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'lambda.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'notify',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: {
                'Fn::Sub': `${ARN}:logs:${HERE}:log-group:/aws/lambda/saleslake-alerting-\${sls:stage}-notify:*`,
              },
            },
            {
              Effect: 'Allow',
              Action: 'secretsmanager:GetSecretValue',
              // Secrets Manager ends a secret's ARN in six characters of its own.
              // https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html
              Resource: {
                'Fn::Sub': `${ARN}:secretsmanager:${HERE}:secret:${webhookSecret}-??????`,
              },
            },
            {
              Effect: 'Allow',
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['FailedAlertsQueue', 'Arn'] },
            },
          ],
        },
      },
    ],
  },
});
