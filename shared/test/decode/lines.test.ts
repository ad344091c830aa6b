import { transactions } from '@saleslake/shared/tables/transactions';
import { decode, idsOf, sale, type Decoded } from './decoding';
import { below, oneOf, randomOf } from './random-records';

/** What both decoders say of these lines, which must be the same. */
async function decodeLines(lines: readonly string[], ending = '\n'): Promise<Decoded> {
  const text = lines.map((line) => line + ending).join('');
  const fast = await decode(text, transactions, { decoder: 'fast' });
  expect(fast).toEqual(await decode(text, transactions, { decoder: 'plain' }));
  return fast;
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);

/** Of a sale its id alone says how many bytes its line has. */
const idOf = (i: number, length: number): string => `k${i}-`.padEnd(length, 'x');

// Lines are read several at once, and the least length of those before tells where the next may end.
describe('lines that are read together', () => {
  it.each([1, 2, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2500])(
    'are read in their order, all %i of them',
    async (count) => {
      const decoded = await decodeLines(ids(count).map((id) => sale(id)));
      expect(idsOf(decoded)).toEqual(ids(count));
    },
  );

  it('may become shorter and shorter', async () => {
    const long = Array.from({ length: 300 }, (_, i) => sale(idOf(i, 60 - Math.floor(i / 6))));
    expect(await decodeLines(long)).toMatchObject({ good: 300, rejected: 0 });
  });

  it('may have less than half of the bytes of those before', async () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      sale(idOf(i, 10), { product_name: 'n'.repeat(i % 150 === 149 ? 1 : 200) }),
    );
    expect(await decodeLines(lines)).toMatchObject({ good: 400, rejected: 0 });
  });

  it.each(['', ' ', '{}', '{"a":1}', 'null', '}', '"', sale('x').slice(0, -1)])(
    'go on behind a line that is %j',
    async (line) => {
      const lines = ids(200).map((id) => sale(id));
      const decoded = await decodeLines([...lines.slice(0, 100), line, ...lines.slice(100)]);
      expect(idsOf(decoded)).toEqual(ids(200));
    },
  );

  it('tell of each that is no record on which line it stands', async () => {
    const lines = ids(500).map((id, i) => (i % 70 === 69 ? `not ${id}` : sale(id)));
    const { rejections } = await decodeLines(lines);
    expect(rejections.map(({ line }) => line)).toEqual([70, 140, 210, 280, 350, 420, 490]);
  });

  it.each(['\n', '\r\n'])('may be laid out in several ways, with %j behind', async (ending) => {
    const random = randomOf(7);
    const lines = Array.from({ length: 1500 }, (_, i) => {
      const record = sale(idOf(i, below(random, 40)), { customer_id: `C${below(random, 90)}` });
      const spaced = record.replaceAll('":', oneOf(random, ['": ', '" : ', '":\t']));
      return random() < 0.9 ? record : spaced;
    });
    expect(await decodeLines(lines, ending)).toMatchObject({ good: 1500, rejected: 0 });
  });

  it('keep what a record says of its partition to that record', async () => {
    const lines = ids(300).map((id, i) =>
      sale(id, i % 90 === 89 ? { year: 1999 } : i % 5 === 0 ? { year: 2026 } : {}),
    );
    const { rejections } = await decodeLines(lines);
    expect(rejections.map(({ line }) => line)).toEqual([90, 180, 270]);
  });
});
