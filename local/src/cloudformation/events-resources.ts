import type { RuleTarget } from '../eventbridge/rule';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html */
const rule: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('Name') ?? generatedName;
  const arn = arnOf(environment, 'events', `rule/${name}`);
  const bus = properties.optionalString('EventBusName') ?? 'default';
  if (bus !== 'default' && !bus.endsWith(':event-bus/default')) {
    throw properties.fail(`is on the event bus ${bus}; the local AWS has the default bus only`);
  }
  const state = properties.optionalString('State') ?? 'ENABLED';
  if (state !== 'ENABLED' && state !== 'DISABLED') {
    throw properties.fail(`has State ${state}; expected ENABLED or DISABLED`);
  }
  // The role is for targets other than functions and queues.
  properties.withoutEffect('Description', 'RoleArn', 'Tags');
  const eventPattern = properties.json('EventPattern');
  if (eventPattern !== undefined && (typeof eventPattern !== 'object' || eventPattern === null)) {
    throw properties.fail('has an EventPattern that is no object');
  }
  deployment.rules.push({
    where: properties.where,
    name,
    arn,
    state,
    eventPattern,
    scheduleExpression: properties.optionalString('ScheduleExpression'),
    targets: properties.objects('Targets').map(readTarget),
  });
  return { ref: name, attributes: { Arn: arn } };
};

function readTarget(target: PropertyReader): RuleTarget {
  target.withoutEffect('RoleArn');
  const transformer = target.optionalObject('InputTransformer');
  const retryPolicy = target.optionalObject('RetryPolicy');
  return {
    id: target.string('Id'),
    arn: target.string('Arn'),
    input: target.optionalString('Input'),
    inputPath: target.optionalString('InputPath'),
    inputTransformer: transformer && {
      inputPathsMap: transformer.stringMap('InputPathsMap'),
      inputTemplate: transformer.string('InputTemplate'),
    },
    deadLetterArn: target.optionalObject('DeadLetterConfig')?.optionalString('Arn'),
    retryPolicy: retryPolicy && {
      maximumRetryAttempts: retryPolicy.optionalNumber('MaximumRetryAttempts'),
      maximumEventAgeSeconds: retryPolicy.optionalNumber('MaximumEventAgeInSeconds'),
    },
  };
}

export const eventsResources: Record<string, ResourceType> = { 'AWS::Events::Rule': rule };
