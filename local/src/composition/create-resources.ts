import { join } from 'node:path';
import type { Deployment } from '../cloudformation/deployment';
import { TemplateError } from '../cloudformation/template';
import { unpackFunction } from '../cloudformation/unpack-function';
import type { EventBridge } from '../eventbridge/eventbridge';
import type { Iam } from '../iam/iam';
import type { Lambda } from '../lambda/lambda';
import type { S3 } from '../s3/s3';
import type { Sqs } from '../sqs/sqs';

/** The services that resources are created in. */
export interface Services {
  iam: Iam;
  s3: S3;
  sqs: Sqs;
  lambda: Lambda;
  eventBridge: EventBridge;
}

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const POLLING_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * Creates what a deployment declares, or takes over what changed. Throws TemplateError or an
 * AwsError where AWS would refuse it.
 */
export function createResources(
  deployment: Deployment,
  { iam, s3, sqs, lambda, eventBridge }: Services,
  stateDir: string,
): void {
  for (const { name, roleArn } of deployment.functions) {
    const role = deployment.roles.find(({ arn }) => arn === roleArn);
    if (!role) {
      throw new TemplateError(`function ${name}`, `has the role ${roleArn}: no stack declares it`);
    }
    // Roles of others than functions have no one here to take them on.
    iam.createRole(role);
  }
  for (const bucket of deployment.buckets) s3.createBucket(bucket);
  for (const queue of deployment.queues) sqs.createQueue(queue);
  for (const { code, ...config } of deployment.functions) {
    const codeFolder = unpackFunction(join(stateDir, 'functions'), { name: config.name, code });
    lambda.createFunction({ ...config, codeFolder });
  }
  for (const rule of deployment.rules) eventBridge.createRule(rule);
  for (const { where, queueArn, functionName } of deployment.eventSourceMappings) {
    const roleArn = deployment.functions.find(({ name }) => name === functionName)?.roleArn ?? '';
    const { accessKeyId } = iam.credentialsFor(roleArn);
    for (const action of POLLING_ACTIONS) {
      try {
        iam.authorize(accessKeyId, action, queueArn);
      } catch (error) {
        const reason = (error as Error).message;
        throw new TemplateError(where, `needs ${action} in the function's role: ${reason}`);
      }
    }
  }
}
