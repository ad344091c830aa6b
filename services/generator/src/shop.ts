import type { Customer } from '@saleslake/shared/tables/customers';
import { createCatalogue, type Product } from '@saleslake/shared/synthetic/catalogue';
import { createCustomers } from './customers';
import { randomStream, shuffled, type Random } from '@saleslake/shared/synthetic/random';
import { weightedChoice, zipfWeights } from './weighted-choice';

/** Who buys, and what: the same for every tick and backfill of a seed. */
export interface Shop {
  seed: string;
  /** The id of a customer, by how active they are. */
  chooseCustomer(random: Random): string;
  /** A product, by how well it sells. */
  chooseProduct(random: Random): Product;
}

/** The shop of a seed: its customers, its catalogue, and how uneven both are. */
export function openShop(seed: string): Shop {
  const customers = createCustomers(seed);
  const products = shuffled(randomStream(seed, 'popularity'), createCatalogue(seed));
  // Offsets such that the first customer makes two in a hundred purchases, the first tenth of all
  // customers not quite half, and the best seller about three in a hundred.
  const customer = weightedChoice(zipfWeights(customers.length, 10));
  const product = weightedChoice(zipfWeights(products.length, 20));
  return {
    seed,
    chooseCustomer: (random) => (customers[customer(random)] as Customer).customer_id,
    chooseProduct: (random) => products[product(random)] as Product,
  };
}
