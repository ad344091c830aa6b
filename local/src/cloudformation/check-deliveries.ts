import type { QueueConfig } from '../sqs/sqs';
import type { Deployment, PolicyStatement } from './deployment';
import { TemplateError } from './template';

const EVENTBRIDGE = 'events.amazonaws.com';
const SNS = 'sns.amazonaws.com';
const CLOUDWATCH = 'cloudwatch.amazonaws.com';
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
const CLOUDWATCH_TO_LAMBDA = 'lambda.alarms.cloudwatch.amazonaws.com';

/** Who sends: a service, on behalf of a resource. */
interface Sender {
  where: string;
  principal: string;
  arn: string;
}

/**
 * Checks that what one resource sends reaches another: that targets, dead-letter queues,
 * destinations and sources are declared, and that the service that sends has leave to. On AWS what
 * is without leave deploys well and then delivers nothing, in silence. Throws TemplateError.
 */
export function checkDeliveries(deployment: Deployment): void {
  checkRules(deployment);
  checkSubscriptions(deployment);
  checkAlarms(deployment);

  for (const { name, redrive } of deployment.queues) {
    if (redrive && !queueOf(deployment, redrive.deadLetterTargetArn)) {
      throw nowhere(`queue ${name}`, 'dead-letter queue', redrive.deadLetterTargetArn);
    }
  }

  for (const { name, async } of deployment.functions) {
    for (const arn of [async.onFailure, async.onSuccess, async.deadLetterArn]) {
      // A function sends with its role, which is checked when it does.
      if (arn === undefined || queueOf(deployment, arn) || isFunction(deployment, arn)) continue;
      if (!isTopic(deployment, arn)) throw nowhere(`function ${name}`, 'destination', arn);
    }
  }

  for (const { where, queueArn, functionName } of deployment.eventSourceMappings) {
    const queue = queueOf(deployment, queueArn);
    if (!queue) throw nowhere(where, 'source', queueArn);
    const timeout = deployment.functions.find(({ name }) => name === functionName)?.timeoutSeconds;
    if (timeout !== undefined && queue.visibilityTimeoutSeconds < timeout) {
      throw new TemplateError(
        where,
        `has a queue with a visibility timeout of ${queue.visibilityTimeoutSeconds} s, less than ` +
          `the function's timeout of ${timeout} s: AWS refuses that, and advises six times as much`,
      );
    }
  }
}

function checkRules(deployment: Deployment): void {
  for (const { where, name, arn, targets } of deployment.rules) {
    const rule = { where, principal: EVENTBRIDGE, arn };
    for (const { id, arn: target, deadLetterArn } of targets) {
      if (queueOf(deployment, target)) requireQueuePolicy(deployment, rule, target);
      else if (isFunction(deployment, target)) requirePermission(deployment, rule, target);
      else if (isTopic(deployment, target)) requireTopicPolicy(deployment, rule, target);
      else throw nowhere(where, `target ${id}`, target);
      if (deadLetterArn === undefined) continue;
      if (!queueOf(deployment, deadLetterArn)) {
        throw nowhere(where, `dead-letter queue of rule ${name}`, deadLetterArn);
      }
      requireQueuePolicy(deployment, rule, deadLetterArn);
    }
  }
}

function checkSubscriptions(deployment: Deployment): void {
  for (const subscription of deployment.subscriptions) {
    const { where, topicArn, protocol, endpoint, deadLetterTargetArn } = subscription;
    if (!isTopic(deployment, topicArn)) throw nowhere(where, 'topic', topicArn);
    const topic = { where, principal: SNS, arn: topicArn };
    if (protocol === 'sqs') {
      if (!queueOf(deployment, endpoint)) throw nowhere(where, 'endpoint', endpoint);
      requireQueuePolicy(deployment, topic, endpoint);
    }
    if (protocol === 'lambda') {
      if (!isFunction(deployment, endpoint)) throw nowhere(where, 'endpoint', endpoint);
      requirePermission(deployment, topic, endpoint);
    }
    if (deadLetterTargetArn === undefined) continue;
    if (!queueOf(deployment, deadLetterTargetArn)) {
      throw nowhere(where, 'dead-letter queue', deadLetterTargetArn);
    }
    requireQueuePolicy(deployment, topic, deadLetterTargetArn);
  }
}

function checkAlarms(deployment: Deployment): void {
  for (const { where, arn, actions } of deployment.alarms) {
    for (const action of Object.values(actions).flat()) {
      if (isFunction(deployment, action)) {
        requirePermission(deployment, { where, principal: CLOUDWATCH_TO_LAMBDA, arn }, action);
      } else if (isTopic(deployment, action)) {
        // A topic without a policy of its own has one that lets the account's alarms publish.
        // https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        const hasPolicy = deployment.topicPolicies.some(({ topicArns }) =>
          topicArns.includes(action),
        );
        const alarm = { where, principal: CLOUDWATCH, arn };
        if (hasPolicy) requireTopicPolicy(deployment, alarm, action);
      } else throw nowhere(where, 'action', action);
    }
  }
}

function queueOf({ queues }: Deployment, arn: string): QueueConfig | undefined {
  return queues.find((queue) => queue.arn === arn);
}

function isFunction({ functions }: Deployment, arn: string): boolean {
  return functions.some((one) => one.arn === arn);
}

function isTopic({ topics }: Deployment, arn: string): boolean {
  return topics.some((topic) => topic.arn === arn);
}

function requirePermission(deployment: Deployment, sender: Sender, functionArn: string): void {
  const { where, principal, arn } = sender;
  const allowed = deployment.invokePermissions.some(
    (permission) =>
      permission.functionArn === functionArn &&
      permission.principal === principal &&
      (permission.sourceArn === undefined || matches(permission.sourceArn, arn)),
  );
  if (!allowed) {
    throw new TemplateError(
      where,
      `sends to ${functionArn} without an AWS::Lambda::Permission for ${principal} ` +
        `from ${arn}: on AWS it would deliver nothing`,
    );
  }
}

function requireQueuePolicy(deployment: Deployment, sender: Sender, queueArn: string): void {
  const name = queueArn.slice(queueArn.lastIndexOf(':') + 1);
  const statements = deployment.queuePolicies
    .filter(({ queueUrls }) => queueUrls.some((url) => url.endsWith(`/${name}`)))
    .flatMap((policy) => policy.statements);
  requireStatement(statements, sender, 'sqs:SendMessage', queueArn, 'AWS::SQS::QueuePolicy');
}

function requireTopicPolicy(deployment: Deployment, sender: Sender, topicArn: string): void {
  const statements = deployment.topicPolicies
    .filter(({ topicArns }) => topicArns.includes(topicArn))
    .flatMap((policy) => policy.statements);
  requireStatement(statements, sender, 'sns:Publish', topicArn, 'AWS::SNS::TopicPolicy');
}

function requireStatement(
  statements: PolicyStatement[],
  { where, principal, arn }: Sender,
  action: string,
  resource: string,
  policyType: string,
): void {
  const allowed = statements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.principals.some((one) => one === principal || one === '*') &&
      statement.actions.some((one) => matches(one.toLowerCase(), action.toLowerCase())) &&
      statement.resources.some((one) => matches(one, resource)) &&
      (statement.sourceArns.length === 0 ||
        statement.sourceArns.some((source) => matches(source, arn))),
  );
  if (!allowed) {
    throw new TemplateError(
      where,
      `sends to ${resource} without an ${policyType} that lets ${principal} ` +
        `${action} from ${arn}: on AWS it would deliver nothing`,
    );
  }
}

function matches(pattern: string, value: string): boolean {
  const literals = pattern.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`).test(value);
}

function nowhere(where: string, what: string, arn: string): TemplateError {
  return new TemplateError(where, `has the ${what} ${arn}, which no stack declares`);
}
