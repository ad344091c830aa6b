import type { Transaction } from '@saleslake/shared/tables/transactions';
import { createCatalogue } from '@saleslake/shared/synthetic/catalogue';
import { salesOf } from '../src/sales';
import { openShop } from '../src/shop';

const DAY_MS = 86_400_000;
const MONDAY = Date.UTC(2026, 2, 2);
const SALES = 20_000;

const sales = salesFor('saleslake');

function salesFor(seed: string): Transaction[] {
  const week = { from: MONDAY, to: MONDAY + 7 * DAY_MS };
  return [...salesOf(openShop(seed), ['week'], week, SALES)];
}

/** How many sales each value of a column has, the largest first. */
function counts(column: keyof Transaction): number[] {
  const counts = new Map<unknown, number>();
  for (const { [column]: value } of sales) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].sort((a, b) => b - a);
}

function sum(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

describe('salesOf', () => {
  it('makes the tenth of customers that buys most buy more than 30 % and less than 60 %', () => {
    const share = sum(counts('customer_id').slice(0, 50)) / SALES;
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.6);
  });

  it('lets each of the 500 customers buy', () => {
    expect(counts('customer_id')).toHaveLength(500);
  });

  it('makes some products sell better than others, and sells them all', () => {
    const products = counts('product_id');
    expect(products).toHaveLength(80);
    expect(products.at(0)).toBeGreaterThan(3 * (products.at(-1) ?? Infinity));
  });

  it('sells what the catalogue has, at its price or its price on offer', () => {
    const catalogue = new Map(createCatalogue('saleslake').map((p) => [p.product_id, p]));
    const foreign = sales.filter((row) => {
      const product = catalogue.get(row.product_id);
      return !(
        product?.product_name === row.product_name &&
        product.category === row.category &&
        [product.price, product.offerPrice].includes(row.price)
      );
    });
    expect(foreign).toEqual([]);
  });

  it('sells mostly one or two of a product and never more than ten', () => {
    const quantities = sales.map(({ quantity }) => quantity);
    expect(quantities.filter((quantity) => quantity <= 2).length / SALES).toBeGreaterThan(0.7);
    expect(Math.min(...quantities)).toBe(1);
    expect(Math.max(...quantities)).toBe(10);
  });

  it('sells more on a Saturday than on a Tuesday', () => {
    const onDay = (day: number) => sales.filter(({ day_of_week }) => day_of_week === day).length;
    expect(onDay(5)).toBeGreaterThan(1.5 * onDay(1));
  });

  it('sells more in the evening than at night', () => {
    const inHour = (hour: number) => sales.filter((row) => row.hour === hour).length;
    expect(inHour(19)).toBeGreaterThan(10 * inHour(3));
  });

  it('makes the same sales of the same seed and name', () => {
    const again = salesFor('saleslake');
    expect(again.slice(0, 500)).toEqual(sales.slice(0, 500));
    expect(again.at(-1)).toEqual(sales.at(-1));
  });

  it('makes other customers the best ones of another seed', () => {
    const best = (rows: Transaction[]) => {
      const counts = new Map<string, number>();
      for (const { customer_id: id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1);
      return [...counts].sort(([, a], [, b]) => b - a).slice(0, 5);
    };
    expect(best(salesFor('other'))).not.toEqual(best(sales));
  });

  it('gives the same ids to the first sales of a name, however many there are', () => {
    const ids = (count: number) => {
      const day = { from: MONDAY, to: MONDAY + DAY_MS };
      const rows = [...salesOf(openShop('saleslake'), ['day'], day, count)];
      return rows.map(({ transaction_id }) => transaction_id);
    };
    expect(ids(100).slice(0, 10)).toEqual(ids(10));
  });
});
