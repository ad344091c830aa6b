import { AwsError } from '../core/aws-error';
import { invalidParameter, notEmulated } from './sqs-error';

export interface QueueConfig {
  name: string;
  arn: string;
  visibilityTimeoutSeconds: number;
  delaySeconds: number;
  messageRetentionSeconds: number;
  /** Bytes; 1 MiB where it is absent. */
  maximumMessageSize?: number;
  receiveWaitTimeSeconds: number;
  redrive?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

/** What SQS takes at most as one message or as one batch, in bytes. */
export const MOST_BYTES = 1024 * 1024;

type NumberMember = Exclude<keyof QueueConfig, 'name' | 'arn' | 'redrive'>;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const NUMBERS: Record<
  string,
  { member: NumberMember; lowest: number; highest: number; byDefault: number }
> = {
  VisibilityTimeout: {
    member: 'visibilityTimeoutSeconds',
    lowest: 0,
    highest: 43_200,
    byDefault: 30,
  },
  DelaySeconds: { member: 'delaySeconds', lowest: 0, highest: 900, byDefault: 0 },
  MessageRetentionPeriod: {
    member: 'messageRetentionSeconds',
    lowest: 60,
    highest: 1_209_600,
    byDefault: 345_600,
  },
  MaximumMessageSize: {
    member: 'maximumMessageSize',
    lowest: 1024,
    highest: MOST_BYTES,
    byDefault: MOST_BYTES,
  },
  ReceiveMessageWaitTimeSeconds: {
    member: 'receiveWaitTimeSeconds',
    lowest: 0,
    highest: 20,
    byDefault: 0,
  },
};

/** Attributes that AWS has and that nothing local would heed. */
const NOT_EMULATED = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'Policy',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
];

/** A queue on which nobody set anything. */
export function defaultConfig(name: string, arn: string): QueueConfig {
  const defaults = Object.values(NUMBERS).map(({ member, byDefault }) => [member, byDefault]);
  return { name, arn, ...(Object.fromEntries(defaults) as Record<NumberMember, number>) };
}

/**
 * Throws InvalidParameterValue, InvalidAttributeValue or UnsupportedOperation where SQS would not
 * take the configuration or the local AWS does not emulate it.
 */
export function checkConfig(config: QueueConfig): void {
  const { name, redrive } = config;
  if (name.endsWith('.fifo')) throw notEmulated(`FIFO queue ${name}`);
  if (!/^[A-Za-z0-9_-]{1,80}$/.test(name)) {
    throw invalidParameter(
      `Queue name ${JSON.stringify(name)} is invalid: it can only include alphanumeric ` +
        'characters, hyphens, or underscores. 1 to 80 in length.',
    );
  }
  for (const [attribute, { member, lowest, highest }] of Object.entries(NUMBERS)) {
    const value = config[member];
    if (value !== undefined) checkNumber(attribute, value, lowest, highest);
  }
  if (!redrive) return;
  checkNumber('RedrivePolicy.maxReceiveCount', redrive.maxReceiveCount, 1, 1000);
  if (!redrive.deadLetterTargetArn.startsWith('arn:')) {
    throw invalidValue('RedrivePolicy.deadLetterTargetArn', redrive.deadLetterTargetArn, 'an ARN');
  }
}

/**
 * `config` with attributes changed as by CreateQueue or SetQueueAttributes. Throws
 * InvalidAttributeName or InvalidAttributeValue naming the attribute.
 */
export function changeConfig(config: QueueConfig, attributes: Record<string, string>): QueueConfig {
  const changed = { ...config };
  for (const [attribute, value] of Object.entries(attributes)) {
    const number = Object.hasOwn(NUMBERS, attribute) ? NUMBERS[attribute] : undefined;
    if (number) {
      const parsed = value.trim() === '' ? NaN : Number(value);
      checkNumber(attribute, parsed, number.lowest, number.highest, value);
      changed[number.member] = parsed;
    } else if (attribute === 'RedrivePolicy') changed.redrive = readRedrivePolicy(value);
    else if (NOT_EMULATED.includes(attribute)) throw notEmulated(`Queue attribute ${attribute}`);
    else throw new AwsError('InvalidAttributeName', `Unknown Attribute ${attribute}.`);
  }
  checkConfig(changed);
  return changed;
}

/** The configuration as GetQueueAttributes names and writes it. */
export function describeConfig(config: QueueConfig): Record<string, string> {
  const numbers = Object.entries(NUMBERS).map(([attribute, { member, byDefault }]) => [
    attribute,
    String(config[member] ?? byDefault),
  ]);
  return {
    ...(Object.fromEntries(numbers) as Record<string, string>),
    QueueArn: config.arn,
    ...(config.redrive && { RedrivePolicy: JSON.stringify(config.redrive) }),
  };
}

/** Whether GetQueueAttributes may be asked for it although this queue has no such attribute. */
export function isKnownAttribute(attribute: string): boolean {
  return attribute === 'RedrivePolicy' || NOT_EMULATED.includes(attribute);
}

/** An empty policy takes away the one there is. */
function readRedrivePolicy(value: string): QueueConfig['redrive'] {
  if (value === '') return undefined;
  const expected = 'JSON with deadLetterTargetArn and maxReceiveCount';
  let policy: unknown;
  try {
    policy = JSON.parse(value);
  } catch {
    throw invalidValue('RedrivePolicy', value, expected);
  }
  const { deadLetterTargetArn, maxReceiveCount } = (policy ?? {}) as Record<string, unknown>;
  // CloudFormation and some SDKs write the number as a string.
  const count = typeof maxReceiveCount === 'string' ? Number(maxReceiveCount) : maxReceiveCount;
  if (typeof deadLetterTargetArn !== 'string' || typeof count !== 'number') {
    throw invalidValue('RedrivePolicy', value, expected);
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

function checkNumber(
  attribute: string,
  value: number,
  lowest: number,
  highest: number,
  written = String(value),
): void {
  if (Number.isInteger(value) && value >= lowest && value <= highest) return;
  throw invalidValue(attribute, written, `a whole number from ${lowest} to ${highest}`);
}

function invalidValue(attribute: string, value: string, expected: string): AwsError {
  return new AwsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${attribute}: ${JSON.stringify(value)}; expected ${expected}.`,
  );
}
