import { ON_DEMAND_SHARDS } from '../kinesis/stream-config';
import { arnOf, type ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesis-stream.html */
const stream: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('Name') ?? generatedName;
  const arn = arnOf(environment, 'kinesis', `stream/${name}`);
  properties.withoutEffect('DesiredShardLevelMetrics', 'StreamEncryption', 'Tags');
  const shardCount = properties.optionalNumber('ShardCount');
  const details = properties.optionalObject('StreamModeDetails');
  const mode = details?.string('StreamMode') ?? 'PROVISIONED';
  if (mode !== 'ON_DEMAND' && mode !== 'PROVISIONED') {
    throw properties.fail(`has StreamMode ${mode}; expected ON_DEMAND or PROVISIONED`);
  }
  const onDemand = mode === 'ON_DEMAND';
  if (onDemand && shardCount !== undefined) {
    throw properties.fail('has a ShardCount, which a stream ON_DEMAND may not have');
  }
  if (!onDemand && shardCount === undefined) {
    throw properties.fail('has no ShardCount, which a PROVISIONED stream needs');
  }
  deployment.kinesisStreams.push({
    name,
    arn,
    shardCount: shardCount ?? ON_DEMAND_SHARDS,
    onDemand,
    retentionHours: properties.optionalNumber('RetentionPeriodHours') ?? 24,
  });
  return { ref: name, attributes: { Arn: arn } };
};

export const kinesisResources: Record<string, ResourceType> = { 'AWS::Kinesis::Stream': stream };
