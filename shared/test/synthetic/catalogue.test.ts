import { createCatalogue, priceRangeOf } from '../../src/synthetic/catalogue';

const seeds = Array.from({ length: 50 }, (_, index) => `seed ${index}`);

describe('createCatalogue', () => {
  it('has eighty products in eight categories', () => {
    const products = createCatalogue('saleslake');
    expect(new Set(products.map(({ product_id }) => product_id)).size).toBe(80);
    expect(new Set(products.map(({ product_name }) => product_name)).size).toBe(80);
    expect(new Set(products.map(({ category }) => category)).size).toBe(8);
  });

  it('gives the same prices for the same seed', () => {
    expect(createCatalogue('a')).toEqual(createCatalogue('a'));
  });

  it('gives other prices for another seed', () => {
    expect(createCatalogue('a')).not.toEqual(createCatalogue('b'));
  });

  it('changes nothing but prices from seed to seed', () => {
    const names = (seed: string) =>
      createCatalogue(seed).map(({ product_id, product_name, category }) => [
        product_id,
        product_name,
        category,
      ]);
    expect(names('a')).toEqual(names('b'));
  });

  it('keeps every price inside of the range of its product, on 49 or 99 cents', () => {
    for (const { product_id, price } of seeds.flatMap(createCatalogue)) {
      const range = priceRangeOf(product_id);
      expect(price).toBeGreaterThanOrEqual(range?.lowest ?? Infinity);
      expect(price).toBeLessThanOrEqual(range?.highest ?? -Infinity);
      expect([49n, 99n]).toContain(price % 100n);
    }
  });

  it('takes up to a tenth off on offer, not leaving the range', () => {
    for (const { product_id, price, offerPrice } of seeds.flatMap(createCatalogue)) {
      expect(offerPrice).toBeLessThanOrEqual(price);
      expect(offerPrice * 10n).toBeGreaterThanOrEqual(price * 9n);
      expect(offerPrice).toBeGreaterThanOrEqual(priceRangeOf(product_id)?.lowest ?? Infinity);
    }
  });

  it('reaches prices over the whole of a range', () => {
    // Lip balm has ten prices, from 2.49 to 6.99.
    const prices = seeds
      .flatMap(createCatalogue)
      .filter(({ product_id }) => product_id === 'P0064');
    expect(new Set(prices.map(({ price }) => price)).size).toBe(10);
  });
});
