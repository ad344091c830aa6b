import type { TemplateResource } from '../../src/cloudformation/template';
import { planned } from './fixture';

const ARN = 'arn:aws:sns:us-east-1:000000000000:alerts';

const TOPIC: TemplateResource = {
  Type: 'AWS::SNS::Topic',
  Properties: { TopicName: 'alerts', DisplayName: 'Alerts', KmsMasterKeyId: 'alias/aws/sns' },
};

const withTopic = (properties: object): Record<string, TemplateResource> => ({
  T: { ...TOPIC, Properties: { ...TOPIC.Properties, ...properties } },
});

const withSubscription = (properties: object): Record<string, TemplateResource> => ({
  T: TOPIC,
  S: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'T' },
      Protocol: 'email',
      Endpoint: 'me@example.com',
      ...properties,
    },
  },
});

describe('AWS::SNS::Topic', () => {
  it('is planned with its subscriptions', () => {
    const { topics, subscriptions } = planned(
      withTopic({ Subscription: [{ Protocol: 'email', Endpoint: 'me@example.com' }] }),
    );
    expect(topics).toEqual([{ name: 'alerts', arn: ARN, displayName: 'Alerts' }]);
    expect(subscriptions).toMatchObject([
      { topicArn: ARN, protocol: 'email', endpoint: 'me@example.com', rawMessageDelivery: false },
    ]);
  });

  it('has its ARN for Ref, and its name as an attribute', () => {
    const { outputs } = planned(withTopic({}), {
      Outputs: {
        Ref: { Value: { Ref: 'T' } },
        Arn: { Value: { 'Fn::GetAtt': ['T', 'TopicArn'] } },
        Name: { Value: { 'Fn::GetAtt': ['T', 'TopicName'] } },
      },
    });
    expect(outputs['x-local']).toEqual({ Ref: ARN, Arn: ARN, Name: 'alerts' });
  });

  it('has a name made up where it has none', () => {
    const [topic] = planned({ T: { Type: 'AWS::SNS::Topic' } }).topics;
    expect(topic?.name).toMatch(/^x-local-T-[0-9a-f]{12}$/);
  });

  it.each<[string, object, string]>([
    ['first in, first out', { FifoTopic: true }, 'FIFO'],
    ['a name that SNS refuses', { TopicName: 'a.b' }, 'a.b'],
    ['an unknown property', { ArchivePolicy: {} }, 'ArchivePolicy'],
  ])('is refused with %s', (_, properties, named) => {
    expect(() => planned(withTopic(properties))).toThrow(/^services\/x: resource T .*SNS::Topic/);
    expect(() => planned(withTopic(properties))).toThrow(named);
  });
});

describe('AWS::SNS::Subscription', () => {
  it('is planned with what decides which messages it gets, and where lost ones go', () => {
    const resources = withSubscription({
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:inbox',
      RawMessageDelivery: 'true',
      FilterPolicy: { stage: ['prod'] },
      FilterPolicyScope: 'MessageBody',
      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
    });
    const plan = (): unknown[] => planned(resources).subscriptions;
    expect(plan()).toEqual([
      {
        where: expect.stringContaining('resource S') as string,
        arn: expect.stringMatching(`^${ARN}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`) as string,
        topicArn: ARN,
        protocol: 'sqs',
        endpoint: 'arn:aws:sqs:us-east-1:000000000000:inbox',
        rawMessageDelivery: true,
        filterPolicy: { stage: ['prod'] },
        filterPolicyScope: 'MessageBody',
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      },
    ]);
    // A later start finds by it what is still to be delivered.
    expect(plan()).toEqual(plan());
  });

  it.each<[string, object, string]>([
    ['an unknown protocol', { Protocol: 'sms' }, 'sms'],
    ['no address', { Endpoint: 'me' }, 'an e-mail address'],
    ['a filter that SNS refuses', { FilterPolicy: { a: 'x' } }, 'FilterPolicy'],
    ['a filter that is no object', { FilterPolicy: '{}' }, 'FilterPolicy'],
    ['an unknown scope', { FilterPolicyScope: 'Body' }, 'Body'],
    ['another region', { Region: 'eu-west-1' }, 'eu-west-1'],
    ['a delivery policy', { DeliveryPolicy: {} }, 'DeliveryPolicy'],
    ['a redrive policy without a queue', { RedrivePolicy: {} }, 'deadLetterTargetArn'],
  ])('is refused with %s', (_, properties, named) => {
    const plan = () => planned(withSubscription(properties));
    expect(plan).toThrow(/^services\/x: resource S .*SNS::Subscription/);
    expect(plan).toThrow(named);
  });
});

describe('AWS::SNS::TopicPolicy', () => {
  it('is planned with its statements', () => {
    const Statement = {
      Sid: 'events',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: { Ref: 'T' },
      Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*' } },
    };
    const { topicPolicies } = planned({
      T: TOPIC,
      P: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: { Topics: [{ Ref: 'T' }], PolicyDocument: { Statement } },
      },
    });
    expect(topicPolicies).toEqual([
      {
        topicArns: [ARN],
        statements: [
          {
            effect: 'Allow',
            principals: ['events.amazonaws.com'],
            actions: ['sns:Publish'],
            resources: [ARN],
            sourceArns: ['arn:aws:events:*'],
          },
        ],
      },
    ]);
  });
});
