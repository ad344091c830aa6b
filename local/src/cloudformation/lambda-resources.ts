import { basename, join } from 'node:path';
import type { FunctionCode, PlannedFunction } from './deployment';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceRequest, type ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
const lambdaFunction: ResourceType = (request) => {
  const { properties, environment, deployment } = request;
  const name = properties.optionalString('FunctionName') ?? request.generatedName;
  const arn = arnOf(environment, 'lambda', `function:${name}`);
  const runtime = properties.optionalString('Runtime');
  if (!runtime?.startsWith('nodejs')) {
    throw properties.fail(`has Runtime ${runtime}; the local AWS runs nodejs functions only`);
  }
  // Functions run on the Node.js that runs the local AWS, whatever version the runtime names.
  properties.withoutEffect(
    'Architectures',
    'Description',
    'EphemeralStorage',
    'KmsKeyArn',
    'LoggingConfig',
    'PackageType',
    'RuntimeManagementConfig',
    'Tags',
    'TracingConfig',
  );
  deployment.functions.push({
    name,
    arn,
    handler: properties.string('Handler'),
    code: readCode(request),
    memoryMb: properties.optionalNumber('MemorySize') ?? 128,
    timeoutSeconds: properties.optionalNumber('Timeout') ?? 3,
    environment: properties.optionalObject('Environment')?.stringMap('Variables') ?? {},
    roleArn: properties.string('Role'),
    reservedConcurrency: properties.optionalNumber('ReservedConcurrentExecutions'),
    // What holds where there is no EventInvokeConfig:
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    async: {
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
      deadLetterArn: properties.optionalObject('DeadLetterConfig')?.string('TargetArn'),
    },
  });
  return { ref: name, attributes: { Arn: arn } };
};

function readCode({ properties, packageFolder }: ResourceRequest): FunctionCode {
  const code = properties.object('Code');
  const inline = code.optionalString('ZipFile');
  if (inline !== undefined) return { inline };
  code.withoutEffect('S3Bucket', 'S3ObjectVersion', 'SourceKMSKeyArn');
  return { zip: join(packageFolder, basename(code.string('S3Key'))) };
}

const version: ResourceType = (request) => {
  const planned = namedFunction(request, request.properties);
  // There is the one version here, so a qualified ARN names it.
  request.properties.withoutEffect('CodeSha256', 'Description');
  return { ref: `${planned.arn}:1`, attributes: { FunctionArn: `${planned.arn}:1`, Version: '1' } };
};

const permission: ResourceType = (request) => {
  const { properties, deployment, generatedName } = request;
  properties.withoutEffect('Action', 'SourceAccount');
  deployment.invokePermissions.push({
    functionArn: namedFunction(request, properties).arn,
    principal: properties.string('Principal'),
    sourceArn: properties.optionalString('SourceArn'),
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
};

const eventInvokeConfig: ResourceType = (request) => {
  const { properties, generatedName } = request;
  const planned = namedFunction(request, properties);
  if (properties.string('Qualifier') !== '$LATEST') {
    throw properties.fail('has a Qualifier other than $LATEST, which is the one version here');
  }
  const destinations = properties.optionalObject('DestinationConfig');
  const { async } = planned;
  planned.async = {
    maximumRetryAttempts:
      properties.optionalNumber('MaximumRetryAttempts') ?? async.maximumRetryAttempts,
    maximumEventAgeSeconds:
      properties.optionalNumber('MaximumEventAgeInSeconds') ?? async.maximumEventAgeSeconds,
    onFailure: destinations?.optionalObject('OnFailure')?.string('Destination'),
    onSuccess: destinations?.optionalObject('OnSuccess')?.string('Destination'),
    deadLetterArn: async.deadLetterArn,
  };
  return { ref: generatedName };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html */
const eventSourceMapping: ResourceType = (request) => {
  const { properties, deployment, generatedName } = request;
  const queueArn = properties.string('EventSourceArn');
  if (!queueArn.startsWith('arn:aws:sqs:')) {
    throw properties.fail(`has the source ${queueArn}; the local AWS maps SQS queues only`);
  }
  properties.withoutEffect('Tags', 'MetricsConfig');
  deployment.eventSourceMappings.push({
    where: properties.where,
    queueArn,
    functionName: namedFunction(request, properties).name,
    batchSize: properties.optionalNumber('BatchSize') ?? 10,
    maximumBatchingWindowSeconds: properties.optionalNumber('MaximumBatchingWindowInSeconds') ?? 0,
    reportBatchItemFailures: properties
      .strings('FunctionResponseTypes')
      .includes('ReportBatchItemFailures'),
    maximumConcurrency: properties
      .optionalObject('ScalingConfig')
      ?.optionalNumber('MaximumConcurrency'),
    enabled: properties.optionalBoolean('Enabled') ?? true,
  });
  return { ref: generatedName, attributes: { Id: generatedName } };
};

/** The function that `FunctionName` names: by name, or by ARN with or without a qualifier. */
function namedFunction(
  { deployment }: ResourceRequest,
  properties: PropertyReader,
): PlannedFunction {
  const given = properties.string('FunctionName');
  const name = given.startsWith('arn:') ? given.split(':')[6] : given.split(':')[0];
  const found = deployment.functions.find((planned) => planned.name === name);
  if (!found) throw properties.fail(`names the function ${given}, which no stack so far declares`);
  return found;
}

export const lambdaResources: Record<string, ResourceType> = {
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Version': version,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
};
