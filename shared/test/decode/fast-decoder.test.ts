import { setImmediate } from 'node:timers/promises';
import { transactions } from '@saleslake/shared/tables/transactions';
import { cut, decode, idsOf, sale, slowly } from './decoding';

const lines = (count: number, of: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join('\n');

const both = async (text: string) => [
  await decode(text, transactions, { decoder: 'plain' }),
  await decode(text, transactions, { decoder: 'fast' }),
];

describe('the fast decoder', () => {
  it('decodes several objects of a table at once', async () => {
    const texts = ['a', 'b', 'c'].map((name) =>
      lines(300, (i) => sale(`${name}${i}`, { customer_id: `${name}${i % 7}` })),
    );
    const together = await Promise.all(
      texts.map((text) => decode(slowly(text, 1000), transactions)),
    );
    for (const [i, text] of texts.entries()) {
      expect(together[i]).toEqual(await decode(text, transactions, { decoder: 'plain' }));
    }
  });

  it('knows which days each month has', async () => {
    const two = (n: number): string => String(n).padStart(2, '0');
    const days = ['2023', '2024', '2025'].flatMap((year) =>
      Array.from(
        { length: 14 * 33 },
        (_, i) => `${year}-${two(i % 14)}-${two(Math.floor(i / 14))}`,
      ),
    );
    const inMonths = days.toSorted();
    const at = (day: string, i: number) => sale(`k${i}`, { timestamp: `${day}T10:00:00.000Z` });
    const text = (some: string[]) => [sale('first'), ...some.map(at)].join('\n');
    for (const some of [days, inMonths]) {
      const [plain, fast] = await both(text(some));
      expect(fast).toEqual(plain);
      expect(fast!.good).toBe(1 + 365 + 366 + 365);
    }
  });

  it('knows nothing of the object before', async () => {
    const first = await decode(sale('a', { customer_id: 'C1', category: 'Home' }), transactions);
    const [plain, second] = await both(sale('a', { customer_id: 'C2', category: 'Garden' }));
    expect(first).toMatchObject({ good: 1, rejected: 0 });
    expect(second).toEqual(plain);
    expect(second).toMatchObject({ good: 1, rejected: 0 });
  });

  // A line as one that is laid out like this in an array, over several lines.
  const broken = (id: string) => sale(id, { customer_id: 'another' }).replaceAll(',"', ',\n"');

  it('takes no lines together for a record that was one in an array before', async () => {
    await decode(`[${broken('x')},${broken('y')}]`, transactions);
    const [plain, fast] = await both(`${sale('a')}\n${broken('b')}\n${sale('c')}\n`);
    expect(fast).toEqual(plain);
  });

  it('reads nothing behind the end of an object, where the one before has left its bytes', async () => {
    const record = broken('x');
    const [opening] = record.split('\n') as [string];
    const plain = await decode(opening, transactions, { decoder: 'plain' });
    // The record is moved to where the next object begins, as it comes in two pieces.
    const pieces = [`[${broken('y')},${opening}`, `${record.slice(opening.length)}\n]`];
    const before = await decode(
      pieces.map((piece) => Buffer.from(piece)),
      transactions,
    );
    expect(before).toMatchObject({ good: 2 });
    expect(await decode(opening, transactions, { decoder: 'fast' })).toEqual(plain);
  });

  it('goes on with the next object after one that was given up midway', async () => {
    const lost = (async function* () {
      yield* cut(
        lines(50, (i) => sale(`x${i}`)),
        500,
      );
      await setImmediate();
      throw new Error('connection lost');
    })();
    await expect(decode(lost, transactions)).rejects.toThrow('connection lost');
    const [plain, fast] = await both(lines(50, (i) => sale(`x${i}`, { quantity: 3 })));
    expect(fast).toEqual(plain);
  });

  it('fills the arrays of a batch anew only when it was dealt with', async () => {
    const text = lines(40, (i) => sale(`k${i}`, { customer_id: `C${i}` }));
    const seen = await decode(slowly(text, 1000), transactions, { batchRows: 5 });
    expect(idsOf(seen)).toEqual(Array.from({ length: 40 }, (_, i) => `k${i}`));
  });

  it('sees that a name does not follow from its product any more', async () => {
    const [plain, fast] = await both(
      lines(2000, (i) =>
        sale(`k${i}`, {
          product_id: `P${i % 20}`,
          product_name: `Name ${i % 20}${i > 900 && i % 3 === 0 ? ' II' : ''}`,
          category: i % 700 === 0 ? 'Desk' : 'Desk lamps',
        }),
      ),
    );
    expect(fast).toEqual(plain);
  });

  it('takes no bare quote for the escaped one in the text that is expected', async () => {
    const escaped = sale('a', { product_name: '12" record' });
    const bare = sale('b', { product_name: '12" record' }).replace('\\"', '"');
    const [plain, fast] = await both(
      [escaped, sale('c'), escaped.replace('"a"', '"d"'), bare].join('\n'),
    );
    expect(fast).toEqual(plain);
    expect(fast).toMatchObject({ good: 3, rejected: 1 });
  });

  it.each([
    ['blanks', (line: string) => line.replaceAll('":', '" : ').replaceAll(',"', ' ,  "')],
    [
      'members that the contract does not know',
      (line: string) => `{"ü":1,"":"x\\n",${line.slice(1)}`,
    ],
    ['derived members first', (line: string) => `{"hour":22,"year":2026,${line.slice(1)}`],
    [
      'another order',
      (line: string) =>
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line) as object).reverse())),
    ],
  ])('learns a layout with %s', async (_name, change) => {
    const text = lines(50, (i) => change(sale(`k${i}`)));
    const [plain, fast] = await both(text);
    expect(fast).toEqual(plain);
    expect(fast).toMatchObject({ good: 50 });
  });
});
