import { decimal, int32, string, timestamp } from '@saleslake/shared/contract/column';
import { defineTable } from '@saleslake/shared/contract/table-contract';
import { decode } from './decoding';
import { below, randomOf, type Random } from './random-records';

// The readers of values look at several bytes at once, so what counts is where a value ends, and
// what stands in its last bytes and behind it. Each is held against the plain decoder.

const table = defineTable({
  name: 'values',
  version: 1,
  comment: 'A value of each kind.',
  columns: {
    id: string({ comment: 'x' }),
    text: string({ comment: 'x' }),
    whole: int32({ comment: 'x' }),
    money: decimal(12, 3, { comment: 'x' }),
    time: timestamp({ comment: 'x' }),
  },
  key: ['id'],
  partitioning: undefined,
});

const usual = { text: '"t"', whole: '1', money: '1.5', time: '"2026-02-28T23:59:59.999Z"' };

/** Whether both decoders say the same of records with these tokens in place of a member's value. */
async function compare(member: keyof typeof usual, tokens: string[]): Promise<number> {
  const records = ['"t"', ...tokens].map((token, i) => {
    // The first is there to learn the layout from.
    const values: Record<keyof typeof usual, string> = { ...usual };
    if (i > 0) values[member] = token;
    const members = Object.entries(values).map(([name, value]) => `"${name}":${value}`);
    return `{"id":"${i}",${members.join()}}`;
  });
  const object = records.join('\n');
  const plain = await decode(object, table, { decoder: 'plain' });
  expect(await decode(object, table, { decoder: 'fast' })).toEqual(plain);
  return plain.good;
}

const SEEDS = [1, 2, 3, 4, 5];
const TOKENS = 400;

function tokensOf(seed: number, of: (random: Random) => string): string[] {
  const random = randomOf(seed);
  return Array.from({ length: TOKENS }, () => of(random));
}

const someOf = (random: Random, characters: string, most: number): string =>
  Array.from({ length: below(random, most + 1) }, () => {
    const all = [...characters];
    return all[below(random, all.length)]!;
  }).join('');

/** A text with one of its characters replaced, left out or doubled. */
function changed(random: Random, text: string, characters: string): string {
  const at = below(random, text.length);
  const put = ['', text.charAt(at).repeat(2), someOf(random, characters, 1)][below(random, 3)]!;
  return text.slice(0, at) + put + text.slice(at + 1);
}

describe.each(SEEDS)('as the plain decoder reads them, seed %i,', (seed) => {
  it('the fast one reads numbers of any length', async () => {
    const digits = (random: Random, most: number) => 1 + below(random, 10 ** below(random, most));
    const whole = tokensOf(seed, (random) => `${below(random, 4) ? '' : '-'}${digits(random, 11)}`);
    const money = tokensOf(seed, (random) => {
      const fraction = someOf(random, '0123456789', 5);
      return `${digits(random, 10)}${fraction && `.${fraction}`}`;
    });
    expect(await compare('whole', whole)).toBeGreaterThan(TOKENS / 2);
    expect(await compare('money', money)).toBeGreaterThan(TOKENS / 2);
  });

  it('the fast one reads what is nearly a number', async () => {
    const token = (random: Random) => someOf(random, '0011239.-+eE" ', 9) || '0';
    await compare('whole', tokensOf(seed, token));
    await compare('money', tokensOf(seed, token));
  });

  it('the fast one reads texts of any length, escaped or not', async () => {
    const text = (random: Random) => JSON.stringify(someOf(random, 'ab€é🛒 "\\\n\0', 24));
    expect(await compare('text', tokensOf(seed, text))).toBe(TOKENS + 1);
  });

  it('the fast one tells texts apart that begin alike', async () => {
    const text = (random: Random) => JSON.stringify(someOf(random, 'a\0', 9));
    expect(await compare('text', tokensOf(seed, text))).toBe(TOKENS + 1);
  });

  it('the fast one reads what is nearly a text', async () => {
    await compare(
      'text',
      tokensOf(seed, (random) => `"${someOf(random, 'abc\t"\\u00', 12)}"`),
    );
  });

  it('the fast one reads times, and what is nearly one', async () => {
    const forms = [
      '"2026-02-28T23:59:59.999Z"',
      '"2024-02-29 00:00:00Z"',
      '"1969-12-31T23:59:60.000Z"',
      '"2026-10-05T07:08:09.1234567+05:30"',
    ];
    const time = (random: Random) => {
      const form = forms[below(random, forms.length)]!;
      return below(random, 3) === 0 ? form : changed(random, form, '0123459:-+.TZ "');
    };
    expect(await compare('time', tokensOf(seed, time))).toBeGreaterThan(TOKENS / 8);
  });
});
