import { changeOrders } from '../src/change-orders';
import { planOrders } from '../src/order-plan';
import { openOrderTable, type OrderTable } from '../src/order-table';
import { startLocalOrders, TABLE } from './local-orders';

const SIZE = { changes: 60, orders: 20 };

let orders: Awaited<ReturnType<typeof startLocalOrders>>;
let table: OrderTable;

beforeAll(async () => {
  orders = await startLocalOrders();
  table = openOrderTable(orders.client, TABLE);
});

afterAll(() => orders.close());

/** The table, as one sees it that is cut off after so many writes; and which were done. */
function cutOff(after: number, done: string[]): OrderTable {
  let left = after;
  const write = async (what: string, work: () => Promise<boolean>): Promise<boolean> => {
    if (left-- <= 0) throw new Error('cut off');
    const wasDone = await work();
    if (wasDone) done.push(what);
    return wasDone;
  };
  return {
    insert: (order) => write(`insert ${order.orderId}`, () => table.insert(order)),
    modify: (order) =>
      write(`modify ${order.orderId} to ${order.revision}`, () => table.modify(order)),
    remove: (id, revision) => write(`remove ${id}`, () => table.remove(id, revision)),
    revisionOf: (id) => table.revisionOf(id),
  };
}

describe('changeOrders', () => {
  it.each([0, 1, 10, 20, 21, 22, 35, 50, 59])(
    'goes on where it was cut off after %i writes, doing each change once',
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
