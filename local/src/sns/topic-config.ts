/** A topic as its template describes it, every intrinsic function resolved. */
export interface TopicConfig {
  name: string;
  arn: string;
  /** What e-mails show as their sender. */
  displayName?: string;
}

export type SubscriptionProtocol = 'email' | 'email-json' | 'http' | 'https' | 'lambda' | 'sqs';

/** https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html */
export interface SubscriptionConfig {
  arn: string;
  topicArn: string;
  protocol: SubscriptionProtocol;
  /** An address, a URL, or an ARN. */
  endpoint: string;
  /** The message alone, without SNS's envelope: for sqs and http only. */
  rawMessageDelivery: boolean;
  /** https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html */
  filterPolicy?: Record<string, unknown>;
  filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  /** Where a message goes that could not be delivered. */
  deadLetterTargetArn?: string;
}
