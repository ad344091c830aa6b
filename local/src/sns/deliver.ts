import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { Delivery, Outcome } from './delivery-queue';
import type { Mailbox } from './mailbox';
import type { MessageAttributes } from './message-attributes';
import { textFor } from './message';
import { lambdaEvent, notification, subscriptionConfirmation } from './notification';
import { postMessage, type Post } from './post-message';
import type { Subscription } from './subscription';
import type { TopicConfig } from './topic-config';

/** How SNS reaches other services. Both throw an AwsError where there is no such target. */
export interface SnsConnections {
  /** Durable on return. The value of a Binary attribute is base64. */
  sendToQueue(arn: string, body: string, attributes?: MessageAttributes): void;
  /** Durable on return. */
  invokeAsync(functionArn: string, payload: unknown): void;
}

export interface Addressee {
  topic: TopicConfig;
  subscription: Subscription;
}

/** Makes one attempt to deliver; `key` names the delivery. What goes wrong is its outcome. */
export function deliver(
  context: AwsContext,
  connections: SnsConnections,
  mailbox: Mailbox,
  { topic, subscription }: Addressee,
  { type, message }: Delivery,
  key: string,
  stopped: AbortSignal,
): Outcome | Promise<Outcome> {
  const { protocol, endpoint } = subscription;
  try {
    switch (protocol) {
      case 'sqs': {
        const raw = subscription.rawMessageDelivery;
        const body = deliveredText(context, subscription, message);
        connections.sendToQueue(endpoint, body, raw ? message.attributes : undefined);
        return 'done';
      }
      case 'lambda':
        connections.invokeAsync(endpoint, lambdaEvent(context, subscription, message));
        return 'done';
      case 'email':
      case 'email-json':
        mailbox.put(key, {
          from: {
            name: topic.displayName ?? 'AWS Notifications',
            address: `no-reply@sns.${context.region}.amazonaws.com`,
          },
          to: endpoint,
          subject: message.subject ?? 'AWS Notification Message',
          at: message.publishedAt,
          id: message.id,
          body:
            protocol === 'email'
              ? textFor(message, protocol)
              : notification(context, subscription, message),
        });
        return 'done';
      case 'http':
      case 'https':
        return postMessage(postOf(context, subscription, { type, message }), stopped);
    }
  } catch (error) {
    // What another service refuses it refuses again; anything else may pass.
    const retry = !(error instanceof AwsError) || error.statusCode >= 500;
    return { reason: error instanceof Error ? error.message : String(error), retry };
  }
}

/** The message alone or in its envelope, as the subscription has it. */
export function deliveredText(
  context: AwsContext,
  subscription: Subscription,
  message: Delivery['message'],
): string {
  return subscription.rawMessageDelivery
    ? textFor(message, subscription.protocol)
    : notification(context, subscription, message);
}

// https://docs.aws.amazon.com/sns/latest/dg/http-header.html
function postOf(
  context: AwsContext,
  subscription: Subscription,
  { type, message }: Pick<Delivery, 'type' | 'message'>,
): Post {
  const headers = {
    'x-amz-sns-message-type': type,
    'x-amz-sns-message-id': message.id,
    'x-amz-sns-topic-arn': message.topicArn,
  };
  const url = subscription.endpoint;
  if (type === 'SubscriptionConfirmation') {
    return { url, headers, body: subscriptionConfirmation(context, subscription, message) };
  }
  return {
    url,
    headers: {
      ...headers,
      'x-amz-sns-subscription-arn': subscription.arn,
      ...(subscription.rawMessageDelivery && { 'x-amz-sns-rawdelivery': 'true' }),
    },
    body: deliveredText(context, subscription, message),
  };
}
