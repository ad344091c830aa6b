import type { Context } from 'aws-lambda';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { backfillObjects } from './backfill';
import { createCustomers } from './customers';
import { decodeEvent } from './event';
import { s3PutOnce } from './s3-put-once';
import { s3Upload } from './s3-upload';
import { openShop } from './shop';
import { tickObject } from './tick';
import { writeCustomers } from './write-customers';
import { writeObjects, type Written } from './write-objects';

const transactionsPerTick = integerEnv('TRANSACTIONS_PER_TICK', { minimum: 1, maximum: 1_000_000 });
const seed = requiredEnv('SEED');
const bucket = requiredEnv('RAW_BUCKET');
const s3 = createS3Client();
const write = s3Upload(s3, bucket);
const putOnce = s3PutOnce(s3, bucket);
const logger = createLogger('generator');

/**
 * Writes the synthetic transactions of one tick of the schedule, or of a backfill, into the raw
 * zone, and their customers where they are not there yet. The same event and seed write the same
 * bytes under the same keys.
 */
export async function handler(event: unknown, context: Context): Promise<Written> {
  logger.addContext(context);
  const request = decodeEvent(event);
  const objects =
    request.kind === 'tick'
      ? [tickObject(openShop(seed), request.time, transactionsPerTick)]
      : backfillObjects(openShop(request.seed ?? seed), request, request.count);
  // Customers first: there is no sale of somebody unknown. They are those of the function's seed, as
  // a backfill with another lets the same people buy other things.
  await writeCustomers(createCustomers(seed), { putOnce, logger });
  const remainingMs = (): number => context.getRemainingTimeInMillis();
  return writeObjects(objects, { write, logger, remainingMs });
}
