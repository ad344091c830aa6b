import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context, SNSEvent } from 'aws-lambda';
import { requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { alertOf } from './notification';
import { postJson } from './post-alert';
import { webhookBody } from './webhook-body';
import { webhookUrlReader } from './webhook-url';

const logger = createLogger('alerting');
const readUrl = webhookUrlReader(new SecretsManagerClient(), requiredEnv('WEBHOOK_SECRET'));

/** Posts what came to the topic to the webhook; fails where that does, so that it is tried again. */
export async function handler({ Records }: SNSEvent, context: Context): Promise<void> {
  logger.addContext(context);
  const url = await readUrl();
  for (const { Sns } of Records) {
    await postJson(url, webhookBody(url.hostname, alertOf(Sns)));
    logger.info('posted', { message_id: Sns.MessageId });
  }
}
