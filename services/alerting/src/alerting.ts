import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from '@saleslake/shared/runtime/logger';
import type { AlertRequest } from './event';
import { gatherEvidence } from './evidence/gather-evidence';
import { openIncidentStore } from './incident-store';
import { publishMessage } from './publish-message';
import { renderMessage } from './render-message';
import { tellOfAll, tellOfChange, type TellingOptions } from './tell-incidents';

export interface AlertingOptions extends Pick<TellingOptions, 'now' | 'wait'> {
  clients: { s3: S3Client; sqs: SQSClient; sns: SNSClient; dynamoDb: DynamoDBClient };
  stage: string;
  curatedBucket: string;
  incidentsTable: string;
  topicArn: string;
  repeatMinutes: number;
  logger: Logger;
}

/** Takes events in and tells of what is then due, with the given AWS. */
export function createAlerting({
  clients: { s3, sqs, sns, dynamoDb },
  stage,
  curatedBucket,
  incidentsTable,
  topicArn,
  repeatMinutes,
  logger,
  now,
  wait,
}: AlertingOptions): (request: AlertRequest) => Promise<void> {
  const sources = { s3, sqs, curatedBucket, stage };
  const options: TellingOptions = {
    store: openIncidentStore(dynamoDb, incidentsTable),
    gather: (incident, telling) => gatherEvidence(incident, telling, sources, logger),
    async publish(incident, telling, evidence) {
      const message = renderMessage(incident, telling, evidence, { stage, repeatMinutes });
      await publishMessage(sns, topicArn, message);
      logger.info('told', { subject: message.subject, ...message.attributes });
    },
    repeatMs: repeatMinutes * 60_000,
    now,
    wait,
  };
  return (request) =>
    request.kind === 'tick' ? tellOfAll(options) : tellOfChange(request.change, options);
}
