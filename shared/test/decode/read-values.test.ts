import { isDeepStrictEqual } from 'node:util';
import {
  date,
  decimal,
  int32,
  nullable,
  partOf,
  string,
  timestamp,
} from '@saleslake/shared/contract/column';
import { defineTable, type TableContract } from '@saleslake/shared/contract/table-contract';
import { decode } from './decoding';
import { below, randomOf, type Random } from './random-records';

// The readers of values look at several bytes at once, so what counts is where a value ends, and
// what stands in its last bytes and behind it. Each is held against the plain decoder.

const x = { comment: 'x' };
const id = string(x);
const table = defineTable({
  name: 'values',
  version: 1,
  comment: 'A value of each kind.',
  columns: {
    id,
    text: string(x),
    whole: int32(x),
    money: decimal(12, 3, x),
    wide: decimal(15, 5, x),
    huge: decimal(38, 10, x),
    time: timestamp(x),
    day: date(x),
  },
  key: ['id'],
  partitioning: undefined,
});
const maybe = defineTable({
  name: 'maybe',
  version: 1,
  comment: 'Each value may be null.',
  columns: {
    id,
    text: nullable(string(x)),
    whole: nullable(int32(x)),
    money: nullable(decimal(12, 3, x)),
    huge: nullable(decimal(38, 10, x)),
    time: nullable(timestamp(x)),
    hour: nullable(partOf('time', 'hour', x)),
    day: nullable(date(x)),
  },
  key: ['id'],
  partitioning: undefined,
});
const DAY_MS = 86_400_000;
const DAY = Date.UTC(2026, 1, 28) / DAY_MS;
/** Of each column the values that are allowed or the bounds. */
const ruled = defineTable({
  name: 'ruled',
  version: 1,
  comment: 'Each value has rules to keep.',
  columns: {
    id: string({ minLength: 1, maxLength: 20, ...x }),
    text: string({ allowed: ['t', '', 'größe', 'a text of some length'], ...x }),
    short: string({ minLength: 2, maxLength: 5, ...x }),
    matching: nullable(string({ pattern: /^[a-c€]*$/, ...x })),
    whole: int32({ allowed: [1, -2, 0, 12345678], ...x }),
    bounded: int32({ minimum: -10, maximum: 10_000_000, ...x }),
    money: nullable(decimal(12, 3, { allowed: [1500n, 0n, -250n, 123456789012n], ...x })),
    price: decimal(12, 3, { minimum: -1000n, maximum: 10_000_000_000n, ...x }),
    huge: decimal(38, 10, { minimum: -1n, allowed: [0n, 15_000_000_000n], ...x }),
    time: timestamp({ minimum: DAY * DAY_MS, maximum: (DAY + 1) * DAY_MS - 1, ...x }),
    moment: nullable(timestamp({ allowed: [DAY * DAY_MS, DAY * DAY_MS + 1], ...x })),
    day: date({ minimum: DAY - 1, maximum: DAY + 1, ...x }),
    one_day: date({ allowed: [DAY, 0], ...x }),
  },
  key: ['id'],
  partitioning: undefined,
});

/** A JSON value of each column that is good. */
const USUAL: Record<string, string> = {
  text: '"t"',
  short: '"abc"',
  matching: '"abc"',
  whole: '1',
  bounded: '1',
  money: '1.5',
  price: '1.5',
  wide: '1.5',
  huge: '1.5',
  time: '"2026-02-28T23:59:59.999Z"',
  moment: '"2026-02-28T00:00:00.000Z"',
  day: '"2026-02-28"',
  one_day: '"2026-02-28"',
};

/** Text that stands for a value; undefined where the record has no such member. */
type Token = string | Uint8Array | undefined;

/**
 * Whether both decoders say the same of records with these tokens in place of a member's value, be it
 * somewhere in the record or its last. @returns how many are good.
 */
async function compare(
  member: string,
  tokens: readonly Token[],
  contract: TableContract = table,
): Promise<number> {
  const names = Object.keys(contract.columns).filter((name) => name in USUAL);
  const orders = [names, [...names.filter((name) => name !== member), member]];
  let good = 0;
  for (const order of orders) {
    const object: Uint8Array[] = [];
    // The first is there to learn the layout from.
    for (const [i, token] of [USUAL[member], ...tokens].entries()) {
      object.push(Buffer.from(`{"id":"${i}"`));
      for (const name of order) {
        const value = name === member ? token : USUAL[name]!;
        if (value === undefined) continue;
        object.push(Buffer.from(`,"${name}":`), Buffer.from(value as string));
      }
      object.push(Buffer.from('}\n'));
    }
    const bytes = Buffer.concat(object);
    const plain = await decode(bytes, contract, { decoder: 'plain' });
    const fast = await decode(bytes, contract, { decoder: 'fast' });
    // Told at once, as to look for differences in so much takes long.
    if (!isDeepStrictEqual(fast, plain)) expect(fast).toEqual(plain);
    good = plain.good;
  }
  return good;
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

/** What may follow a value, or be taken for a part of it. */
const BEHIND = [
  '',
  ' ',
  '\t',
  '\r',
  '}',
  ',',
  ',"b":1',
  '"',
  ':',
  '.',
  '/',
  '-',
  '+',
  'e',
  'E',
  'e0',
  'E-1',
  '.0',
  '0',
  'x',
  'n',
  '\0',
  '\x7f',
  '٣',
];

const someDigits = (count: number): string => '9876543210987654'.slice(0, count);
const LENGTHS = [1, 2, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16];

describe('where a number ends', () => {
  const wholes = [
    '0',
    '00',
    '-0',
    '-',
    '',
    ...LENGTHS.flatMap((n) => [someDigits(n), `0${someDigits(n)}`]),
  ];
  const signed = wholes.flatMap((digits) => [digits, `-${digits}`]);
  const withBehind = (tokens: string[]) =>
    tokens.flatMap((token) => BEHIND.map((behind) => token + behind));

  it.each(['whole', 'bounded', 'money', 'price', 'wide', 'huge'])(
    'the fast decoder knows it of whole ones in %s',
    async (member) => {
      const contract = member in table.columns ? table : ruled;
      expect(await compare(member, withBehind(signed), contract)).toBeGreaterThan(20);
    },
  );

  it.each(['money', 'wide', 'huge'])(
    'the fast decoder knows it behind the point in %s',
    async (member) => {
      const tokens = ['0', '1', '-1', ...LENGTHS.map(someDigits)].flatMap((whole) =>
        ['', '0', '1', '000', '5000000', ...LENGTHS.map(someDigits)].map(
          (part) => `${whole}.${part}`,
        ),
      );
      expect(await compare(member, tokens)).toBeGreaterThan(20);
      const few = [
        '0.5',
        '12.345',
        '1234567.5',
        '12345678.5',
        '0.5000000',
        '0.50000000',
        '123456789.123',
        '-1.25',
      ];
      expect(await compare(member, withBehind(few))).toBeGreaterThan(20);
    },
  );

  it.each(['money', 'wide', 'huge'])(
    'the fast decoder knows it in quotes in %s',
    async (member) => {
      const quoted = [
        '0',
        '-0',
        '1',
        '12.345',
        '1.',
        '.5',
        '1.5000',
        '1.5001',
        ' 1',
        '1 ',
        '1e2',
        '007.5',
        '-12.5',
        '+1',
        '',
        '-',
        'x',
        ...LENGTHS.map(someDigits),
        ...LENGTHS.map((n) => `0.${someDigits(n)}`),
        ...LENGTHS.map((n) => `${someDigits(n)}.25`),
      ];
      const tokens = quoted.flatMap((text) => [`"${text}"`, `"-${text}"`, `"${text}`, `${text}"`]);
      expect(await compare(member, tokens)).toBeGreaterThan(10);
      expect(await compare(member, withBehind(['"1.5"', '"12"']))).toBeGreaterThan(2);
    },
  );

  it('the fast decoder knows it by every byte', async () => {
    const tokens = ['1', '1234567', '12345678', '0.25', '1.2345678'].flatMap((number) =>
      Array.from({ length: 256 }, (_, byte) =>
        Buffer.concat([Buffer.from(number), Buffer.of(byte)]),
      ),
    );
    await compare('whole', tokens);
    await compare('money', tokens);
  });

  it('the fast decoder keeps to the bounds of an int32 and of a decimal', async () => {
    const wholes = [
      2147483646, 2147483647, 2147483648, 2147483649, 4294967295, 4294967296, 4294967297,
    ];
    const tokens = wholes.flatMap((whole) => [`${whole}`, `-${whole}`]);
    expect(await compare('whole', tokens)).toBe(1 + 5);
    expect(
      await compare('money', [
        '999999999.999',
        '-999999999.999',
        '999999999.9990',
        '1000000000',
        '1000000000.000',
        '-1000000000',
      ]),
    ).toBe(4);
    expect(
      await compare('wide', [
        '9999999999.99999',
        '-9999999999.99999',
        '10000000000',
        '9999999999.999990',
      ]),
    ).toBe(4);
    expect(await compare('bounded', ['-10', '-11', '10000000', '10000001', '9999999'], ruled)).toBe(
      4,
    );
    expect(
      await compare('price', ['-1', '-1.001', '10000000', '10000000.001', '9999999.999'], ruled),
    ).toBe(4);
  });
});

describe('where a text ends', () => {
  const PLACES = Array.from({ length: 41 }, (_, place) => place);
  const [A, QUOTE] = [0x61, 0x22];
  /** A text of so many bytes in quotes, with other bytes put at a place. */
  const quoted = (length: number, at: number, put: readonly number[]): Buffer => {
    const bytes = Buffer.alloc(length, A);
    const text = Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at)]);
    return Buffer.concat([Buffer.of(QUOTE), text, Buffer.of(QUOTE)]);
  };
  /** At each place of texts, short and long ones. */
  const atEachPlace = (...puts: (readonly number[])[]): Buffer[] =>
    puts.flatMap((put) =>
      PLACES.flatMap((at) =>
        [at, at + 1, 40].map((length) => quoted(length, Math.min(at, length), put)),
      ),
    );
  const bytesOf = (text: string): number[] => [...Buffer.from(text)];
  const MANY = PLACES.length;

  it.each(['text', 'id'])(
    'the fast decoder knows it wherever the quote stands in %s',
    async (member) => {
      const tokens = PLACES.flatMap((length) => [
        quoted(length, 0, []),
        quoted(length, length, bytesOf(' ')),
        quoted(length, length, [0x7f]),
        quoted(length, length, bytesOf('"')),
        quoted(length, 0, bytesOf('"')),
        quoted(length, length, bytesOf('","b":"')),
        quoted(length, length, bytesOf('\\')),
        quoted(length, length, bytesOf('\\"')),
        quoted(length, length, bytesOf('\\\\')),
        quoted(length, 0, []).subarray(1),
        quoted(length, 0, []).subarray(0, -1),
      ]);
      // As the member `id` comes first already, it stands twice: the last one counts.
      if (member === 'id') await compareIds(tokens);
      else expect(await compare(member, tokens)).toBeGreaterThan(MANY * 3);
    },
  );

  it('the fast decoder knows it in spite of escapes', async () => {
    const escapes = [
      '\\"',
      '\\\\',
      '\\n',
      '\\/',
      '\\b\\f\\r\\t',
      '\\u0041',
      '\\u0000',
      '\\u00E9',
      '\\u20ac',
      '\\ud83d\\uded2',
      '\\uDBFF\\uDFFF',
      '\\ud83d',
      '\\ud83dx',
      '\\uded2\\ud83d',
      '\\x',
      '\\u12',
    ];
    expect(await compare('text', atEachPlace(...escapes.map(bytesOf)))).toBeGreaterThan(MANY * 6);
  });

  it('the fast decoder knows it in spite of control characters', async () => {
    const controls = [
      0x00, 0x01, 0x08, 0x09, 0x0a, 0x0d, 0x1f, 0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7e, 0x7f,
    ];
    const good = await compare('text', atEachPlace(...controls.map((byte) => [byte])));
    expect(good).toBeGreaterThan(MANY * 5);
  });

  it('the fast decoder knows it behind bytes that are no UTF-8', async () => {
    const invalid = [
      [0x80],
      [0xa2],
      [0xbf],
      [0xc0, 0x80],
      [0xc3],
      [0xdc],
      [0xe2, 0x82],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x9f, 0x9b],
      [0xf4, 0x90, 0x80, 0x80],
      [0xf8],
      [0xff],
    ];
    expect(await compare('text', atEachPlace(...invalid))).toBe(1);
  });

  it('the fast decoder knows it behind characters of several bytes', async () => {
    const characters = [
      '\x80',
      '¢',
      'é',
      '߿',
      'ࠀ',
      '€',
      '퟿',
      '\ue000',
      '\ufeff',
      '\uffff',
      '𐀀',
      '🛒',
      '\u{10ffff}',
    ];
    const tokens = atEachPlace(...characters.map(bytesOf));
    expect(await compare('text', tokens)).toBe(1 + tokens.length);
  });

  it.each([0x00, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xff])(
    'the fast decoder knows it with byte %i behind the quote',
    async (byte) => {
      const tokens = PLACES.map((length) =>
        Buffer.concat([quoted(length, 0, []), Buffer.of(byte)]),
      );
      expect(await compare('text', tokens)).toBe(1);
    },
  );

  /** As compare, for the key, whose texts are in no dictionary. */
  async function compareIds(tokens: Uint8Array[]): Promise<void> {
    const usual = Object.entries(USUAL).filter(([name]) => name in table.columns);
    const rest = usual.map(([name, value]) => `,"${name}":${value}`).join('');
    const all = [Buffer.from('"first"'), ...tokens];
    for (const [before, behind] of [
      ['{"id":', `${rest}}\n`],
      [`{${rest.slice(1)},"id":`, '}\n'],
    ] as const) {
      const object = Buffer.concat(
        all.flatMap((token) => [Buffer.from(before), token, Buffer.from(behind)]),
      );
      const plain = await decode(object, table, { decoder: 'plain' });
      expect(plain.good).toBeGreaterThan(MANY);
      expect(await decode(object, table, { decoder: 'fast' })).toEqual(plain);
    }
  }
});

describe('with any byte of it replaced', () => {
  const CHARACTERS = [...'0123456789:/.;-+ ,TtZzeE"\'\\_@`!~\0\x1f\x7f°é٣PpJjYy'];
  const replaced = (text: string): Buffer[] =>
    Array.from({ length: text.length }, (_, at) =>
      CHARACTERS.map((put) => Buffer.from(text.slice(0, at) + put + text.slice(at + 1))),
    ).flat();
  const TIMES = [
    '"2026-02-28T23:59:59.999Z"',
    '"2024-02-29 00:00:00Z"',
    '"2026-10-05T07:08:09.123456+05:30"',
  ];

  it.each(TIMES)('the fast decoder reads the time %s', async (time) => {
    expect(await compare('time', replaced(time))).toBeGreaterThan(100);
    if (time === TIMES[0]) await compare('time', replaced(time), ruled);
  });

  it.each(['"2026-02-28"', '"2024-02-29"'])('the fast decoder reads the date %s', async (day) => {
    expect(await compare('day', replaced(day))).toBeGreaterThan(30);
    await compare('one_day', replaced(day), ruled);
  });

  it.each(['whole', 'money', 'huge'])('the fast decoder reads numbers in %s', async (member) => {
    for (const number of ['1234567', '-12.345', '123456.78']) {
      await compare(member, replaced(number));
    }
  });

  it('the fast decoder knows every day of the calendar, and no other', async () => {
    const two = (number: number) => String(number).padStart(2, '0');
    const years = ['0000', '1900', '2000', '2024', '9999'];
    const days = years.flatMap((year) =>
      Array.from(
        { length: 14 * 33 },
        (_, i) => `${year}-${two(Math.floor(i / 33))}-${two(i % 33)}`,
      ),
    );
    const ofYears = 5 * 365 + 3;
    expect(
      await compare(
        'day',
        days.map((day) => `"${day}"`),
      ),
    ).toBe(1 + ofYears);
    expect(
      await compare(
        'time',
        days.map((day) => `"${day}T00:00:00.000Z"`),
      ),
    ).toBe(1 + ofYears);
  });

  it('the fast decoder knows every time of the day, and no other', async () => {
    const two = [...Array.from({ length: 10 }, (_, n) => n), 23, 24, 25, 59, 60, 61, 99].map((n) =>
      String(n).padStart(2, '0'),
    );
    const times = two.flatMap((a) => [`${a}:00:00`, `00:${a}:00`, `00:00:${a}`]);
    const fractions = ['', '.', '.0', '.9', '.12', '.999', '.9999', '.123456789', '.1234567890'];
    const zones = [
      '',
      'Z',
      'z',
      '+00:00',
      '-00:00',
      '+23:59',
      '-23:59',
      '+24:00',
      '+00:60',
      '+0100',
      '+01',
    ];
    const tokens = [
      ...times.flatMap((time) => ['Z', '.999Z'].map((rest) => time + rest)),
      ...fractions.flatMap((fraction) => zones.map((zone) => `12:34:56${fraction}${zone}`)),
      ...zones.flatMap((zone) => [`00:00:00.000${zone}`, `23:59:59.999${zone}`]),
    ].map((time) => `"2026-02-28T${time}"`);
    expect(await compare('time', tokens)).toBeGreaterThan(60);
    expect(await compare('time', tokens, ruled)).toBeGreaterThan(60);
  });

  it('the fast decoder reads the same day at other times, and other days, in turn', async () => {
    const days = [
      '2026-02-28',
      '2026-02-27',
      '2026-03-28',
      '2026-02-30',
      '0000-00-00',
      '2026-02-28',
    ];
    const tokens = days.flatMap((one) =>
      days.flatMap((other) => [
        `"${one}T01:02:03.004Z"`,
        `"${other}T05:06:07.008Z"`,
        `"${one}T25:00:00.000Z"`,
      ]),
    );
    expect(await compare('time', tokens)).toBe(1 + 4 * 6 * 2);
  });
});

describe('null, or nothing at all', () => {
  const NOTHING = [
    undefined,
    'null',
    undefined,
    'null ',
    ' null',
    'nul',
    'nulL',
    'nullx',
    '"null"',
    'null,',
    'NULL',
    '',
    '{}',
    '[]',
    'true',
    'null',
  ];
  const names = (contract: TableContract) =>
    Object.keys(contract.columns).filter((name) => name in USUAL);

  it.each(names(maybe))('the fast decoder takes it for %s where it may be null', async (member) => {
    const tokens = NOTHING.flatMap((token) => [token, USUAL[member]]);
    expect(await compare(member, tokens, maybe)).toBeGreaterThanOrEqual(1 + 6 + NOTHING.length);
  });

  it.each(names(table))(
    'the fast decoder does not take it for %s where it must be there',
    async (member) => {
      const tokens = NOTHING.flatMap((token) => [token, USUAL[member]]);
      expect(await compare(member, tokens)).toBeLessThanOrEqual(2 + NOTHING.length);
    },
  );

  it.each(names(ruled))('the fast decoder takes it as the rules of %s say', async (member) => {
    await compare(
      member,
      NOTHING.flatMap((token) => [token, USUAL[member]]),
      ruled,
    );
  });

  it('the fast decoder tells null from what stands in its place', async () => {
    const places: Record<string, string> = {
      text: '""',
      whole: '0',
      money: '0',
      huge: '0',
      time: '"1970-01-01T00:00:00Z"',
      day: '"1970-01-01"',
    };
    for (const [member, zero] of Object.entries(places)) {
      const records = ['null', zero, undefined, zero].map((value) => {
        const given = value === undefined ? '' : `,"${member}":${value}`;
        return `{"id":"same"${given}}`;
      });
      const object = records.join('\n');
      const plain = await decode(object, maybe, { decoder: 'plain' });
      expect(plain).toMatchObject({ good: 1, duplicates: 1, rejected: 2 });
      expect(await decode(object, maybe, { decoder: 'fast' })).toEqual(plain);
    }
  });
});

describe('the rules of a column', () => {
  it.each<[string, number, string[]]>([
    [
      'text',
      4,
      [
        '"t"',
        '""',
        '"größe"',
        '"gröẞe"',
        '"a text of some length"',
        '"a text of some lengtH"',
        '"T"',
        '"\\u0074x"',
        '"tt"',
      ],
    ],
    ['text', 2, ['"\\u0074"', '"\\u0075"', '"u"', '"t"']],
    [
      'short',
      5,
      [
        '"ab"',
        '"a"',
        '"abcde"',
        '"abcdef"',
        '"€€€€€"',
        '"€"',
        '"🛒"',
        '"🛒🛒🛒"',
        '"🛒🛒a"',
        '""',
        '"é"',
      ],
    ],
    [
      'matching',
      5,
      [
        '"abc"',
        '""',
        '"€€€"',
        '"d"',
        '"abcabcabcabcabcabcabc"',
        '"abcabcabcabcabcabcabd"',
        'null',
        '"\\n"',
      ],
    ],
    ['whole', 5, ['1', '-2', '0', '-0', '2', '12345678', '12345679', '-1', '"1"']],
    [
      'money',
      6,
      ['1.5', '1.500', '"1.5"', '-0.25', '0', '123456789.012', '1.501', '123456789.0121', '-1.5'],
    ],
    ['huge', 4, ['1.5', '0', '"1.5"', '"0.0000000000"', '-0.0000000001', '"1.50000000001"', '2']],
    [
      'time',
      2,
      [
        '"2026-02-28T00:00:00.000Z"',
        '"2026-02-27T23:59:59.999Z"',
        '"2026-02-28T23:59:59.9999Z"',
        '"2026-03-01T00:00:00Z"',
      ],
    ],
    [
      'moment',
      3,
      [
        '"2026-02-28T00:00:00.000Z"',
        '"2026-02-28T00:00:00.001Z"',
        '"2026-02-28T00:00:00.002Z"',
        'null',
      ],
    ],
    ['day', 3, ['"2026-02-27"', '"2026-02-28"', '"2026-03-01"', '"2026-02-26"', '"2026-03-02"']],
    ['one_day', 2, ['"2026-02-28"', '"1970-01-01"', '"2026-02-27"']],
  ])(
    'are kept in %s by %i of several values, whenever they come again',
    async (member, good, tokens) => {
      const values = [...tokens, ...tokens, ...tokens.toReversed()];
      expect(await compare(member, values, ruled)).toBe(1 + good * 3);
    },
  );
});
