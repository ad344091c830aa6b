import { createHash } from 'node:crypto';
import { createCatalogue } from '@saleslake/shared/synthetic/catalogue';
import { below, randomStream, type Random } from '@saleslake/shared/synthetic/random';

/** An order as it stands. Its `revision` counts its changes: a change is of just one revision. */
export interface Order {
  orderId: string;
  productName: string;
  quantity: number;
  /** In cents. */
  price: bigint;
  revision: number;
}

/** What happens to an order after it was placed; `null` is that it is cancelled. */
export type Change = Order | null;

/** One order from its beginning on, its changes in order. */
export interface OrderHistory {
  placed: Order;
  changes: Change[];
}

/** How much is asked for: `changes` counts the placing of `orders` orders too. */
export interface PlanSize {
  changes: number;
  orders: number;
}

/** One in so many orders is cancelled, where there are changes enough. */
const CANCELLED_EVERY = 6;
const MOST_QUANTITY = 9;

/**
 * The orders of that name, and exactly as many changes as asked for. Seed and name decide
 * everything, ids too: other names give other orders. The first order is never cancelled, and is
 * changed where any is.
 */
export function planOrders(
  seed: string,
  name: readonly string[],
  { changes, orders }: PlanSize,
): OrderHistory[] {
  const catalogue = createCatalogue(seed);
  const random = randomStream(seed, ...name, 'orders');
  const prefix = createHash('sha256')
    .update(JSON.stringify([seed, ...name]))
    .digest('hex');
  const histories = Array.from({ length: orders }, (_, index): OrderHistory => {
    const product = catalogue[below(random, catalogue.length)]!;
    const placed = {
      orderId: `${prefix.slice(0, 12)}-${String(index + 1).padStart(5, '0')}`,
      productName: product.product_name,
      quantity: 1 + below(random, 3),
      price: product.price,
      revision: 0,
    };
    return { placed, changes: [] };
  });

  const later = changes - orders;
  const cancelled = Math.min(Math.floor(orders / CANCELLED_EVERY), Math.floor(later / 2));
  for (let change = 0; change < later - cancelled; change += 1) {
    const history = histories[change === 0 ? 0 : below(random, orders)]!;
    history.changes.push(changed(latest(history), random));
  }
  // The last ones are cancelled: which products they are of is random anyway.
  for (const { changes } of histories.slice(orders - cancelled)) changes.push(null);
  return histories;
}

function latest({ placed, changes }: OrderHistory): Order {
  return changes.at(-1) ?? placed;
}

/** Another quantity or another price, never the same. */
function changed(order: Order, random: Random): Order {
  const revision = order.revision + 1;
  if (below(random, 2) === 0) {
    const step = 1 + below(random, MOST_QUANTITY - 1);
    return { ...order, revision, quantity: 1 + ((order.quantity - 1 + step) % MOST_QUANTITY) };
  }
  // Up to 10.00 more or less, and never for nothing.
  const cents = BigInt(1 + below(random, 1000));
  const lowered = below(random, 2) === 0 && order.price > cents;
  return { ...order, revision, price: lowered ? order.price - cents : order.price + cents };
}
