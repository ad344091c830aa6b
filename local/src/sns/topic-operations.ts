import type { AwsContext } from '../core/aws-context';
import { page } from './page';
import {
  members,
  optionalString,
  requiredString,
  stringEntries,
  type QueryOperation,
} from './query-protocol';
import type { Registry } from './registry';
import { invalidParameter, notEmulated } from './sns-error';
import { ownerOf } from './subscription';
import type { TopicConfig } from './topic-config';

const LONGEST_DISPLAY_NAME = 100;

/** https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html and what goes with it. */
export function topicOperations(
  context: AwsContext,
  registry: Registry,
): Record<string, QueryOperation> {
  /** An operation on the topic that TopicArn names, for callers allowed `sns:<action>` on it. */
  const onTopic =
    (
      action: string,
      run: (topic: TopicConfig, input: Parameters<QueryOperation>[0]) => ReturnType<QueryOperation>,
    ): QueryOperation =>
    (input, accessKeyId) => {
      const arn = requiredString(input, 'TopicArn');
      context.authorize(accessKeyId, `sns:${action}`, arn);
      return run(registry.topic(arn), input);
    };

  return {
    CreateTopic(input, accessKeyId) {
      const name = requiredString(input, 'Name');
      const arn = `arn:aws:sns:${context.region}:${context.accountId}:${name}`;
      context.authorize(accessKeyId, 'sns:CreateTopic', arn);
      if (members(input, 'Tags').length > 0) throw notEmulated('Tags');
      const made = changeTopic({ name, arn }, stringEntries(input, 'Attributes'));
      const present = registry.topics.get(arn);
      if (present && made.displayName !== undefined && made.displayName !== present.displayName) {
        throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
      }
      if (!present) registry.topics.set(made);
      return { TopicArn: arn };
    },

    DeleteTopic(input, accessKeyId) {
      const arn = requiredString(input, 'TopicArn');
      context.authorize(accessKeyId, 'sns:DeleteTopic', arn);
      registry.removeTopic(arn);
      return {};
    },

    ListTopics(input, accessKeyId) {
      context.authorize(accessKeyId, 'sns:ListTopics', '*');
      const { items, NextToken } = page(
        registry.topics.values(),
        optionalString(input, 'NextToken'),
      );
      return { Topics: { member: items.map(({ arn }) => ({ TopicArn: arn })) }, NextToken };
    },

    GetTopicAttributes: onTopic('GetTopicAttributes', (topic) => {
      const subscriptions = registry.subscriptionsOf(topic.arn);
      const pending = subscriptions.filter((subscription) => subscription.pending).length;
      const attributes = {
        TopicArn: topic.arn,
        Owner: ownerOf(topic.arn),
        DisplayName: topic.displayName ?? '',
        SubscriptionsConfirmed: subscriptions.length - pending,
        SubscriptionsPending: pending,
      };
      const entry = Object.entries(attributes).map(([key, value]) => ({ key, value }));
      return { Attributes: { entry } };
    }),

    SetTopicAttributes: onTopic('SetTopicAttributes', (topic, input) => {
      const name = requiredString(input, 'AttributeName');
      const value = optionalString(input, 'AttributeValue') ?? '';
      registry.topics.set(changeTopic(topic, [[name, value]]));
      return {};
    }),
  };
}

/** Throws InvalidParameter where SNS would refuse the topic. */
export function checkTopic({ name, displayName = '' }: TopicConfig): void {
  if (name.endsWith('.fifo')) throw notEmulated('A FIFO topic');
  if (!/^[\w-]{1,256}$/.test(name)) {
    throw invalidParameter(
      `Topic Name Reason: ${name}; expected 1 to 256 letters, digits, - and _`,
    );
  }
  // A line break would end the header of a mail.
  // eslint-disable-next-line no-control-regex
  if (displayName.length > LONGEST_DISPLAY_NAME || /[\x00-\x1f\x7f]/.test(displayName)) {
    throw invalidParameter(
      `DisplayName Reason: ${JSON.stringify(displayName)}; expected at most ` +
        `${LONGEST_DISPLAY_NAME} characters on one line`,
    );
  }
}

function changeTopic(topic: TopicConfig, attributes: [string, string][]): TopicConfig {
  const changed = { ...topic };
  for (const [name, value] of attributes) {
    if (name !== 'DisplayName') throw notEmulated(`AttributeName ${name}`);
    changed.displayName = value === '' ? undefined : value;
  }
  checkTopic(changed);
  return changed;
}
