import { paginateScan, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { QueryTarget } from './query-target';
import { runQuery } from './run-query';

/** How DynamoDB's orders and the view orders_current differ. */
export interface OrdersComparison {
  /** Orders in DynamoDB. */
  orders: number;
  /** Orders in the view. */
  current: number;
  /** Ids of orders that one of the two lacks, that the view has twice, or whose columns differ. */
  different: string[];
}

/** Compares the view with the table that its changes were captured from, order by order. */
export async function compareOrders(
  target: QueryTarget,
  client: DynamoDBClient,
  tableName: string,
): Promise<OrdersComparison> {
  const expected = new Map<string, string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: tableName })) {
    for (const { orderId, product_name: product, quantity, price } of Items) {
      const columns = [product?.S, quantity?.N, amount(price?.N)];
      expected.set(orderId?.S ?? '', columns.join('\t'));
    }
  }
  const { rows } = await runQuery(
    target,
    'SELECT order_id, product_name, quantity, price FROM orders_current',
  );
  const found = new Map<string, string>();
  const different = new Set<string>();
  for (const [orderId, ...columns] of rows) {
    const id = orderId ?? '';
    if (found.has(id)) different.add(id);
    found.set(id, columns.join('\t'));
  }
  for (const id of new Set([...expected.keys(), ...found.keys()])) {
    if (expected.get(id) !== found.get(id)) different.add(id);
  }
  return { orders: expected.size, current: rows.length, different: [...different] };
}

/** DynamoDB drops the zeros at a number's end; a decimal(10,2) shows two. */
function amount(number: string | undefined): string | undefined {
  if (number === undefined) return undefined;
  const [whole = '', fraction = ''] = number.split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}
