import { checkDeliveries } from '../../src/cloudformation/check-deliveries';
import type { TemplateResource } from '../../src/cloudformation/template';
import { planned } from './fixture';

type Resources = Record<string, TemplateResource>;

const arn = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

const rule = (target: object): TemplateResource => ({
  Type: 'AWS::Events::Rule',
  Properties: { ScheduleExpression: 'rate(1 day)', Targets: [{ Id: 't', ...target }] },
});

const FUNCTION: TemplateResource = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'f',
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Role: 'r',
    Code: { ZipFile: '' },
  },
};

const permission = (properties: object): TemplateResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName: { Ref: 'F' },
    Principal: 'events.amazonaws.com',
    ...properties,
  },
});

const queuePolicy = (statement: object): TemplateResource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: 'Q' }],
    PolicyDocument: {
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arn('Q'),
          Condition: { ArnEquals: { 'aws:SourceArn': arn('Rule') } },
          ...statement,
        },
      ],
    },
  },
});

const toFunction: Resources = { F: FUNCTION, Rule: rule({ Arn: arn('F') }) };
const toQueue: Resources = { Q: { Type: 'AWS::SQS::Queue' }, Rule: rule({ Arn: arn('Q') }) };

const check = (resources: Resources) => (): void => checkDeliveries(planned(resources));

describe('a rule', () => {
  it.each<[string, Resources]>([
    ['a function that permits it', { ...toFunction, P: permission({ SourceArn: arn('Rule') }) }],
    ['a function that permits every rule', { ...toFunction, P: permission({}) }],
    ['a queue whose policy lets it', { ...toQueue, P: queuePolicy({}) }],
    [
      'a queue whose policy lets all',
      { ...toQueue, P: queuePolicy({ Action: 'sqs:*', Resource: '*', Principal: '*' }) },
    ],
  ])('may send to %s', (_, resources) => {
    expect(check(resources)).not.toThrow();
  });

  it.each<[string, Resources, RegExp]>([
    ['a function without a permission', toFunction, /resource Rule .*without an AWS::Lambda::Perm/],
    [
      'a function that permits another rule',
      { ...toFunction, P: permission({ SourceArn: 'arn:aws:events:us-east-1:0:rule/other' }) },
      /without an AWS::Lambda::Permission/,
    ],
    [
      'a function that permits another service',
      { ...toFunction, P: permission({ Principal: 's3.amazonaws.com' }) },
      /without an AWS::Lambda::Permission/,
    ],
    ['a queue without a policy', toQueue, /resource Rule .*without an AWS::SQS::QueuePolicy/],
    [
      'a queue that lets another action',
      { ...toQueue, P: queuePolicy({ Action: 'sqs:ReceiveMessage' }) },
      /without an AWS::SQS::QueuePolicy/,
    ],
    [
      'a queue whose policy is for another queue',
      { ...toQueue, P: queuePolicy({ Resource: 'arn:aws:sqs:us-east-1:000000000000:other' }) },
      /without an AWS::SQS::QueuePolicy/,
    ],
    [
      'a queue whose policy is for another rule',
      {
        ...toQueue,
        P: queuePolicy({ Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:x' } } }),
      },
      /without an AWS::SQS::QueuePolicy/,
    ],
    [
      'a target that is not declared',
      { Rule: rule({ Arn: 'arn:aws:sqs:us-east-1:000000000000:gone' }) },
      /has the target t arn:aws:sqs:.*:gone, which no stack declares/,
    ],
    [
      'a dead-letter queue without a policy',
      {
        ...toFunction,
        P: permission({}),
        Q: { Type: 'AWS::SQS::Queue' },
        Rule: rule({ Arn: arn('F'), DeadLetterConfig: { Arn: arn('Q') } }),
      },
      /without an AWS::SQS::QueuePolicy/,
    ],
  ])('may not send to %s', (_, resources, message) => {
    expect(check(resources)).toThrow(message);
  });
});

describe('what is nowhere declared', () => {
  const GONE = 'arn:aws:sqs:us-east-1:000000000000:gone';

  it.each<[string, Resources, RegExp]>([
    [
      'the dead-letter queue of a queue',
      {
        Q: {
          Type: 'AWS::SQS::Queue',
          Properties: { RedrivePolicy: { deadLetterTargetArn: GONE, maxReceiveCount: 1 } },
        },
      },
      /has the dead-letter queue .*:gone, which no stack declares/,
    ],
    [
      'the destination of a function',
      {
        F: FUNCTION,
        C: {
          Type: 'AWS::Lambda::EventInvokeConfig',
          Properties: {
            FunctionName: { Ref: 'F' },
            Qualifier: '$LATEST',
            DestinationConfig: { OnFailure: { Destination: GONE } },
          },
        },
      },
      /function f has the destination .*:gone/,
    ],
    [
      'the source of an event source mapping',
      {
        F: FUNCTION,
        M: {
          Type: 'AWS::Lambda::EventSourceMapping',
          Properties: { EventSourceArn: GONE, FunctionName: { Ref: 'F' } },
        },
      },
      /resource M .*has the source .*:gone/,
    ],
  ])('is an error: %s', (_, resources, message) => {
    expect(check(resources)).toThrow(message);
  });
});

describe('an event source mapping', () => {
  it('is refused where messages come back before the function has timed out', () => {
    const resources: Resources = {
      F: { ...FUNCTION, Properties: { ...FUNCTION.Properties, Timeout: 31 } },
      Q: { Type: 'AWS::SQS::Queue' },
      M: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: arn('Q'), FunctionName: { Ref: 'F' } },
      },
    };
    expect(check(resources)).toThrow(/visibility timeout of 30 s, less than .* timeout of 31 s/);
  });
});
