import { EventError } from '@saleslake/shared/runtime/errors';
import type { StreamedContract } from '@saleslake/shared/stream/delivered-line';
import { orderEvents } from '@saleslake/shared/tables/order-events';
import { transactions } from '@saleslake/shared/tables/transactions';
import { orderChange } from './order-change';

/** What comes through a delivery stream: records of which table, and how they become its rows. */
export interface StreamTable {
  contract: StreamedContract;
  /** Makes of a JSON object what is held against the contract; throws PayloadError. */
  read: (value: Record<string, unknown>) => Record<string, unknown>;
}

/** By the delivery stream's name behind the stage's prefix. */
const STREAMS: Record<string, StreamTable> = {
  transactions: { contract: transactions, read: (record) => record },
  'order-events': { contract: orderEvents, read: orderChange },
};

/**
 * What the delivery stream `<prefix><name>` carries.
 * @throws EventError naming the stream where it is none of ours: Firehose then retries and in the
 * end keeps the records, where an answer could only lose them or mistake them for others.
 */
export function tableOfStream(deliveryStreamArn: unknown, prefix: string): StreamTable {
  const name = String(deliveryStreamArn).replace(/^.*:deliverystream\//, '');
  const own = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  const table = Object.hasOwn(STREAMS, own) ? STREAMS[own] : undefined;
  if (table) return table;
  const known = Object.keys(STREAMS).map((stream) => prefix + stream);
  throw new EventError(
    `The event is of the delivery stream ${name}; expected ${known.join(' or ')}.`,
  );
}
