import { randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import type { XmlContent } from '../core/xml-element';
import { page } from './page';
import {
  optionalString,
  requiredString,
  stringEntries,
  type QueryInput,
  type QueryOperation,
} from './query-protocol';
import type { Registry } from './registry';
import { invalidParameter } from './sns-error';
import {
  changeSubscription,
  describeSubscription,
  ownerOf,
  readProtocol,
  type Subscription,
} from './subscription';
import type { SubscriptionConfig } from './topic-config';

/**
 * https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html and what goes with it. `confirm`
 * asks the endpoint of a new subscription to confirm it.
 */
export function subscriptionOperations(
  context: AwsContext,
  registry: Registry,
  confirm: (subscription: Subscription) => void,
): Record<string, QueryOperation> {
  function subscribe(input: QueryInput): Subscription {
    const topicArn = registry.topic(requiredString(input, 'TopicArn')).arn;
    const protocol = readProtocol(requiredString(input, 'Protocol'));
    const endpoint = requiredString(input, 'Endpoint');
    const attributes = stringEntries(input, 'Attributes');
    const present = registry
      .subscriptionsOf(topicArn)
      .find((other) => other.protocol === protocol && other.endpoint === endpoint);
    const config: SubscriptionConfig = changeSubscription(
      {
        arn: present?.arn ?? `${topicArn}:${randomUUID()}`,
        topicArn,
        protocol,
        endpoint,
        rawMessageDelivery: false,
        filterPolicyScope: 'MessageAttributes',
      },
      attributes,
    );
    if (present) {
      requireSame(present, config);
      return present;
    }
    const asks = protocol === 'http' || protocol === 'https';
    const made = { ...config, pending: asks, ...(asks && { token: randomToken() }) };
    registry.subscriptions.set(made);
    if (asks) confirm(made);
    return made;
  }

  /** An operation on the subscription that SubscriptionArn names. IAM knows no resource for it. */
  const onSubscription =
    (
      action: string,
      run: (subscription: Subscription, input: QueryInput) => { [name: string]: XmlContent },
    ): QueryOperation =>
    (input, accessKeyId) => {
      context.authorize(accessKeyId, `sns:${action}`, '*');
      return run(registry.subscription(requiredString(input, 'SubscriptionArn')), input);
    };

  return {
    Subscribe(input, accessKeyId) {
      context.authorize(accessKeyId, 'sns:Subscribe', requiredString(input, 'TopicArn'));
      const { arn, pending } = subscribe(input);
      const tellsArn = !pending || optionalString(input, 'ReturnSubscriptionArn') === 'true';
      return { SubscriptionArn: tellsArn ? arn : 'pending confirmation' };
    },

    ConfirmSubscription(input, accessKeyId) {
      const topicArn = requiredString(input, 'TopicArn');
      context.authorize(accessKeyId, 'sns:ConfirmSubscription', topicArn);
      const token = requiredString(input, 'Token');
      const subscriptions = registry.subscriptionsOf(registry.topic(topicArn).arn);
      const found = subscriptions.find((subscription) => subscription.token === token);
      if (!found) throw invalidParameter('Token Reason: no subscription of the topic has it');
      if (found.pending) registry.subscriptions.set({ ...found, pending: false });
      return { SubscriptionArn: found.arn };
    },

    Unsubscribe(input, accessKeyId) {
      context.authorize(accessKeyId, 'sns:Unsubscribe', '*');
      const arn = requiredString(input, 'SubscriptionArn');
      if (!/^arn:aws:sns:[^:]*:\d+:[^:]+:[^:]+$/.test(arn)) {
        throw invalidParameter(`SubscriptionArn Reason: ${arn}; expected a subscription's ARN`);
      }
      registry.subscriptions.delete(arn);
      return {};
    },

    ListSubscriptions(input, accessKeyId) {
      context.authorize(accessKeyId, 'sns:ListSubscriptions', '*');
      return list(registry.subscriptions.values(), input);
    },

    ListSubscriptionsByTopic(input, accessKeyId) {
      const topicArn = requiredString(input, 'TopicArn');
      context.authorize(accessKeyId, 'sns:ListSubscriptionsByTopic', topicArn);
      return list(registry.subscriptionsOf(registry.topic(topicArn).arn), input);
    },

    GetSubscriptionAttributes: onSubscription('GetSubscriptionAttributes', (subscription) => {
      const attributes = Object.entries(describeSubscription(subscription));
      return { Attributes: { entry: attributes.map(([key, value]) => ({ key, value })) } };
    }),

    SetSubscriptionAttributes: onSubscription(
      'SetSubscriptionAttributes',
      (subscription, input) => {
        const name = requiredString(input, 'AttributeName');
        const value = optionalString(input, 'AttributeValue') ?? '';
        registry.subscriptions.set(changeSubscription(subscription, [[name, value]]));
        return {};
      },
    ),
  };
}

function list(subscriptions: Subscription[], input: QueryInput): { [name: string]: XmlContent } {
  const { items, NextToken } = page(subscriptions, optionalString(input, 'NextToken'));
  const member = items.map(({ arn, pending, protocol, endpoint, topicArn }) => ({
    SubscriptionArn: pending ? 'PendingConfirmation' : arn,
    Owner: ownerOf(topicArn),
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  }));
  return { Subscriptions: { member }, NextToken };
}

/** Subscribing twice is one subscription, unless the second wants it otherwise. */
function requireSame(present: Subscription, wanted: SubscriptionConfig): void {
  const same =
    JSON.stringify(describeSubscription({ ...wanted, pending: false })) ===
    JSON.stringify(describeSubscription({ ...present, pending: false, token: undefined }));
  if (same) return;
  throw invalidParameter(
    'Attributes Reason: Subscription already exists with different attributes',
  );
}

function randomToken(): string {
  return `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
}
