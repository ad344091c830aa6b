import { join } from 'node:path';
import type { Deployment } from '../cloudformation/deployment';
import { TemplateError } from '../cloudformation/template';
import { unpackFunction } from '../cloudformation/unpack-function';
import type { Services } from './open-services';

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
const POLLING_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/**
 * Creates what a deployment declares, or takes over what changed. Throws TemplateError or an
 * AwsError where AWS would refuse it.
 */
export async function createResources(
  deployment: Deployment,
  services: Services,
  stateDir: string,
): Promise<void> {
  const { iam, s3, sqs, sns, lambda, eventBridge, cloudWatch } = services;
  const { dynamoDb, kinesis, pipes, firehose } = services;
  for (const { who, roleArn } of whoHasRoles(deployment)) {
    const role = deployment.roles.find(({ arn }) => arn === roleArn);
    if (!role) throw new TemplateError(who, `has the role ${roleArn}: no stack declares it`);
    iam.createRole(role);
  }
  for (const bucket of deployment.buckets) s3.createBucket(bucket);
  for (const queue of deployment.queues) sqs.createQueue(queue);
  for (const { code, ...config } of deployment.functions) {
    const codeFolder = unpackFunction(join(stateDir, 'functions'), { name: config.name, code });
    lambda.createFunction({ ...config, codeFolder });
  }
  for (const topic of deployment.topics) sns.createTopic(topic);
  for (const subscription of deployment.subscriptions) sns.createSubscription(subscription);
  for (const table of deployment.dynamoDbTables) await dynamoDb.createTable(table);
  for (const stream of deployment.kinesisStreams) kinesis.createStream(stream);
  for (const stream of deployment.deliveryStreams) firehose.createDeliveryStream(stream);
  for (const pipe of deployment.pipes) pipes.createPipe(pipe);
  for (const rule of deployment.rules) eventBridge.createRule(rule);
  for (const alarm of deployment.alarms) cloudWatch.createAlarm(alarm);
  for (const { name, body } of deployment.dashboards) cloudWatch.createDashboard(name, body);
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

/** Roles of others, such as a crawler's, have no one here to take them on. */
function whoHasRoles(deployment: Deployment): { who: string; roleArn: string }[] {
  const { functions, pipes, deliveryStreams } = deployment;
  return [
    ...functions.map(({ name, roleArn }) => ({ who: `function ${name}`, roleArn })),
    ...pipes.map(({ where, roleArn }) => ({ who: where, roleArn })),
    ...deliveryStreams.flatMap(({ where, source, destination }) =>
      [
        source.kind === 'Kinesis' ? source.roleArn : undefined,
        destination.roleArn,
        destination.conversion?.roleArn,
        destination.backup?.roleArn,
      ].flatMap((roleArn) => (roleArn === undefined ? [] : [{ who: where, roleArn }])),
    ),
  ];
}
