import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';
import type { OrderHistory } from './order-plan';
import { MOST_WRITES, type OrderTable, type OrderWrite } from './order-table';

/** How many changes were made. */
export interface ChangeCounts {
  inserted: number;
  modified: number;
  removed: number;
}

const COUNTED = { insert: 'inserted', modify: 'modified', remove: 'removed' } as const;

// A table that was just made takes 4,000 writes a second, and each counts twice in a transaction.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
const CONCURRENCY = 4;

/**
 * Places all orders, then lets happen to each what its history has: one after another for one
 * order, at the same time for different ones.
 *
 * Done again, also after it was cut off anywhere, it goes on where it was: a change is made only to
 * the revision that it is of. What was placed and cancelled must not be placed again; therefore the
 * first order, which stays, is changed between the two steps, and says that all were placed.
 */
export async function changeOrders(
  histories: readonly OrderHistory[],
  table: OrderTable,
): Promise<ChangeCounts> {
  const counts = { inserted: 0, modified: 0, removed: 0 };
  const first = histories[0];
  if (!first) return counts;

  if (((await table.revisionOf(first.placed.orderId)) ?? 0) === 0) {
    await write(histories.map(({ placed: order }) => ({ kind: 'insert', order })));
  }
  await happen([first]);
  await happen(histories.slice(1));
  return counts;

  /** The first change of each, then the second of each, and so on. */
  async function happen(some: readonly OrderHistory[]): Promise<void> {
    for (let round = 0; ; round += 1) {
      const writes = some.flatMap((history) => changeOf(history, round));
      if (writes.length === 0) return;
      await write(writes);
    }
  }

  /** Of different orders, in any sequence. */
  async function write(writes: readonly OrderWrite[]): Promise<void> {
    const transactions = Array.from({ length: Math.ceil(writes.length / MOST_WRITES) }, (_, i) =>
      writes.slice(i * MOST_WRITES, (i + 1) * MOST_WRITES),
    );
    await forEachConcurrently(transactions, CONCURRENCY, async (transaction) => {
      for (const { kind } of await table.write(transaction)) counts[COUNTED[kind]] += 1;
    });
  }
}

function changeOf({ placed, changes }: OrderHistory, round: number): OrderWrite[] {
  const change = changes[round];
  if (change === undefined) return [];
  if (change) return [{ kind: 'modify', order: change }];
  const { orderId, revision } = changes[round - 1] ?? placed;
  return [{ kind: 'remove', orderId, revision }];
}
