import { formatDecimal } from '@saleslake/shared/contract/decimal';
import {
  date,
  decimal,
  int32,
  nullable,
  partOf,
  string,
  timestamp,
  type Column,
} from '@saleslake/shared/contract/column';
import { defineTable, type TableContract } from '@saleslake/shared/contract/table-contract';

/** A source of numbers in 0 … 1 that a seed determines. */
export type Random = () => number;

/** https://en.wikipedia.org/wiki/Xorshift */
export function randomOf(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

export const below = (random: Random, limit: number): number => Math.floor(random() * limit);

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[below(random, values.length)]!;
}

const COLUMNS: ((random: Random) => Column)[] = [
  () => string({ comment: 'x' }),
  () => string({ minLength: 2, maxLength: 6, comment: 'x' }),
  () => string({ allowed: ['Home', 'Garten', 'Küche', ''], comment: 'x' }),
  () => string({ pattern: /^[a-z€]*$/, maxLength: 9, comment: 'x' }),
  () => int32({ comment: 'x' }),
  () => int32({ minimum: -5, maximum: 1000, comment: 'x' }),
  () => int32({ allowed: [1, 2, 30], comment: 'x' }),
  () => decimal(4, 2, { minimum: -100n, comment: 'x' }),
  () => decimal(15, 0, { comment: 'x' }),
  () => decimal(3, 3, { allowed: [1n, 500n, -250n], comment: 'x' }),
  () => decimal(38, 10, { comment: 'x' }),
  () => decimal(20, 2, { minimum: 0n, maximum: 10n ** 17n, comment: 'x' }),
  () => timestamp({ comment: 'x' }),
  () => timestamp({ minimum: Date.UTC(2026, 0, 1), comment: 'x' }),
  () => date({ comment: 'x' }),
  () => date({ maximum: 20_500, comment: 'x' }),
];
const NAMES = ['a', 'id2', 'naive', 'day_of_week', 'long_column_name_here', 'constructor', 'b_b'];

/** A contract of up to seven columns more than its key, time and product. */
export function randomContract(random: Random): TableContract {
  const columns: Record<string, Column> = {
    id: oneOf(random, [
      string({ minLength: 1, comment: 'x' }),
      int32({ comment: 'x' }),
      decimal(18, 2, { comment: 'x' }),
    ]),
    at: timestamp({ comment: 'x' }),
  };
  for (const name of NAMES.slice(0, below(random, NAMES.length + 1))) {
    const column = oneOf(random, COLUMNS)(random);
    columns[name] = random() < 0.4 ? nullable<unknown>(column) : column;
    if (column.type.kind === 'timestamp') {
      const part = oneOf(random, ['hour', 'dayOfWeek', 'year', 'month', 'day'] as const);
      const derived = partOf(name, part, { comment: 'x' });
      columns[`${name}_${part.toLowerCase()}`] = columns[name].nullable
        ? nullable(derived)
        : derived;
    }
  }
  columns.hour = partOf('at', 'hour', { comment: 'x' });
  const hasProduct = random() < 0.5;
  if (hasProduct) {
    const wide = random() < 0.3;
    columns.n = oneOf(random, [int32({ comment: 'x' }), nullable(int32({ comment: 'x' }))]);
    columns.x = decimal(wide ? 20 : 10, 2, { comment: 'x' });
    columns.nx = decimal(wide ? 30 : 15, 2, { comment: 'x' });
  }
  const key = random() < 0.3 && !columns.a?.nullable && columns.a ? ['id', 'a'] : ['id'];
  return defineTable({
    name: 'random',
    version: 1,
    comment: 'x',
    columns,
    key,
    ...(hasProduct && { products: [{ total: 'nx', factors: ['n', 'x'] as const }] }),
    partitioning: random() < 0.8 ? { column: 'at', firstYear: 2020, lastYear: 2030 } : undefined,
  });
}

const TEXTS = [
  '',
  'x',
  'ab',
  'lamp',
  'a long text of many words',
  'Home',
  'Küche',
  '€uro',
  '😀',
  'a"b\\c',
  '\u0000\u001f',
  'abcdefgh',
];
const NUMBERS = [
  0, 1, 2, 30, 1000, -5, -6, 7.25, 12.34, 0.5, -0.25, 99.99, 100, 2147483647, 2147483648, 1e15,
  999999999999999,
];
const TIMES = [
  '2026-03-01T22:15:30.250Z',
  '2026-03-02T00:00:00Z',
  '2024-02-29T23:59:59.999999Z',
  '2026-03-01T22:15:30+02:00',
  '2020-01-01T00:30:00.5+01:00',
  '2030-12-31T23:59:59-00:01',
  '2025-06-15 12:00:00.25Z',
  '1969-12-31T23:59:59Z',
];
const DATES = ['2026-02-28', '2024-02-29', '0001-01-01', '9999-12-31', '1969-12-31'];

/** JSON text that the column mostly takes. */
function valueText(random: Random, { type, rules, nullable: mayBeNull }: Column): string {
  if (mayBeNull && random() < 0.3) return 'null';
  switch (type.kind) {
    case 'string':
      if (rules.allowed && random() < 0.8) return JSON.stringify(oneOf(random, rules.allowed));
      if (rules.pattern && random() < 0.9) return oneOf(random, ['"abc"', '""', '"€uro"']);
      return random() < 0.7 ? `"${below(random, 30)}abc"` : JSON.stringify(oneOf(random, TEXTS));
    case 'int32':
      return String(rules.allowed ? oneOf(random, rules.allowed) : below(random, 40));
    case 'decimal': {
      if (rules.allowed && random() < 0.9) {
        return formatDecimal(oneOf(random, rules.allowed) as bigint, type.scale);
      }
      const digits = 1 + below(random, type.precision - type.scale || 1);
      const whole =
        type.precision === type.scale ? '0' : String(below(random, 9) + 1).repeat(digits);
      const fraction =
        type.scale > 0 ? `.${String(below(random, 10)).repeat(1 + below(random, type.scale))}` : '';
      const text = (random() < 0.2 ? '-' : '') + whole + fraction;
      return random() < 0.3 || digits > 10 ? `"${text}"` : text;
    }
    case 'timestamp':
      return `"${random() < 0.6 ? new Date(1.77e12 + below(random, 3e8)).toISOString() : oneOf(random, TIMES)}"`;
    case 'date':
      return `"${oneOf(random, DATES)}"`;
  }
}

/** JSON text that may be wrong for any column, or no JSON. */
const HOSTILE = [
  'null',
  'true',
  '""',
  '"x',
  '1e2',
  '-0',
  '-0.0',
  '01',
  '+1',
  '1.',
  '.5',
  '1.005',
  '1.500',
  '1e400',
  '-',
  '12345678901234567890',
  '0.1234567890123456789',
  '"12"',
  '"1e2"',
  '"-0"',
  '" 1"',
  '"007.50"',
  '{}',
  '[]',
  '[1,[2,{"a":"}"}]]',
  '"\\ud800"',
  '"\\u0041"',
  '"a\\nb"',
  '"tab\there"',
  '"\u007f"',
  '"\\x"',
  'NaN',
  '1 ',
  ' 1',
  '"2026-13-01"',
  '"2026-02-30T00:00:00Z"',
  '"2026-03-01T24:00:00Z"',
  '"2026-03-01T10:00:00"',
  '"2026-03-01T10:00:00.1234567890Z"',
  '"2026-0/-01"',
  '"2026-03-01T1:00:00Z"',
  '-2147483648',
  '-2147483649',
  '3.0',
  '99999999999',
  'nulL',
  'nullx',
  'tru',
  'falsehood',
];

const EXTRAS = [
  '"extra":1',
  '"e":"text"',
  '"e":{"a":[1,2]}',
  '"e":-1.5e-3',
  '"e":false',
  '"__proto__":{"id":1}',
  '"constructor":5',
  '"toString":"x"',
  '"id":"twice"',
  '"\\u0069d":"escaped key"',
  '"year":2026',
  '"month":3',
  '"day":1',
  '"hour":22',
  '"e":01',
  '"":1',
  '"e":tru',
  '"e":"\t"',
];

/** A record as text: mostly valid, in one of a few layouts, sometimes hostile. */
export function randomRecord(random: Random, contract: TableContract, layout: number): string {
  const members: string[] = [];
  const styles = [
    ['', ''],
    ['', ' '],
    [' ', ' '],
    ['', ''],
  ] as const;
  const [gap, colon] = styles[layout % styles.length]!;
  const product =
    random() < 0.8 && contract.products
      ? { n: below(random, 50), x: below(random, 9999) }
      : undefined;
  for (const [name, column] of Object.entries(contract.columns)) {
    if (column.derivedFrom && random() < 0.9) continue;
    if (column.nullable && random() < 0.2) continue;
    let text = valueText(random, column);
    if (name === 'id')
      text = column.type.kind === 'string' ? `"k${below(random, 60)}"` : String(below(random, 60));
    if (product && name === 'n') text = String(product.n);
    if (product && name === 'x') text = (product.x / 100).toFixed(2);
    if (product && name === 'nx') text = ((product.n * product.x) / 100).toFixed(2);
    if (random() < 0.02) text = oneOf(random, HOSTILE);
    if (random() < 0.01) text = String(oneOf(random, NUMBERS));
    members.push(`${JSON.stringify(name)}:${colon}${text}`);
  }
  if (layout % 3 === 2) members.reverse();
  if (random() < 0.06) members.splice(below(random, members.length + 1), 0, oneOf(random, EXTRAS));
  if (layout === 3) members.splice(1, 0, '"source":"shop"');
  if (random() < 0.02 && members.length > 1) members.pop();
  return `{${members.join(`,${gap}`)}}`;
}

/** Lines that are hostile as a whole. */
export const HOSTILE_LINES = [
  '{',
  '}',
  '{}',
  '{}{}',
  '[]',
  'null',
  '"text"',
  '123',
  '',
  '   ',
  '{"id":',
  '\u0000',
  '{"id":"k1"',
  '{"__proto__":null}',
  '{"a":1}}',
  '{{}}',
  '{"id":"k1",}',
  '\ufeff{}',
  '[[[['.repeat(50),
  '{"a":'.repeat(200),
  'id,at,a',
];

/** The bytes with a few of them cut out, doubled or replaced. */
export function garble(random: Random, bytes: Buffer): Buffer {
  const at = below(random, bytes.length);
  const kind = below(random, 3);
  if (kind === 0)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + below(random, 9))]);
  const insert = Buffer.from([
    oneOf(random, [0, 0x22, 0x5c, 0x7b, 0x7d, 0x2c, 0x0d, 0x80, 0xc3, 0xff, 0x20, 0x30]),
  ]);
  return Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(kind === 1 ? at : at + 1)]);
}
