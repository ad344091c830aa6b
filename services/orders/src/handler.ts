import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { changeOrders, type ChangeCounts } from './change-orders';
import { decodeEvent } from './event';
import { planOrders } from './order-plan';
import { openOrderTable } from './order-table';

const changesPerTick = integerEnv('CHANGES_PER_TICK', { minimum: 1, maximum: 50_000 });
const seed = requiredEnv('SEED');
const table = openOrderTable(new DynamoDBClient(), requiredEnv('ORDERS_TABLE'));
const logger = createLogger('orders');

/**
 * Writes mock orders and changes them. The same event and seed leave the same table, however often
 * they come; the counts are of what was still to be done.
 */
export async function handler(event: unknown, context: Context): Promise<ChangeCounts> {
  logger.addContext(context);
  const request = decodeEvent(event, changesPerTick);
  const histories = planOrders(request.seed ?? seed, request.name, request.size);
  const counts = await changeOrders(histories, table);
  logger.info('orders changed', { correlation_id: request.name.join(' '), ...counts });
  return counts;
}
