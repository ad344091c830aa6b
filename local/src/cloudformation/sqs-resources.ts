import { arnOf, type ResourceType } from './resource-type';
import { readResourcePolicy } from './resource-policy';

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
  deployment.queuePolicies.push({
    queueUrls: properties.strings('Queues'),
    statements: readResourcePolicy(properties.object('PolicyDocument')),
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
};

export const sqsResources: Record<string, ResourceType> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};
