import type { PolicyStatement } from './deployment';
import { arnOf, type ResourceType } from './resource-type';
import type { PropertyReader } from './property-reader';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
const queue: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('QueueName') ?? generatedName;
  const arn = arnOf(environment, 'sqs', name);
  const url = `${environment.endpoint}/${environment.accountId}/${name}`;
  properties.withoutEffect(
    'KmsDataKeyReusePeriodSeconds',
    'KmsMasterKeyId',
    'RedriveAllowPolicy',
    'SqsManagedSseEnabled',
    'Tags',
  );
  if (properties.optionalBoolean('FifoQueue') || name.endsWith('.fifo')) {
    throw properties.fail('is a FIFO queue, which the local AWS does not emulate');
  }
  const redrive = properties.optionalObject('RedrivePolicy');
  deployment.queues.push({
    name,
    arn,
    visibilityTimeoutSeconds: properties.optionalNumber('VisibilityTimeout') ?? 30,
    delaySeconds: properties.optionalNumber('DelaySeconds') ?? 0,
    messageRetentionSeconds: properties.optionalNumber('MessageRetentionPeriod') ?? 345_600,
    maximumMessageSize: properties.optionalNumber('MaximumMessageSize'),
    receiveWaitTimeSeconds: properties.optionalNumber('ReceiveMessageWaitTimeSeconds') ?? 0,
    redrive: redrive && {
      deadLetterTargetArn: redrive.string('deadLetterTargetArn'),
      maxReceiveCount: redrive.optionalNumber('maxReceiveCount') ?? 10,
    },
  });
  return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
};

const queuePolicy: ResourceType = ({ properties, generatedName, deployment }) => {
  const document = properties.object('PolicyDocument');
  document.withoutEffect('Version', 'Id');
  deployment.queuePolicies.push({
    queueUrls: properties.strings('Queues'),
    statements: document.objects('Statement').map(readStatement),
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
};

// Only what decides whether EventBridge may send; whoever sends by API is checked by role.
function readStatement(statement: PropertyReader): PolicyStatement {
  statement.withoutEffect('Sid');
  return {
    effect: statement.string('Effect'),
    principals: principals(statement.json('Principal')),
    actions: listOf(statement.json('Action')),
    resources: listOf(statement.json('Resource')),
    sourceArns: sourceArns(statement),
  };
}

function principals(value: unknown): string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? Object.values(value).flatMap(listOf) : listOf(value);
}

function sourceArns(statement: PropertyReader): string[] {
  const condition = statement.json('Condition') ?? {};
  const arns: string[] = [];
  for (const [operator, keys] of Object.entries(condition)) {
    for (const [key, value] of Object.entries((keys ?? {}) as Record<string, unknown>)) {
      // Other conditions, such as on the account or on TLS, hold for EventBridge here.
      if (key.toLowerCase() === 'aws:sourcearn' && !operator.includes('Not')) {
        arns.push(...listOf(value));
      }
    }
  }
  return arns;
}

function listOf(value: unknown): string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === 'string');
}

export const sqsResources: Record<string, ResourceType> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
