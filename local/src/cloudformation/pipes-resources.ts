import { targetKind } from '../pipes/pipe-target';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceType } from './resource-type';

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html
const DEFAULT_BATCH_SIZE = 100;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-pipes-pipe.html */
const pipe: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const { where } = properties;
  const name = properties.optionalString('Name') ?? generatedName;
  const arn = arnOf(environment, 'pipes', `pipe/${name}`);
  const sourceArn = properties.string('Source');
  const targetArn = properties.string('Target');
  properties.withoutEffect('Description', 'KmsKeyIdentifier', 'LogConfiguration', 'Tags');
  const source = properties.object('SourceParameters');
  const filters = source.optionalObject('FilterCriteria')?.objects('Filters') ?? [];
  const stream = source.object(
    sourceArn.includes(':kinesis:') ? 'KinesisStreamParameters' : 'DynamoDBStreamParameters',
  );
  const target = properties.optionalObject('TargetParameters');
  checkInvocationType(target);
  const batchSize =
    stream.optionalNumber('BatchSize') ??
    Math.min(DEFAULT_BATCH_SIZE, targetKind(where, targetArn).mostInABatch);
  deployment.pipes.push({
    where,
    name,
    arn,
    roleArn: properties.string('RoleArn'),
    desiredState: oneOf(properties, 'DesiredState', ['RUNNING', 'STOPPED']) ?? 'RUNNING',
    sourceArn,
    targetArn,
    filters: filters.map((filter) => filter.string('Pattern')),
    batchSize,
    maximumBatchingWindowSeconds: stream.optionalNumber('MaximumBatchingWindowInSeconds') ?? 0,
    startingPosition: startingPosition(stream),
    maximumRetryAttempts: stream.optionalNumber('MaximumRetryAttempts') ?? -1,
    maximumRecordAgeSeconds: stream.optionalNumber('MaximumRecordAgeInSeconds') ?? -1,
    bisectBatchOnFunctionError:
      oneOf(stream, 'OnPartialBatchItemFailure', ['AUTOMATIC_BISECT']) !== undefined,
    parallelizationFactor: stream.optionalNumber('ParallelizationFactor') ?? 1,
    deadLetterArn: stream.optionalObject('DeadLetterConfig')?.string('Arn'),
    partitionKey: target?.optionalObject('KinesisStreamParameters')?.string('PartitionKey'),
    inputTemplate: target?.optionalString('InputTemplate'),
  });
  return { ref: name, attributes: { Arn: arn } };
};

function startingPosition(stream: PropertyReader): 'TRIM_HORIZON' | 'LATEST' {
  const position = oneOf(stream, 'StartingPosition', ['TRIM_HORIZON', 'LATEST']);
  if (position) return position;
  throw stream.fail('has no StartingPosition');
}

function checkInvocationType(target: PropertyReader | undefined): void {
  const parameters = target?.optionalObject('LambdaFunctionParameters');
  if (parameters) oneOf(parameters, 'InvocationType', ['REQUEST_RESPONSE']);
}

function oneOf<T extends string>(
  properties: PropertyReader,
  name: string,
  known: T[],
): T | undefined {
  const value = properties.optionalString(name);
  const found = known.find((one) => one === value);
  if (value === undefined || found) return found;
  throw properties.fail(`has ${name} ${value}; expected ${known.join(' or ')}`);
}

export const pipesResources: Record<string, ResourceType> = { 'AWS::Pipes::Pipe': pipe };
