import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { AwsError } from '../core/aws-error';
import { compileFilterPolicy } from './filter-policy';
import { textFor, type Message } from './message';
import { invalidParameter, notEmulated } from './sns-error';
import type { SubscriptionConfig, SubscriptionProtocol } from './topic-config';

/** A subscription, with what became of asking its endpoint. */
export interface Subscription extends SubscriptionConfig {
  /** Its endpoint was sent this token to confirm with. */
  token?: string;
  /** It gets nothing until it is confirmed. */
  pending: boolean;
}

const RAW_PROTOCOLS: readonly SubscriptionProtocol[] = ['sqs', 'http', 'https'];

const ENDPOINTS: Record<SubscriptionProtocol, { form: RegExp; expected: string }> = {
  email: { form: /^[^\s@<>",;:]+@[^\s@<>",;:]+$/, expected: 'an e-mail address' },
  'email-json': { form: /^[^\s@<>",;:]+@[^\s@<>",;:]+$/, expected: 'an e-mail address' },
  http: { form: /^http:\/\/\S+$/, expected: 'a URL that begins with http://' },
  https: { form: /^https:\/\/\S+$/, expected: 'a URL that begins with https://' },
  lambda: {
    form: /^arn:aws:lambda:[^:]+:\d+:function:[^:]+(:[^:]+)?$/,
    expected: "a function's ARN",
  },
  sqs: { form: /^arn:aws:sqs:[^:]+:\d+:[\w-]+$/, expected: "a standard queue's ARN" },
};

/** The protocol of that name. Throws InvalidParameter for those that are not emulated. */
export function readProtocol(name: string): SubscriptionProtocol {
  if (Object.hasOwn(ENDPOINTS, name)) return name as SubscriptionProtocol;
  const known = Object.keys(ENDPOINTS).join(', ');
  throw notEmulated(`Protocol ${name} (known: ${known})`);
}

/**
 * Throws InvalidParameter where SNS would refuse the subscription.
 * https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
 */
export function checkSubscription(config: SubscriptionConfig): void {
  const { protocol, endpoint, filterPolicy, deadLetterTargetArn } = config;
  const { form, expected } = ENDPOINTS[protocol];
  // Addresses of other scripts would need an extension of SMTP that SNS does not speak.
  // eslint-disable-next-line no-control-regex
  if (!form.test(endpoint) || !/^[\x00-\x7f]*$/.test(endpoint)) {
    throw invalidParameter(`Endpoint Reason: ${endpoint}; protocol ${protocol} takes ${expected}`);
  }
  if (config.rawMessageDelivery && !RAW_PROTOCOLS.includes(protocol)) {
    throw invalidParameter(
      `RawMessageDelivery Reason: protocol ${protocol} has none; ${RAW_PROTOCOLS.join(', ')} have`,
    );
  }
  if (filterPolicy) compileFilterPolicy(filterPolicy, config.filterPolicyScope);
  if (deadLetterTargetArn !== undefined && !ENDPOINTS.sqs.form.test(deadLetterTargetArn)) {
    throw invalidParameter(
      `RedrivePolicy: deadLetterTargetArn ${deadLetterTargetArn}; expected ${ENDPOINTS.sqs.expected}`,
    );
  }
}

/** Whether a message of its topic is for this subscription. */
export function accepts(subscription: Subscription, message: Message): boolean {
  const { pending, protocol, filterPolicy, filterPolicyScope } = subscription;
  if (pending) return false;
  if (!filterPolicy) return true;
  const passes = compileFilterPolicy(filterPolicy, filterPolicyScope);
  return passes(message.attributes, textFor(message, protocol));
}

/**
 * A configuration with attributes as Subscribe and SetSubscriptionAttributes take them.
 * Throws InvalidParameter.
 */
export function changeSubscription<T extends SubscriptionConfig>(
  config: T,
  attributes: [string, string][],
): T {
  const changed = { ...config };
  for (const [name, value] of attributes) {
    if (name === 'RawMessageDelivery') changed.rawMessageDelivery = readBoolean(name, value);
    else if (name === 'FilterPolicyScope') changed.filterPolicyScope = readScope(value);
    else if (name === 'FilterPolicy') {
      const policy = value === '' ? {} : readObject(name, value);
      changed.filterPolicy = Object.keys(policy).length === 0 ? undefined : policy;
    } else if (name === 'RedrivePolicy') changed.deadLetterTargetArn = readRedrivePolicy(value);
    else throw notEmulated(`AttributeName ${name}`);
  }
  checkSubscription(changed);
  return changed;
}

/** The configuration as GetSubscriptionAttributes names and writes it. */
export function describeSubscription(subscription: Subscription): Record<string, string> {
  const { filterPolicy, filterPolicyScope, deadLetterTargetArn } = subscription;
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: ownerOf(subscription.topicArn),
    RawMessageDelivery: String(subscription.rawMessageDelivery),
    PendingConfirmation: String(subscription.pending),
    ConfirmationWasAuthenticated: String(subscription.token === undefined),
    ...(filterPolicy && {
      FilterPolicy: JSON.stringify(filterPolicy),
      FilterPolicyScope: filterPolicyScope,
    }),
    ...(deadLetterTargetArn !== undefined && {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn }),
    }),
  };
}

/** The account in an ARN. */
export function ownerOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function readBoolean(name: string, value: string): boolean {
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw invalidParameter(`${name} Reason: ${value}; expected true or false`);
}

function readScope(value: string): SubscriptionConfig['filterPolicyScope'] {
  if (value === 'MessageAttributes' || value === 'MessageBody') return value;
  throw invalidParameter(
    `FilterPolicyScope Reason: ${value}; expected MessageAttributes or MessageBody`,
  );
}

/** An empty policy takes away the one there is. */
function readRedrivePolicy(value: string): string | undefined {
  if (value === '') return undefined;
  const { deadLetterTargetArn } = readObject('RedrivePolicy', value);
  if (typeof deadLetterTargetArn === 'string') return deadLetterTargetArn;
  throw invalidParameter('RedrivePolicy Reason: expected JSON with deadLetterTargetArn');
}

function readObject(name: string, text: string): Record<string, unknown> {
  const refused = (): AwsError => invalidParameter(`${name} Reason: expected a JSON object`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused();
  }
  if (!isJsonObject(value)) throw refused();
  return value;
}
