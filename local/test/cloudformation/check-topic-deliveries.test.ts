import { checkDeliveries } from '../../src/cloudformation/check-deliveries';
import type { TemplateResource } from '../../src/cloudformation/template';
import { planned } from './fixture';

type Resources = Record<string, TemplateResource>;

const GONE = 'arn:aws:sns:us-east-1:000000000000:gone';
const TOPIC: Resources = { T: { Type: 'AWS::SNS::Topic' } };
const QUEUE: Resources = { Q: { Type: 'AWS::SQS::Queue' } };
const FUNCTION: Resources = {
  F: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'f',
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: 'r',
      Code: { ZipFile: '' },
    },
  },
};

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

const rule = (Arn: unknown): Resources => ({
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 't', Arn }] },
  },
});

const alarm = (actions: object): Resources => ({
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      ...actions,
    },
  },
});

const subscription = (properties: object): Resources => ({
  S: {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'T' }, ...properties },
  },
});

const topicPolicy = (Service: string, more: object = {}): Resources => ({
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'T' }],
      PolicyDocument: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service },
          Action: 'sns:Publish',
          Resource: { Ref: 'T' },
          ...more,
        },
      },
    },
  },
});

const queuePolicy = (Service: string): Resources => ({
  QueuePolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Q' }],
      PolicyDocument: {
        Statement: {
          Effect: 'Allow',
          Principal: { Service },
          Action: 'sqs:SendMessage',
          Resource: arn('Q'),
          Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'T' } } },
        },
      },
    },
  },
});

const permission = (Principal: string): Resources => ({
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: { Ref: 'F' }, Principal },
  },
});

const onFailure = (Destination: unknown): Resources => ({
  Config: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: 'F' },
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination } },
    },
  },
});

const TO_QUEUE = { Protocol: 'sqs', Endpoint: arn('Q') };
const TO_FUNCTION = { Protocol: 'lambda', Endpoint: arn('F') };
const BY_MAIL = { Protocol: 'email', Endpoint: 'me@example.com' };
const redrive = { ...BY_MAIL, RedrivePolicy: { deadLetterTargetArn: arn('Q') } };

const toTopic = rule({ Ref: 'T' });
const alarming = alarm({ AlarmActions: [{ Ref: 'T' }] });

const check = (...resources: Resources[]): void =>
  checkDeliveries(planned(Object.assign({}, ...resources) as Resources));

it.each<[string, Resources[]]>([
  ['a rule to a topic that lets it', [TOPIC, toTopic, topicPolicy('events.amazonaws.com')]],
  ['an alarm to a topic that lets it', [TOPIC, alarming, topicPolicy('cloudwatch.amazonaws.com')]],
  ['an alarm to a topic without a policy of its own', [TOPIC, alarming]],
  [
    'an alarm to a function that permits it',
    [
      FUNCTION,
      alarm({ OKActions: [arn('F')] }),
      permission('lambda.alarms.cloudwatch.amazonaws.com'),
    ],
  ],
  ['a function to a topic', [FUNCTION, TOPIC, onFailure({ Ref: 'T' })]],
  [
    'a topic to a queue that lets it',
    [TOPIC, QUEUE, subscription(TO_QUEUE), queuePolicy('sns.amazonaws.com')],
  ],
  [
    'a topic to a function that permits it',
    [TOPIC, FUNCTION, subscription(TO_FUNCTION), permission('sns.amazonaws.com')],
  ],
  ['a topic to an address', [TOPIC, subscription(BY_MAIL)]],
  [
    'a topic to a dead-letter queue that lets it',
    [TOPIC, QUEUE, subscription(redrive), queuePolicy('sns.amazonaws.com')],
  ],
])('may send: %s', (_, resources) => {
  expect(() => check(...resources)).not.toThrow();
});

it.each<[string, Resources[], RegExp]>([
  [
    'a rule to a topic without a policy',
    [TOPIC, toTopic],
    /resource Rule .*without an AWS::SNS::TopicPolicy that lets events.amazonaws.com sns:Publish/,
  ],
  [
    'a rule to a topic that lets another service',
    [TOPIC, toTopic, topicPolicy('cloudwatch.amazonaws.com')],
    /lets events.amazonaws.com/,
  ],
  [
    'a rule to a topic that lets another rule',
    [
      TOPIC,
      toTopic,
      topicPolicy('events.amazonaws.com', {
        Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:us-east-1:0:rule/other' } },
      }),
    ],
    /without an AWS::SNS::TopicPolicy/,
  ],
  [
    'an alarm to a topic that lets another service',
    [TOPIC, alarming, topicPolicy('events.amazonaws.com')],
    /resource Alarm .*lets cloudwatch.amazonaws.com sns:Publish/,
  ],
  [
    'an alarm to what is not declared',
    [alarm({ AlarmActions: [GONE] })],
    /has the action .*:gone, which no stack declares/,
  ],
  [
    'an alarm to a function without a permission',
    [FUNCTION, alarm({ OKActions: [arn('F')] })],
    /AWS::Lambda::Permission for lambda.alarms.cloudwatch.amazonaws.com/,
  ],
  [
    'a function to a topic that is not declared',
    [FUNCTION, onFailure(GONE)],
    /destination .*:gone/,
  ],
  [
    'a topic to a queue without a policy',
    [TOPIC, QUEUE, subscription(TO_QUEUE)],
    /resource S .*AWS::SQS::QueuePolicy that lets sns.amazonaws.com sqs:SendMessage/,
  ],
  [
    'a topic to a queue that lets another service',
    [TOPIC, QUEUE, subscription(TO_QUEUE), queuePolicy('events.amazonaws.com')],
    /lets sns.amazonaws.com/,
  ],
  [
    'a topic to a function without a permission',
    [TOPIC, FUNCTION, subscription(TO_FUNCTION)],
    /resource S .*AWS::Lambda::Permission for sns.amazonaws.com/,
  ],
  [
    'a topic to a queue that is not declared',
    [TOPIC, subscription({ Protocol: 'sqs', Endpoint: GONE.replace('sns', 'sqs') })],
    /has the endpoint .*:gone/,
  ],
  [
    'a topic to a dead-letter queue without a policy',
    [TOPIC, QUEUE, subscription(redrive)],
    /without an AWS::SQS::QueuePolicy/,
  ],
  [
    'a topic that is not declared',
    [subscription({ ...BY_MAIL, TopicArn: GONE })],
    /resource S .*has the topic .*:gone/,
  ],
])('may not send: %s', (_, resources, message) => {
  expect(() => check(...resources)).toThrow(message);
});
