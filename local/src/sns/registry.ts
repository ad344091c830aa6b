import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DurableMap } from '../core/durable-map';
import type { Subscription } from './subscription';
import type { TopicConfig } from './topic-config';
import { notFound } from './sns-error';

/** Topics and their subscriptions. */
export interface Registry {
  topics: ArnMap<TopicConfig>;
  subscriptions: ArnMap<Subscription>;
  /** Throws NotFound. */
  topic(arn: string): TopicConfig;
  /** Throws NotFound. */
  subscription(arn: string): Subscription;
  subscriptionsOf(topicArn: string): Subscription[];
  /** Takes a topic away, and its subscriptions with it. */
  removeTopic(arn: string): void;
}

interface ArnMap<T> {
  get(arn: string): T | undefined;
  /** From a template: a later start has it only if the template still does. */
  declare(value: T): void;
  /** Made or changed by API: kept across restarts, unless a template declares it. */
  set(value: T): void;
  delete(arn: string): void;
  /** In the order of their ARNs. */
  values(): T[];
}

/** Opens the topics and subscriptions that people made, in folders of `folder`. */
export function openRegistry(folder: string): Registry {
  const topics = openArnMap<TopicConfig>(join(folder, 'topics'));
  const subscriptions = openArnMap<Subscription>(join(folder, 'subscriptions'));
  const subscriptionsOf = (topicArn: string): Subscription[] =>
    subscriptions.values().filter((subscription) => subscription.topicArn === topicArn);
  return {
    topics,
    subscriptions,
    subscriptionsOf,
    topic(arn) {
      const found = topics.get(arn);
      if (!found) throw notFound('Topic', arn);
      return found;
    },
    subscription(arn) {
      const found = subscriptions.get(arn);
      if (!found) throw notFound('Subscription', arn);
      return found;
    },
    removeTopic(arn) {
      for (const subscription of subscriptionsOf(arn)) subscriptions.delete(subscription.arn);
      topics.delete(arn);
    },
  };
}

function openArnMap<T extends { arn: string }>(folder: string): ArnMap<T> {
  const declared = new Map<string, T>();
  const made = new DurableMap<T>(folder);
  return {
    get: (arn) => declared.get(arn) ?? made.get(keyOf(arn)),
    declare: (value) => void declared.set(value.arn, value),
    set(value) {
      if (declared.has(value.arn)) declared.set(value.arn, value);
      else made.set(keyOf(value.arn), value);
    },
    delete(arn) {
      declared.delete(arn);
      made.delete(keyOf(arn));
    },
    values() {
      const others = made.entries().flatMap(([, value]) => (declared.has(value.arn) ? [] : value));
      return [...declared.values(), ...others].sort((a, b) => (a.arn < b.arn ? -1 : 1));
    },
  };
}

// An ARN holds colons and may be too long for a file's name.
function keyOf(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 32);
}
