import { decode, cut, sale, type Decoded } from './decoding';
import {
  HOSTILE_LINES,
  below,
  garble,
  oneOf,
  randomContract,
  randomOf,
  randomRecord,
} from './random-records';
import { transactions } from '@saleslake/shared/tables/transactions';

/** Both decoders on the same bytes; what they say must not differ in anything. */
async function compare(
  input: Buffer,
  contract: Parameters<typeof decode>[1],
  chunk: number,
  options: Parameters<typeof decode>[2] = {},
): Promise<Decoded> {
  const plain = await decode(input, contract, { ...options, decoder: 'plain' });
  const fast = await decode(cut(input, chunk), contract, { ...options, decoder: 'fast' });
  expect(fast).toEqual(plain);
  const { records, good, duplicates, rejected } = fast;
  expect(good + duplicates + rejected).toBe(records);
  return fast;
}

const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);

describe('the fast decoder agrees with the plain one', () => {
  it.each(seeds(60))('on records of a random table in lines, seed %i', async (seed) => {
    const random = randomOf(seed);
    const contract = randomContract(random);
    const layouts = 1 + below(random, 4);
    const ending = oneOf(random, ['\n', '\r\n', '\n\n']);
    const lines = Array.from({ length: 120 }, () => {
      if (random() < 0.02) return Buffer.from(oneOf(random, HOSTILE_LINES) + ending);
      const record = Buffer.from(randomRecord(random, contract, below(random, layouts)) + ending);
      return random() < 0.03 ? garble(random, record) : record;
    });
    const { good } = await compare(Buffer.concat(lines), contract, 1 + below(random, 5000), {
      batchRows: 1 + below(random, 50),
      memoryBudgetBytes: 500 + below(random, 10_000),
    });
    expect(good).toBeGreaterThan(0);
  });

  it.each(seeds(20))('on records of a random table in an array, seed %i', async (seed) => {
    const random = randomOf(seed + 1000);
    const contract = randomContract(random);
    const records = Array.from({ length: 60 }, () => randomRecord(random, contract, 0));
    const text = `[${records.join(oneOf(random, [',', ',\n', ' ,\r\n  ']))}]`;
    const bytes = random() < 0.5 ? garble(random, Buffer.from(text)) : Buffer.from(text);
    await compare(bytes, contract, 1 + below(random, 3000));
  });

  it.each(seeds(20))('on pretty records and records without newlines, seed %i', async (seed) => {
    const random = randomOf(seed + 2000);
    const records = Array.from({ length: 40 }, (_, i) =>
      JSON.stringify(
        JSON.parse(sale(`k${i % 30}`, { quantity: below(random, 9) })),
        null,
        random() < 0.5 ? 2 : 0,
      ),
    );
    const text = records.join(oneOf(random, ['', '\n', ' ']));
    const bytes = random() < 0.5 ? garble(random, Buffer.from(text)) : Buffer.from(text);
    await compare(bytes, transactions, 1 + below(random, 3000));
  });

  it('on more rows than are decoded together', async () => {
    const random = randomOf(1);
    const lines = Array.from({ length: 5000 }, (_, i) =>
      sale(`k${random() < 0.05 ? below(random, 5000) : i}`, {
        timestamp: new Date(1.77e12 + below(random, 1e9)).toISOString(),
        customer_id: `C${below(random, 100)}`,
        product_name: random() < 0.05 ? 'Lamp "Sun"' : `Lamp ${below(random, 1e9)}`,
        quantity: random() < 0.02 ? 4 : 3,
      }),
    );
    for (let i = 0; i < 100; i++) lines.push(oneOf(random, lines));
    const { good, duplicates, rejected } = await compare(
      Buffer.from(lines.join('\n')),
      transactions,
      40_000,
      { batchRows: 700, memoryBudgetBytes: 400_000 },
    );
    expect([good, duplicates, rejected].every((count) => count > 0)).toBe(true);
  });

  it('on a column that turns out not to repeat, with rows of it waiting', async () => {
    const lines = Array.from({ length: 9000 }, (_, i) =>
      sale(`k${i}`, {
        timestamp: `2026-03-0${1 + (i % 3)}T00:00:00Z`,
        customer_id: i < 1000 ? 'C' : `C${i}`,
        product_name: `Lampe „${i}“ ${'x'.repeat(i % 90)}`,
      }),
    );
    await compare(Buffer.from(lines.join('\n')), transactions, 100_000);
  });
});
