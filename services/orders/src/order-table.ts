import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { formatDecimal } from '@saleslake/shared/contract/decimal';
import type { Order } from './order-plan';

const PRICE_SCALE = 2;

/** Each write says whether it was done: not where the table is past it already. */
export interface OrderTable {
  /** Places an order, where there is none of that id. */
  insert(order: Order): Promise<boolean>;
  /** Gives an order its new quantity and price, where it is of the revision before. */
  modify(order: Order): Promise<boolean>;
  /** Cancels an order: its item goes, where it is of that revision. */
  remove(orderId: string, revision: number): Promise<boolean>;
  /** Of which revision an order is; undefined where there is none. */
  revisionOf(orderId: string): Promise<number | undefined>;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html */
export function openOrderTable(client: DynamoDBClient, TableName: string): OrderTable {
  const keyOf = (orderId: string) => marshall({ orderId });
  // The price as text: marshall would take it for a double.
  const priceOf = ({ price }: Order) => ({ N: formatDecimal(price, PRICE_SCALE) });

  return {
    insert: (order) =>
      succeeds(
        client.send(
          new PutItemCommand({
            TableName,
            Item: {
              ...marshall({
                orderId: order.orderId,
                product_name: order.productName,
                quantity: order.quantity,
                revision: order.revision,
              }),
              price: priceOf(order),
            },
            ConditionExpression: 'attribute_not_exists(orderId)',
          }),
        ),
      ),
    modify: (order) =>
      succeeds(
        client.send(
          new UpdateItemCommand({
            TableName,
            Key: keyOf(order.orderId),
            UpdateExpression: 'SET quantity = :quantity, price = :price, revision = :revision',
            ConditionExpression: 'revision = :before',
            ExpressionAttributeValues: {
              ...marshall({
                ':quantity': order.quantity,
                ':revision': order.revision,
                ':before': order.revision - 1,
              }),
              ':price': priceOf(order),
            },
          }),
        ),
      ),
    remove: (orderId, revision) =>
      succeeds(
        client.send(
          new DeleteItemCommand({
            TableName,
            Key: keyOf(orderId),
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: marshall({ ':revision': revision }),
          }),
        ),
      ),
    async revisionOf(orderId) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(orderId), ConsistentRead: true }),
      );
      return Item && (unmarshall(Item)['revision'] as number);
    },
  };
}

async function succeeds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
