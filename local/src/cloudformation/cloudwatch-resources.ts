import { arnOf, type ResourceType } from './resource-type';

const logGroup: ResourceType = ({ properties, environment, generatedName }) => {
  const name = properties.optionalString('LogGroupName') ?? generatedName;
  // Functions' logs are files here, kept until they are deleted.
  properties.withoutEffect('KmsKeyId', 'LogGroupClass', 'RetentionInDays', 'Tags');
  return { ref: name, attributes: { Arn: arnOf(environment, 'logs', `log-group:${name}:*`) } };
};

const logStream: ResourceType = ({ properties, generatedName }) => {
  properties.withoutEffect('LogGroupName');
  return { ref: properties.optionalString('LogStreamName') ?? generatedName };
};

const ALARM_PROPERTIES = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'TreatMissingData',
  'Unit',
];

const alarm: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('AlarmName') ?? generatedName;
  const given = ALARM_PROPERTIES.map((property) => [property, properties.json(property)] as const);
  const recorded = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  deployment.alarms.push({ name, properties: recorded });
  return { ref: name, attributes: { Arn: arnOf(environment, 'cloudwatch', `alarm:${name}`) } };
};

export const cloudwatchResources: Record<string, ResourceType> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
  'AWS::CloudWatch::Alarm': alarm,
};
