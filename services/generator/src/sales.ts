import { timestampPart } from '@saleslake/shared/contract/timestamp';
import type { Transaction } from '@saleslake/shared/tables/transactions';
import { below, randomStream } from '@saleslake/shared/synthetic/random';
import { momentsIn, type Period } from './rhythm';
import type { Shop } from './shop';
import { transactionId } from './transaction-id';
import { weightedChoice } from './weighted-choice';

/** One in so many sales is of a product on offer. */
const OFFER_EVERY = 8;

/** How often 1, 2, … 10 of a product are bought. */
const chooseQuantity = weightedChoice([560, 220, 90, 45, 30, 20, 12, 9, 8, 6]);

/**
 * `count` transactions of a period, in the order of their timestamps, made one at a time. The
 * shop's seed and `name` decide everything: the same name gives the same sales, so each object of
 * the raw zone has a name of its own. The ids depend on nothing but seed, name and position.
 * @param period of at most 49 days.
 */
export function* salesOf(
  shop: Shop,
  name: readonly string[],
  period: Period,
  count: number,
): Generator<Transaction, void> {
  const random = randomStream(shop.seed, ...name, 'sales');
  const ids = randomStream(shop.seed, ...name, 'ids');
  for (const moment of momentsIn(period, count, random)) {
    const timestamp = period.from + moment;
    const product = shop.chooseProduct(random);
    const quantity = 1 + chooseQuantity(random);
    const price = below(random, OFFER_EVERY) === 0 ? product.offerPrice : product.price;
    yield {
      transaction_id: transactionId(ids),
      timestamp,
      customer_id: shop.chooseCustomer(random),
      product_id: product.product_id,
      product_name: product.product_name,
      category: product.category,
      quantity,
      price,
      total_amount: BigInt(quantity) * price,
      hour: timestampPart(timestamp, 'hour'),
      day_of_week: timestampPart(timestamp, 'dayOfWeek'),
    };
  }
}
