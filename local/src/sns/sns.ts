import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Activity, AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import { deliver, deliveredText, type SnsConnections } from './deliver';
import { openDeliveryQueue, type Delivery, type Outcome } from './delivery-queue';
import { openMailbox } from './mailbox';
import { acceptMessage, type NewMessage } from './message';
import type { MessageAttributes } from './message-attributes';
import { publishOperations } from './publish-operations';
import { queryProtocol } from './query-protocol';
import { openRegistry } from './registry';
import { accepts, checkSubscription, type Subscription } from './subscription';
import { subscriptionOperations } from './subscription-operations';
import type { SubscriptionConfig, TopicConfig } from './topic-config';
import { checkTopic, topicOperations } from './topic-operations';

export type { SnsConnections } from './deliver';
export type { MessageAttributes } from './message-attributes';
export type { SubscriptionConfig, SubscriptionProtocol, TopicConfig } from './topic-config';

export interface Sns {
  /** The AWS Query protocol, `Action=<operation>`. */
  handler: ServiceHandler;
  /** Makes a topic of a template. Throws InvalidParameter for what AWS would refuse. */
  createTopic(config: TopicConfig): void;
  /**
   * Makes a subscription of a template, confirmed. Throws InvalidParameter, and NotFound where
   * there is no such topic.
   */
  createSubscription(config: SubscriptionConfig): void;
  /**
   * Publishes for another service: the message is on disk for every subscription whose filter it
   * passes when this returns the message's id. Throws NotFound and InvalidParameter.
   */
  publish(
    topicArn: string,
    message: { subject?: string; message: string; attributes?: MessageAttributes },
  ): string;
  topics(): TopicConfig[];
  /** True where nothing is left to deliver. */
  idle(): boolean;
  /** Begins to deliver, with what the last process left. */
  start(): void;
  /** Cuts off what is under way, and keeps it. */
  stop(): Promise<void>;
}

/**
 * Opens SNS with the topics and subscriptions that people made, under `<stateDir>/sns`; e-mail
 * goes to `<stateDir>/mail`. A message is delivered at least once to each subscription that it is
 * for, or goes to the subscription's dead-letter queue.
 */
export function openSns(context: AwsContext, connections: SnsConnections): Sns {
  const folder = join(context.stateDir, 'sns');
  const registry = openRegistry(folder);
  const mailbox = openMailbox(context.stateDir);

  const tell = (
    { message, protocol }: Delivery,
    what: string,
    detail: string,
    level: Activity['level'],
  ): void => {
    const subject = message.topicArn.slice(message.topicArn.lastIndexOf(':') + 1);
    context.tell({ service: 'sns', what, subject, detail: `${protocol}: ${detail}`, level });
  };

  function attempt(
    delivery: Delivery,
    key: string,
    stopped: AbortSignal,
  ): Outcome | Promise<Outcome> {
    const subscription = registry.subscriptions.get(delivery.subscriptionArn);
    const topic = registry.topics.get(delivery.message.topicArn);
    if (!subscription || !topic) {
      const gone = `message ${delivery.message.id} is dropped: ${delivery.subscriptionArn} is gone`;
      tell(delivery, 'unsubscribed', gone, 'warn');
      return 'done';
    }
    const done = (outcome: Outcome): Outcome => {
      const detail = `message ${delivery.message.id} to ${subscription.endpoint}`;
      if (outcome === 'done') tell(delivery, 'delivered', detail, 'debug');
      return outcome;
    };
    const to = { topic, subscription };
    const outcome = deliver(context, connections, mailbox, to, delivery, key, stopped);
    return outcome instanceof Promise ? outcome.then(done) : done(outcome);
  }

  /** https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html */
  function giveUp(delivery: Delivery, reason: string): void {
    const { message, type } = delivery;
    const subscription = registry.subscriptions.get(delivery.subscriptionArn);
    const deadLetterArn = type === 'Notification' ? subscription?.deadLetterTargetArn : undefined;
    if (!subscription || deadLetterArn === undefined) {
      const lost = `message ${message.id} is lost, for there is no dead-letter queue; ${reason}`;
      return tell(delivery, 'undeliverable', lost, 'error');
    }
    const attributes = subscription.rawMessageDelivery ? message.attributes : undefined;
    try {
      connections.sendToQueue(
        deadLetterArn,
        deliveredText(context, subscription, message),
        attributes,
      );
    } catch (error) {
      const lost = `message ${message.id} is lost; ${reason}; ${deadLetterArn}: ${String(error)}`;
      return tell(delivery, 'undeliverable', lost, 'error');
    }
    tell(delivery, 'dead letter', `message ${message.id} to ${deadLetterArn}; ${reason}`, 'warn');
  }

  const queue = openDeliveryQueue({
    folder: join(folder, 'deliveries'),
    clock: context.clock,
    attempt,
    giveUp,
    retryPlanned(delivery, reason, delayMs) {
      const detail = `in ${delayMs / 1000} s, after attempt ${delivery.failed}; ${reason}`;
      tell(delivery, 'retry planned', detail, 'warn');
    },
  });

  function publish(topicArn: string, wanted: NewMessage): string {
    const { arn, name } = registry.topic(topicArn);
    const message = acceptMessage(arn, wanted, context.clock.now());
    const subscriptions = registry.subscriptionsOf(arn).filter((one) => accepts(one, message));
    const detail = `${message.subject ?? message.id} to ${subscriptions.length} of its subscriptions`;
    context.tell({
      service: 'sns',
      what: 'message published',
      subject: name,
      detail,
      level: 'info',
    });
    queue.put(
      subscriptions.map((subscription) => ({
        type: 'Notification',
        subscriptionArn: subscription.arn,
        protocol: subscription.protocol,
        message,
      })),
    );
    return message.id;
  }

  function confirm(subscription: Subscription): void {
    const message = {
      id: randomUUID(),
      topicArn: subscription.topicArn,
      publishedAt: context.clock.now(),
      message:
        `You are asked to subscribe to the topic ${subscription.topicArn}. ` +
        'To confirm, visit the SubscribeURL of this message.',
      attributes: {},
    };
    const { arn, protocol } = subscription;
    queue.put([{ type: 'SubscriptionConfirmation', subscriptionArn: arn, protocol, message }]);
  }

  return {
    handler: queryProtocol({
      ...publishOperations(context, (arn) => void registry.topic(arn), publish),
      ...topicOperations(context, registry),
      ...subscriptionOperations(context, registry, confirm),
    }),
    createTopic(config) {
      checkTopic(config);
      registry.topics.declare(config);
    },
    createSubscription(config) {
      registry.topic(config.topicArn);
      checkSubscription(config);
      registry.subscriptions.declare({ ...config, pending: false });
    },
    publish,
    topics: () => registry.topics.values(),
    idle: () => queue.idle(),
    start: () => queue.start(),
    stop: () => queue.stop(),
  };
}
