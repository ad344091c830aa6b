import type { Context } from 'aws-lambda';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { backfillObjects } from './backfill';
import { decodeEvent } from './event';
import { s3Upload } from './s3-upload';
import { openShop } from './shop';
import { tickObject } from './tick';
import { writeObjects, type Written } from './write-objects';

const transactionsPerTick = integerEnv('TRANSACTIONS_PER_TICK', { minimum: 1, maximum: 1_000_000 });
const seed = requiredEnv('SEED');
const write = s3Upload(createS3Client(), requiredEnv('RAW_BUCKET'));
const logger = createLogger('generator');

/**
 * Writes the synthetic transactions of one tick of the schedule, or of a backfill, into the raw
 * zone. The same event and seed write the same bytes under the same keys.
 */
export async function handler(event: unknown, context: Context): Promise<Written> {
  logger.addContext(context);
  const request = decodeEvent(event);
  const objects =
    request.kind === 'tick'
      ? [tickObject(openShop(seed), request.time, transactionsPerTick)]
      : backfillObjects(openShop(request.seed ?? seed), request, request.count);
  const remainingMs = (): number => context.getRemainingTimeInMillis();
  return writeObjects(objects, { write, logger, remainingMs });
}
