import { setTimeout } from 'node:timers/promises';
import {
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { formatDecimal } from '@saleslake/shared/contract/decimal';
import type { Order } from './order-plan';

const PRICE_SCALE = 2;

/** As many writes as a transaction may have. */
export const MOST_WRITES = 100;

/** What happens to one order. */
export type OrderWrite =
  /** It is placed, where there is none of that id. */
  | { kind: 'insert'; order: Order }
  /** It gets its new quantity and price, where it is of the revision before. */
  | { kind: 'modify'; order: Order }
  /** It is cancelled: its item goes, where it is of that revision. */
  | { kind: 'remove'; orderId: string; revision: number };

export interface OrderTable {
  /**
   * Does up to MOST_WRITES writes, of as many orders. Returns those that were done: not those that
   * the table is past already.
   */
  write(writes: readonly OrderWrite[]): Promise<OrderWrite[]>;
  /** Of which revision an order is; undefined where there is none. */
  revisionOf(orderId: string): Promise<number | undefined>;
}

// Of the reasons that a transaction was cancelled for, those that pass.
const PASSING = ['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'];
const ATTEMPTS = 8;
const FIRST_DELAY_MS = 50;

/**
 * The orders in DynamoDB. Writes go as transactions: a call does a hundred of them for the time of
 * one, and the SDK gives each a token by which DynamoDB does it once, however often it is sent.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export function openOrderTable(client: DynamoDBClient, TableName: string): OrderTable {
  const keyOf = (orderId: string) => marshall({ orderId });
  // The price as text: marshall would take it for a double.
  const priceOf = ({ price }: Order) => ({ N: formatDecimal(price, PRICE_SCALE) });

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html */
  function itemOf(write: OrderWrite): TransactWriteItem {
    switch (write.kind) {
      case 'insert': {
        const { orderId, productName: product_name, quantity, revision } = write.order;
        const Item = {
          ...marshall({ orderId, product_name, quantity, revision }),
          price: priceOf(write.order),
        };
        return {
          Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(orderId)' },
        };
      }
      case 'modify': {
        const { orderId, quantity, revision } = write.order;
        return {
          Update: {
            TableName,
            Key: keyOf(orderId),
            UpdateExpression: 'SET quantity = :quantity, price = :price, revision = :revision',
            ConditionExpression: 'revision = :before',
            ExpressionAttributeValues: {
              ...marshall({
                ':quantity': quantity,
                ':revision': revision,
                ':before': revision - 1,
              }),
              ':price': priceOf(write.order),
            },
          },
        };
      }
      case 'remove':
        return {
          Delete: {
            TableName,
            Key: keyOf(write.orderId),
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: marshall({ ':revision': write.revision }),
          },
        };
    }
  }

  /** The codes of the reasons that the transaction was cancelled for; none where it was not. */
  async function transact(writes: readonly OrderWrite[]): Promise<string[]> {
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: writes.map(itemOf) }));
      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code);
      const known = ['None', 'ConditionalCheckFailed', ...PASSING];
      if (codes.length === writes.length && codes.every((code) => known.includes(code))) {
        return codes;
      }
      throw error;
    }
  }

  return {
    async write(writes) {
      let left = [...writes];
      for (let attempt = 0; left.length > 0;) {
        const codes = await transact(left);
        if (codes.length === 0) break;
        // One write that the table is past cancels all: the others go again without it.
        left = left.filter((_write, index) => codes[index] !== 'ConditionalCheckFailed');
        const passing = codes.find((code) => PASSING.includes(code));
        if (passing === undefined) continue;
        if (++attempt === ATTEMPTS) {
          throw new Error(`A transaction was cancelled ${ATTEMPTS} times: ${passing}.`);
        }
        await setTimeout(FIRST_DELAY_MS * 2 ** (attempt - 1) * (1 + Math.random()));
      }
      return left;
    },

    async revisionOf(orderId) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(orderId), ConsistentRead: true }),
      );
      return Item && (unmarshall(Item)['revision'] as number);
    },
  };
}
