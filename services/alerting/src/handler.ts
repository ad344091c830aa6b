import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { decodeEvent } from './event';
import { gatherEvidence } from './evidence/gather-evidence';
import { openIncidentStore } from './incident-store';
import { publishMessage } from './publish-message';
import { renderMessage } from './render-message';
import { tellOfAll, tellOfChange, type TellingOptions } from './tell-incidents';

const stage = requiredEnv('STAGE');
const curatedBucket = requiredEnv('CURATED_BUCKET');
const topicArn = requiredEnv('TOPIC_ARN');
const repeatMinutes = integerEnv('REPEAT_MINUTES', { minimum: 0, maximum: 1440 });
const logger = createLogger('alerting');
const sources = { s3: createS3Client(), sqs: new SQSClient(), curatedBucket, stage };
const sns = new SNSClient();

const options: TellingOptions = {
  store: openIncidentStore(new DynamoDBClient(), requiredEnv('INCIDENTS_TABLE')),
  gather: (incident, telling) => gatherEvidence(incident, telling, sources, logger),
  async publish(incident, telling, evidence) {
    const message = renderMessage(incident, telling, evidence, { stage, repeatMinutes });
    await publishMessage(sns, topicArn, message);
    logger.info('told', { subject: message.subject, ...message.attributes });
  },
  repeatMs: repeatMinutes * 60_000,
  now: Date.now,
  wait: async (milliseconds) => {
    await wait(milliseconds);
  },
};

/** Tells of an alarm's change of state, or, by schedule, of what has become due since. */
export async function handler(event: unknown, context: Context): Promise<void> {
  logger.addContext(context);
  const request = decodeEvent(event);
  if (request.kind === 'tick') return tellOfAll(options);
  logger.setCorrelationId(request.change.alarm.name);
  return tellOfChange(request.change, options);
}
