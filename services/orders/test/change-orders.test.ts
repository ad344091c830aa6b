import { changeOrders } from '../src/change-orders';
import { planOrders } from '../src/order-plan';
import { openOrderTable, type OrderTable, type OrderWrite } from '../src/order-table';
import { startLocalOrders, TABLE } from './local-orders';

// Two transactions to place them.
const SIZE = { changes: 450, orders: 150 };

let orders: Awaited<ReturnType<typeof startLocalOrders>>;
let table: OrderTable;

beforeAll(async () => {
  orders = await startLocalOrders();
  table = openOrderTable(orders.client, TABLE);
});

afterAll(() => orders.close());

/** What a write does, in words. */
function said(write: OrderWrite): string {
  if (write.kind === 'insert') return `insert ${write.order.orderId}`;
  if (write.kind === 'modify') return `modify ${write.order.orderId} to ${write.order.revision}`;
  return `remove ${write.orderId}`;
}

/** The table, as one sees it that is cut off after so many transactions; and which were done. */
function cutOff(after: number, done: string[]): OrderTable {
  let left = after;
  return {
    async write(writes) {
      if (left-- <= 0) throw new Error('cut off');
      const made = await table.write(writes);
      done.push(...made.map(said));
      return made;
    },
    revisionOf: (id) => table.revisionOf(id),
  };
}

describe('changeOrders', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'goes on where it was cut off after %i transactions, doing each change once',
    async (after) => {
      const histories = planOrders('cut', [String(after)], SIZE);
      const done: string[] = [];
      await expect(changeOrders(histories, cutOff(after, done))).rejects.toThrow('cut off');
      await changeOrders(histories, cutOff(Infinity, done));
      expect(done).toHaveLength(SIZE.changes);
      expect(new Set(done).size).toBe(SIZE.changes);
    },
  );

  it('keeps the changes of one order in their sequence', async () => {
    const histories = planOrders('sequence', [], SIZE);
    const done: string[] = [];
    await changeOrders(histories, cutOff(Infinity, done));
    for (const { placed, changes } of histories) {
      const id = placed.orderId;
      expect(done.filter((what) => what.includes(id))).toEqual([
        `insert ${id}`,
        ...changes.map((change) =>
          change ? `modify ${id} to ${change.revision}` : `remove ${id}`,
        ),
      ]);
    }
  });
});
