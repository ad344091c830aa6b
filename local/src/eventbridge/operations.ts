import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import type { PublishEvent } from '../core/event';
import { jsonProtocol, type JsonOperation } from '../core/json-protocol';
import { isDefaultBus, putEvents } from './put-events';
import type { RuleConfig, RuleTarget } from './rule';

/** What the operations read and change. */
export interface Bus {
  publish: PublishEvent;
  rules(): RuleConfig[];
  setState(ruleArn: string, state: RuleConfig['state']): void;
}

/**
 * EventBridge's API: PutEvents, and what lists rules and switches them on and off. Rules come
 * from templates, so there is no PutRule.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html
 */
export function eventBridgeHandler(context: AwsContext, bus: Bus): ServiceHandler {
  const arnPrefix = `arn:aws:events:${context.region}:${context.accountId}:`;

  const ruleNamed = (name: unknown, busName: unknown): RuleConfig => {
    refuseOtherBus(busName);
    const found = bus.rules().find((rule) => rule.name === name);
    if (found) return found;
    throw notFound(`Rule ${String(name)} does not exist on EventBus default.`);
  };
  const refuseOtherBus = (busName: unknown): void => {
    if (!isDefaultBus(context, busName)) {
      throw notFound(`Event bus ${String(busName)} does not exist.`);
    }
  };
  const onRule =
    (action: string, nameMember: string, run: (rule: RuleConfig) => object): JsonOperation =>
    (input, { accessKeyId }) => {
      context.authorize(accessKeyId, action, `${arnPrefix}rule/${String(input[nameMember])}`);
      return run(ruleNamed(input[nameMember], input.EventBusName));
    };

  return jsonProtocol('1.1', {
    PutEvents: (input, { accessKeyId }) => {
      context.authorize(accessKeyId, 'events:PutEvents', `${arnPrefix}event-bus/default`);
      return putEvents(context, bus.publish, input.Entries);
    },
    ListRules: (input, { accessKeyId }) => {
      context.authorize(accessKeyId, 'events:ListRules', `${arnPrefix}rule/*`);
      refuseOtherBus(input.EventBusName);
      const prefix = typeof input.NamePrefix === 'string' ? input.NamePrefix : '';
      const listed = bus.rules().filter((rule) => rule.name.startsWith(prefix));
      return { Rules: listed.map(describeRule) };
    },
    DescribeRule: onRule('events:DescribeRule', 'Name', describeRule),
    ListTargetsByRule: onRule('events:ListTargetsByRule', 'Rule', (rule) => ({
      Targets: rule.targets.map(describeTarget),
    })),
    EnableRule: onRule('events:EnableRule', 'Name', (rule) => {
      bus.setState(rule.arn, 'ENABLED');
      return {};
    }),
    DisableRule: onRule('events:DisableRule', 'Name', (rule) => {
      bus.setState(rule.arn, 'DISABLED');
      return {};
    }),
  });
}

function describeRule(rule: RuleConfig): object {
  return {
    Name: rule.name,
    Arn: rule.arn,
    State: rule.state,
    EventBusName: 'default',
    EventPattern: rule.eventPattern && JSON.stringify(rule.eventPattern),
    ScheduleExpression: rule.scheduleExpression,
  };
}

function describeTarget(target: RuleTarget): object {
  const { inputTransformer, retryPolicy } = target;
  return {
    Id: target.id,
    Arn: target.arn,
    Input: target.input,
    InputPath: target.inputPath,
    InputTransformer: inputTransformer && {
      InputPathsMap: inputTransformer.inputPathsMap,
      InputTemplate: inputTransformer.inputTemplate,
    },
    DeadLetterConfig: target.deadLetterArn && { Arn: target.deadLetterArn },
    RetryPolicy: retryPolicy && {
      MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
      MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeSeconds,
    },
  };
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
