import { KNOWN_STATISTICS } from '../cloudwatch/aggregate';
import { KNOWN_TREATMENTS, type AlarmConfig } from '../cloudwatch/alarm-config';
import { KNOWN_COMPARISONS } from '../cloudwatch/evaluate-alarm';
import type { PropertyReader } from './property-reader';
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

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html */
const alarm: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  if (properties.json('Metrics') !== undefined) {
    throw properties.fail('has Metrics; the local AWS has alarms on one metric, by MetricName');
  }
  const name = properties.optionalString('AlarmName') ?? generatedName;
  const arn = arnOf(environment, 'cloudwatch', `alarm:${name}`);
  const evaluationPeriods = wholeNumber(properties, 'EvaluationPeriods');
  const config: AlarmConfig = {
    name,
    arn,
    description: properties.optionalString('AlarmDescription'),
    namespace: properties.string('Namespace'),
    metricName: properties.string('MetricName'),
    dimensions: dimensionsOf(properties),
    statistic: oneOf(properties, 'Statistic', KNOWN_STATISTICS),
    periodSeconds: wholeNumber(properties, 'Period'),
    evaluationPeriods,
    datapointsToAlarm: wholeNumber(properties, 'DatapointsToAlarm', evaluationPeriods),
    threshold: number(properties, 'Threshold'),
    comparisonOperator: oneOf(properties, 'ComparisonOperator', KNOWN_COMPARISONS),
    treatMissingData: oneOf(properties, 'TreatMissingData', KNOWN_TREATMENTS, 'missing'),
    actionsEnabled: properties.optionalBoolean('ActionsEnabled') ?? true,
    actions: {
      OK: properties.strings('OKActions'),
      ALARM: properties.strings('AlarmActions'),
      INSUFFICIENT_DATA: properties.strings('InsufficientDataActions'),
    },
  };
  properties.withoutEffect('Tags');
  deployment.alarms.push({ ...config, where: properties.where });
  return { ref: name, attributes: { Arn: arn } };
};

function dimensionsOf(properties: PropertyReader): Record<string, string> {
  const dimensions = properties.objects('Dimensions');
  return Object.fromEntries(dimensions.map((each) => [each.string('Name'), each.string('Value')]));
}

function number(properties: PropertyReader, name: string, otherwise?: number): number {
  const value = properties.optionalNumber(name) ?? otherwise;
  if (value === undefined) throw properties.fail(`has no ${name}`);
  return value;
}

function wholeNumber(properties: PropertyReader, name: string, otherwise?: number): number {
  const value = number(properties, name, otherwise);
  if (Number.isInteger(value) && value >= 1) return value;
  throw properties.fail(`has ${name} ${value}; expected a whole number from 1`);
}

function oneOf<T extends string>(
  properties: PropertyReader,
  name: string,
  known: readonly T[],
  otherwise?: T,
): T {
  const value = properties.optionalString(name) ?? otherwise;
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  throw properties.fail(`has ${name} ${value}; the local AWS knows ${known.join(', ')}`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html */
const dashboard: ResourceType = ({ properties, generatedName, deployment }) => {
  const name = properties.optionalString('DashboardName') ?? generatedName;
  const text = properties.string('DashboardBody');
  try {
    deployment.dashboards.push({ name, body: JSON.parse(text) as unknown });
  } catch (error) {
    throw properties.fail(`has a DashboardBody that is no JSON: ${(error as Error).message}`);
  }
  return { ref: name };
};

export const cloudwatchResources: Record<string, ResourceType> = {
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
};
