import type { ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
const bucket: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('BucketName') ?? generatedName.toLowerCase();
  // Access here is by role only; objects are neither encrypted, tiered nor expired.
  properties.withoutEffect(
    'AccessControl',
    'BucketEncryption',
    'IntelligentTieringConfigurations',
    'LifecycleConfiguration',
    'MetricsConfigurations',
    'OwnershipControls',
    'PublicAccessBlockConfiguration',
    'Tags',
  );
  if (properties.optionalObject('VersioningConfiguration')?.string('Status') === 'Enabled') {
    throw properties.fail('enables versioning, which the local AWS does not emulate');
  }
  const eventBridge = properties
    .optionalObject('NotificationConfiguration')
    ?.optionalObject('EventBridgeConfiguration');
  deployment.buckets.push({
    name,
    eventBridge: eventBridge ? (eventBridge.optionalBoolean('EventBridgeEnabled') ?? true) : false,
  });
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${environment.region}.amazonaws.com`,
    },
  };
};

const bucketPolicy: ResourceType = ({ properties }) => {
  // Access here is by role only.
  properties.withoutEffect('PolicyDocument');
  return { ref: properties.string('Bucket') };
};

export const s3Resources: Record<string, ResourceType> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
};
