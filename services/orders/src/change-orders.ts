import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';
import type { OrderHistory } from './order-plan';
import type { OrderTable } from './order-table';

/** How many changes were made. */
export interface ChangeCounts {
  inserted: number;
  modified: number;
  removed: number;
}

// As many connections as the SDK opens to one host at most is 50; more would only wait.
const CONCURRENCY = 32;

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
    await forEachConcurrently(histories, CONCURRENCY, async ({ placed }) => {
      if (await table.insert(placed)) counts.inserted += 1;
    });
  }
  await happen(first);
  await forEachConcurrently(histories.slice(1), CONCURRENCY, happen);
  return counts;

  async function happen({ placed, changes }: OrderHistory): Promise<void> {
    let { revision } = placed;
    for (const change of changes) {
      if (!change) {
        if (await table.remove(placed.orderId, revision)) counts.removed += 1;
      } else {
        if (await table.modify(change)) counts.modified += 1;
        revision = change.revision;
      }
    }
  }
}
