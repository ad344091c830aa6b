import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { LocalAws } from '../local-aws';
import { clientConfig } from '../local-names';
import { compareOrders } from '../query/compare-orders';
import { localTarget } from '../query/query-target';
import { resultTable } from '../query/result-table';
import { runQuery } from '../query/run-query';
import { formatTable } from '../query/format-result';
import { invoke, waitFor } from './local-connection';
import { answer, formatCount, plural, step } from './terminal';

const CHANGE_ORDERS = 'saleslake-orders-local-change';
const ORDERS_TABLE = 'saleslake-local-orders';

const SHOWN: [question: string, statement: string][] = [
  [
    'What happened to orders?  (table order_events)',
    `SELECT event_type, count(*) AS changes, count(DISTINCT order_id) AS orders,
       min(event_time) AS first_change, max(event_time) AS last_change
     FROM order_events GROUP BY event_type ORDER BY event_type`,
  ],
  [
    'Which orders are worth most now?  (view orders_current)',
    `SELECT order_id, product_name, quantity, price, total_amount
     FROM orders_current ORDER BY total_amount DESC, order_id LIMIT 5`,
  ],
];

/** Has the orders service write and change orders in DynamoDB. */
export async function changeOrders(
  aws: LocalAws,
  { changes, seed }: { changes: number; seed: string },
): Promise<void> {
  const changing = step('Change orders in DynamoDB');
  const counts = (await invoke(aws.endpoint, CHANGE_ORDERS, { changes, seed })) as {
    inserted: number;
    modified: number;
    removed: number;
  };
  changing.done(
    `${formatCount(counts.inserted)} placed, ${formatCount(counts.modified)} changed, ` +
      `${formatCount(counts.removed)} cancelled`,
  );
}

/** Waits until every change that DynamoDB's stream captured has gone through to Parquet. */
export async function deliverOrders(aws: LocalAws): Promise<void> {
  const delivering = step('Stream order changes to Parquet');
  await waitFor('the order changes', 60_000, () => {
    const behind = aws.pipes.pipes().reduce((sum, pipe) => sum + pipe.behind, 0);
    delivering.update(`${plural(behind, 'change')} to go`);
    return Promise.resolve(aws.idle() ? true : undefined);
  });
  // Nobody wants to see a demo wait for the interval of a buffer.
  await aws.firehose.flush();
  delivering.done(`${plural(capturedChanges(aws), 'change')} by Pipes, Kinesis and Firehose`);
}

export async function showOrders(aws: LocalAws): Promise<void> {
  const target = localTarget(aws.endpoint);
  for (const [question, statement] of SHOWN) {
    answer(`\n${question}\n`);
    answer(formatTable(resultTable(await runQuery(target, statement))));
  }
}

/**
 * Compares what SQL sees with what was written to DynamoDB.
 * @returns what was proved, in words.
 * @throws SaleslakeError where they differ.
 */
export async function proveOrders(aws: LocalAws): Promise<string> {
  const target = localTarget(aws.endpoint);
  const dynamoDb = new DynamoDBClient(clientConfig(aws.endpoint));
  const { orders, different } = await compareOrders(target, dynamoDb, ORDERS_TABLE);
  const { rows } = await runQuery(target, 'SELECT count(*) FROM orders_history');
  const captured = capturedChanges(aws);
  const history = Number(rows[0]?.[0]);
  const mismatches = different.map((id) => `order ${id} differs from DynamoDB's`);
  if (history !== captured) {
    mismatches.push(`${captured} changes captured from DynamoDB, ${history} in orders_history`);
  }
  if (mismatches.length > 0) throw new SaleslakeError('NotReconciled', mismatches.join('\n'));
  return (
    `orders: ${formatCount(orders)} in DynamoDB and in orders_current, the same in every ` +
    `column; ${formatCount(captured)} changes captured, each once in orders_history.\n`
  );
}

function capturedChanges(aws: LocalAws): number {
  const { streamArn } = aws.dynamoDb.tables().find(({ name }) => name === ORDERS_TABLE) ?? {};
  if (streamArn === undefined) throw new Error(`${ORDERS_TABLE} has no stream.`);
  const stream = aws.dynamoDb.stream(streamArn);
  return stream.shardIds().reduce((sum, shardId) => sum + stream.end(shardId), 0);
}
