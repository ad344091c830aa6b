import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { createAlerting } from './alerting';
import { decodeEvent } from './event';

const logger = createLogger('alerting');
const alert = createAlerting({
  clients: {
    s3: createS3Client(),
    sqs: new SQSClient(),
    sns: new SNSClient(),
    dynamoDb: new DynamoDBClient(),
  },
  stage: requiredEnv('STAGE'),
  curatedBucket: requiredEnv('CURATED_BUCKET'),
  incidentsTable: requiredEnv('INCIDENTS_TABLE'),
  topicArn: requiredEnv('TOPIC_ARN'),
  repeatMinutes: integerEnv('REPEAT_MINUTES', { minimum: 0, maximum: 1440 }),
  logger,
  now: Date.now,
  wait: (milliseconds) => wait(milliseconds),
});

/** Tells of an alarm's change of state, or, by schedule, of what has become due since. */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const request = decodeEvent(event);
  if (request.kind === 'change') logger.setCorrelationId(request.change.alarm.name);
  await alert(request);
}
