import { below, randomStream } from './random';

/** What the shop sells. Prices are in cents. */
export interface Product {
  product_id: string;
  product_name: string;
  category: string;
  price: bigint;
  /** What it costs while it is on offer. */
  offerPrice: bigint;
}

/** The range, in cents and inclusive, that both prices of a product lie in. */
export interface PriceRange {
  lowest: number;
  highest: number;
}

/** Names and ranges by category: [name, lowest price, highest price]. */
const ASSORTMENT: Record<string, readonly (readonly [string, number, number])[]> = {
  Electronics: [
    ['Wireless earbuds', 3999, 12999],
    ['Bluetooth speaker', 2499, 8999],
    ['USB-C charger 65 W', 1999, 4499],
    ['Power bank 20,000 mAh', 2499, 5999],
    ['Mechanical keyboard', 5999, 14999],
    ['Wireless mouse', 1499, 4999],
    ['Webcam 1080p', 2999, 7999],
    ['27-inch monitor', 17999, 34999],
    ['E-book reader', 8999, 17999],
    ['Noise-cancelling headphones', 14999, 32999],
  ],
  Home: [
    ['Desk lamp', 1999, 5999],
    ['Throw blanket', 1999, 4999],
    ['Scented candle', 799, 2499],
    ['Wall clock', 1499, 3999],
    ['Picture frame', 599, 1999],
    ['Storage basket', 999, 2999],
    ['Floor cushion', 1999, 4999],
    ['Bath towel set', 1999, 4999],
    ['Cotton bedding set', 3999, 9999],
    ['Wool rug', 7999, 24999],
  ],
  Kitchen: [
    ['French press', 1999, 4499],
    ["Chef's knife", 2999, 9999],
    ['Cutting board', 1299, 3999],
    ['Cast-iron pan', 2999, 7999],
    ['Electric kettle', 2499, 6999],
    ['Glass food containers', 1499, 3999],
    ['Digital scale', 1299, 2999],
    ['Stoneware mug', 599, 1499],
    ['Hand blender', 2499, 6999],
    ['Espresso machine', 9999, 39999],
  ],
  Clothing: [
    ['Cotton T-shirt', 999, 2499],
    ['Merino sweater', 4999, 9999],
    ['Slim jeans', 3999, 8999],
    ['Running jacket', 4999, 11999],
    ['Linen shirt', 2999, 6999],
    ['Wool socks', 599, 1499],
    ['Leather belt', 1999, 4999],
    ['Knitted hat', 999, 2499],
    ['Canvas sneakers', 3499, 7999],
    ['Rain coat', 4999, 12999],
  ],
  Sports: [
    ['Yoga mat', 1499, 4499],
    ['Dumbbell pair 5 kg', 2499, 4999],
    ['Resistance bands', 999, 2499],
    ['Steel water bottle', 1299, 2999],
    ['Bicycle helmet', 2999, 7999],
    ['Trail backpack', 4999, 11999],
    ['Skipping rope', 599, 1799],
    ['Foam roller', 1299, 2999],
    ['Tennis balls', 499, 999],
    ['Two-person tent', 6999, 19999],
  ],
  Books: [
    ['Crime novel', 899, 1699],
    ['Science-fiction novel', 899, 1799],
    ['Vegetarian cookbook', 1799, 3499],
    ['City travel guide', 1299, 2299],
    ['World atlas', 2499, 4999],
    ['Picture book', 999, 1899],
    ['Short history of tea', 1199, 2299],
    ['Statistics primer', 1999, 4499],
    ['Crossword collection', 499, 999],
    ['Café poems', 899, 1599],
  ],
  Beauty: [
    ['Hand cream', 399, 1299],
    ['Shampoo bar', 499, 1299],
    ['Sunscreen SPF 50', 999, 2499],
    ['Lip balm', 249, 699],
    ['Face serum', 1499, 4499],
    ['Beard oil', 999, 2499],
    ['Bath salts', 599, 1499],
    ['Hair dryer', 2499, 8999],
    ['Electric toothbrush', 2999, 11999],
    ['Eau de toilette', 2999, 8999],
  ],
  Toys: [
    ['Wooden blocks', 1499, 3999],
    ['Jigsaw puzzle, 1,000 pieces', 999, 1999],
    ['Strategy board game', 2499, 5999],
    ['Card game', 799, 1799],
    ['Plush bear', 999, 2999],
    ['Model train set', 4999, 14999],
    ['Kite', 999, 2999],
    ['Watercolour set', 799, 1999],
    ['Modelling clay', 499, 1299],
    ['Remote-controlled car', 2499, 7999],
  ],
};

const PRODUCTS = Object.entries(ASSORTMENT)
  .flatMap(([category, products]) => products.map((product) => [category, ...product] as const))
  .map(([category, name, lowest, highest], index) => ({
    product_id: `P${String(index + 1).padStart(4, '0')}`,
    product_name: name,
    category,
    lowest,
    highest,
  }));

// Prices end as the ranges do, on 49 or 99 cents.
const PRICE_STEP = 50;

/**
 * The products of a shop. The seed alone decides their prices. On offer, a product is a tenth
 * cheaper, but never below its range.
 */
export function createCatalogue(seed: string): Product[] {
  const random = randomStream(seed, 'catalogue');
  return PRODUCTS.map(({ lowest, highest, ...product }) => {
    const steps = (highest - lowest) / PRICE_STEP + 1;
    const price = lowest + PRICE_STEP * below(random, steps);
    const offerPrice = Math.max(lowest, price - Math.floor(price / 10));
    return { ...product, price: BigInt(price), offerPrice: BigInt(offerPrice) };
  });
}

/** Between which prices a product is sold, whatever the seed; undefined where there is no such. */
export function priceRangeOf(productId: string): PriceRange | undefined {
  return PRODUCTS.find(({ product_id }) => product_id === productId);
}
