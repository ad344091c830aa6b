import { createCatalogue } from '@saleslake/shared/synthetic/catalogue';
import fc from 'fast-check';
import { planOrders, type OrderHistory } from '../src/order-plan';

const sizes = fc
  .integer({ min: 1, max: 400 })
  .chain((changes) =>
    fc.record({ changes: fc.constant(changes), orders: fc.integer({ min: 1, max: changes }) }),
  );

function all(
  check: (histories: OrderHistory[], size: { changes: number; orders: number }) => void,
) {
  fc.assert(
    fc.property(sizes, (size) => check(planOrders('seed', ['a'], size), size)),
    { seed: 1, numRuns: 60 },
  );
}

describe('planOrders', () => {
  it('plans as many orders and as many changes as asked for', () => {
    all((histories, { changes, orders }) => {
      expect(histories).toHaveLength(orders);
      expect(histories.flatMap((history) => [history.placed, ...history.changes])).toHaveLength(
        changes,
      );
    });
  });

  it('changes the quantity or the price with each change, and counts it', () => {
    all((histories) => {
      for (const { placed, changes } of histories) {
        let before = placed;
        for (const change of changes) {
          if (!change) continue;
          expect(change.revision).toBe(before.revision + 1);
          expect([change.quantity, change.price]).not.toEqual([before.quantity, before.price]);
          before = change;
        }
      }
    });
  });

  it('never asks for less than one piece, nor for nothing or less', () => {
    all((histories) => {
      for (const order of histories.flatMap(({ placed, changes }) => [placed, ...changes])) {
        if (!order) continue;
        expect(order.quantity).toBeGreaterThanOrEqual(1);
        expect(order.price > 0n).toBe(true);
      }
    });
  });

  it('cancels last, and never the first order, which is changed where any is', () => {
    all((histories, { changes, orders }) => {
      for (const history of histories) {
        expect(history.changes.slice(0, -1)).not.toContain(null);
      }
      expect(histories[0]!.changes).not.toContain(null);
      if (changes > orders) expect(histories[0]!.changes.length).toBeGreaterThan(0);
    });
  });

  it('cancels some where there are changes enough', () => {
    const histories = planOrders('seed', ['a'], { changes: 300, orders: 100 });
    expect(histories.filter(({ changes }) => changes.includes(null))).toHaveLength(16);
  });

  it('plans the same for the same seed and name', () => {
    const size = { changes: 100, orders: 30 };
    expect(planOrders('seed', ['a'], size)).toEqual(planOrders('seed', ['a'], size));
  });

  it.each([
    ['another seed', 'other', ['a']],
    ['another name', 'seed', ['b']],
  ])('plans other orders for %s', (_what, seed, name) => {
    const size = { changes: 100, orders: 100 };
    const ids = new Set(planOrders('seed', ['a'], size).map(({ placed }) => placed.orderId));
    const others = planOrders(seed, name, size).map(({ placed }) => placed.orderId);
    expect(ids.size).toBe(100);
    expect(others.filter((id) => ids.has(id))).toEqual([]);
  });

  it('sells what the catalogue of the seed has, at its price', () => {
    const prices = new Map(
      createCatalogue('seed').map(({ product_name, price }) => [product_name, price]),
    );
    for (const { placed } of planOrders('seed', ['a'], { changes: 50, orders: 50 })) {
      expect(placed.price).toBe(prices.get(placed.productName));
    }
  });
});
