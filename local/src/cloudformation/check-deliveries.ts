import type { QueueConfig } from '../sqs/sqs';
import type { Deployment, PolicyStatement } from './deployment';
import { TemplateError } from './template';

const EVENTBRIDGE = 'events.amazonaws.com';

/**
 * Checks that what one resource sends reaches another: that targets, dead-letter queues,
 * destinations and sources are declared, and that EventBridge has leave to send. On AWS a rule
 * without leave deploys well and then delivers nothing, in silence. Throws TemplateError.
 */
export function checkDeliveries(deployment: Deployment): void {
  const queueOf = (arn: string) => deployment.queues.find((queue) => queue.arn === arn);
  const functionOf = (arn: string) => deployment.functions.find((one) => one.arn === arn);

  for (const { where, name, arn, targets } of deployment.rules) {
    for (const target of targets) {
      const queue = queueOf(target.arn);
      if (queue) requireQueuePolicy(deployment, where, arn, queue);
      else if (functionOf(target.arn)) requirePermission(deployment, where, arn, target.arn);
      else throw nowhere(where, `target ${target.id}`, target.arn);
      if (target.deadLetterArn === undefined) continue;
      const deadLetters = queueOf(target.deadLetterArn);
      if (!deadLetters) {
        throw nowhere(where, `dead-letter queue of rule ${name}`, target.deadLetterArn);
      }
      requireQueuePolicy(deployment, where, arn, deadLetters);
    }
  }

  for (const { name, redrive } of deployment.queues) {
    if (redrive && !queueOf(redrive.deadLetterTargetArn)) {
      throw nowhere(`queue ${name}`, 'dead-letter queue', redrive.deadLetterTargetArn);
    }
  }

  for (const { name, async } of deployment.functions) {
    for (const arn of [async.onFailure, async.onSuccess, async.deadLetterArn]) {
      if (arn !== undefined && !queueOf(arn) && !functionOf(arn)) {
        throw nowhere(`function ${name}`, 'destination', arn);
      }
    }
  }

  for (const { where, queueArn, functionName } of deployment.eventSourceMappings) {
    const queue = queueOf(queueArn);
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

function requirePermission(
  deployment: Deployment,
  where: string,
  ruleArn: string,
  functionArn: string,
): void {
  const allowed = deployment.invokePermissions.some(
    (permission) =>
      permission.functionArn === functionArn &&
      permission.principal === EVENTBRIDGE &&
      (permission.sourceArn === undefined || matches(permission.sourceArn, ruleArn)),
  );
  if (!allowed) {
    throw new TemplateError(
      where,
      `sends to ${functionArn} without an AWS::Lambda::Permission for ${EVENTBRIDGE} ` +
        `from ${ruleArn}: on AWS it would deliver nothing`,
    );
  }
}

function requireQueuePolicy(
  deployment: Deployment,
  where: string,
  ruleArn: string,
  queue: QueueConfig,
): void {
  const allows = (statement: PolicyStatement): boolean =>
    statement.effect === 'Allow' &&
    statement.principals.some((principal) => principal === EVENTBRIDGE || principal === '*') &&
    statement.actions.some((action) => matches(action.toLowerCase(), 'sqs:sendmessage')) &&
    statement.resources.some((resource) => matches(resource, queue.arn)) &&
    (statement.sourceArns.length === 0 ||
      statement.sourceArns.some((source) => matches(source, ruleArn)));
  const allowed = deployment.queuePolicies.some(
    ({ queueUrls, statements }) =>
      queueUrls.some((url) => url.endsWith(`/${queue.name}`)) && statements.some(allows),
  );
  if (!allowed) {
    throw new TemplateError(
      where,
      `sends to ${queue.arn} without an AWS::SQS::QueuePolicy that lets ${EVENTBRIDGE} ` +
        `sqs:SendMessage from ${ruleArn}: on AWS it would deliver nothing`,
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
