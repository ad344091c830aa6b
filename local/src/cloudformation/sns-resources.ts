import { createHash } from 'node:crypto';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import { checkSubscription, readProtocol } from '../sns/subscription';
import { checkTopic } from '../sns/topic-operations';
import type { SubscriptionConfig } from '../sns/topic-config';
import type { PropertyReader } from './property-reader';
import { readResourcePolicy } from './resource-policy';
import { arnOf, type ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
const topic: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('TopicName') ?? generatedName;
  const arn = arnOf(environment, 'sns', name);
  properties.withoutEffect(
    'DataProtectionPolicy',
    'DeliveryStatusLogging',
    'KmsMasterKeyId',
    'SignatureVersion',
    'Tags',
    'TracingConfig',
  );
  if (properties.optionalBoolean('FifoTopic')) {
    throw properties.fail('is a FIFO topic, which the local AWS does not emulate');
  }
  const config = { name, arn, displayName: properties.optionalString('DisplayName') };
  asSnsTakesIt(properties, () => checkTopic(config));
  deployment.topics.push(config);
  for (const inline of properties.objects('Subscription')) {
    const protocol = inline.string('Protocol');
    const endpoint = inline.string('Endpoint');
    const subscription = readSubscription(inline, {
      arn: subscriptionArn(arn, `${protocol} ${endpoint}`),
      topicArn: arn,
    });
    deployment.subscriptions.push({ ...subscription, where: properties.where });
  }
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
const subscription: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const topicArn = properties.string('TopicArn');
  const arn = subscriptionArn(topicArn, generatedName);
  const region = properties.optionalString('Region');
  if (region !== undefined && region !== environment.region) {
    throw properties.fail(`has Region ${region}; the local AWS is ${environment.region} alone`);
  }
  const config = readSubscription(properties, { arn, topicArn });
  deployment.subscriptions.push({ ...config, where: properties.where });
  return { ref: arn, attributes: { Arn: arn } };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html */
const topicPolicy: ResourceType = ({ properties, generatedName, deployment }) => {
  deployment.topicPolicies.push({
    topicArns: properties.strings('Topics'),
    statements: readResourcePolicy(properties.object('PolicyDocument')),
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
};

function readSubscription(
  properties: PropertyReader,
  of: Pick<SubscriptionConfig, 'arn' | 'topicArn'>,
): SubscriptionConfig {
  return asSnsTakesIt(properties, () => {
    const config: SubscriptionConfig = {
      ...of,
      protocol: readProtocol(properties.string('Protocol')),
      endpoint: properties.string('Endpoint'),
      rawMessageDelivery: properties.optionalBoolean('RawMessageDelivery') ?? false,
      filterPolicy: readFilterPolicy(properties),
      filterPolicyScope: readScope(properties),
      deadLetterTargetArn: properties
        .optionalObject('RedrivePolicy')
        ?.string('deadLetterTargetArn'),
    };
    checkSubscription(config);
    return config;
  });
}

function readFilterPolicy(properties: PropertyReader): SubscriptionConfig['filterPolicy'] {
  const policy = properties.json('FilterPolicy');
  if (policy === undefined || isJsonObject(policy)) return policy;
  throw properties.fail(`has FilterPolicy ${JSON.stringify(policy)}; expected an object`);
}

function readScope(properties: PropertyReader): SubscriptionConfig['filterPolicyScope'] {
  const scope = properties.optionalString('FilterPolicyScope') ?? 'MessageAttributes';
  if (scope === 'MessageAttributes' || scope === 'MessageBody') return scope;
  throw properties.fail(
    `has FilterPolicyScope ${scope}; expected MessageAttributes or MessageBody`,
  );
}

/** Names the resource where SNS refuses what it declares. */
function asSnsTakesIt<T>(properties: PropertyReader, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw properties.fail(`is refused by SNS: ${error.message}`);
  }
}

/** AWS ends it in a random UUID; here it is the same each time, so that a retry finds it again. */
function subscriptionArn(topicArn: string, unique: string): string {
  const hash = createHash('sha256').update(`${topicArn} ${unique}`).digest('hex');
  const uuid = hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  return `${topicArn}:${uuid}`;
}

export const snsResources: Record<string, ResourceType> = {
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::TopicPolicy': topicPolicy,
};
