import fc from 'fast-check';
import { compileFilterPolicy } from '../../src/sns/filter-policy';
import type { MessageAttributes } from '../../src/sns/message-attributes';

type Policy = Record<string, unknown>;

const ATTRIBUTES: MessageAttributes = {
  store: { type: 'String', value: 'example_corp' },
  price: { type: 'Number', value: '210.75' },
  interests: { type: 'String.Array', value: '["rugby","soccer",null,true,3]' },
  address: { type: 'String', value: '10.0.0.255' },
  mark: { type: 'Binary', value: 'AP8=' },
};

const byAttributes = (policy: Policy): boolean =>
  compileFilterPolicy(policy, 'MessageAttributes')(ATTRIBUTES, 'text');

const byBody = (policy: Policy, body: unknown): boolean =>
  compileFilterPolicy(policy, 'MessageBody')({}, JSON.stringify(body));

// https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
describe('a filter on attributes', () => {
  it.each<[string, Policy, boolean]>([
    ['an equal string', { store: ['other', 'example_corp'] }, true],
    ['another string', { store: ['other'] }, false],
    ['a string of another case', { store: ['Example_Corp'] }, false],
    ['any case', { store: [{ 'equals-ignore-case': 'EXAMPLE_corp' }] }, true],
    ['a prefix', { store: [{ prefix: 'example' }] }, true],
    ['another prefix', { store: [{ prefix: 'corp' }] }, false],
    ['a suffix', { store: [{ suffix: '_corp' }] }, true],
    ['a wildcard', { store: [{ wildcard: 'ex*_c*p' }] }, true],
    ['anything but another', { store: [{ 'anything-but': ['other'] }] }, true],
    ['anything but this', { store: [{ 'anything-but': 'example_corp' }] }, false],
    ['anything but a prefix', { store: [{ 'anything-but': { prefix: 'ex' } }] }, false],
    ['anything but a suffix', { store: [{ 'anything-but': { suffix: 'inc' } }] }, true],
    ['anything but a wildcard', { store: [{ 'anything-but': { wildcard: '*corp' } }] }, false],
    ['anything but, where there is no attribute', { gone: [{ 'anything-but': ['x'] }] }, false],
    ['an equal number', { price: [{ numeric: ['=', 210.75] }] }, true],
    ['a number in a range', { price: [{ numeric: ['>', 0, '<=', 210.75] }] }, true],
    ['a number beyond it', { price: [{ numeric: ['<', 210.75] }] }, false],
    ['anything but a number', { price: [{ 'anything-but': [100, 210.75] }] }, false],
    ['a number as a string', { price: ['210.75'] }, false],
    ['an address in a block', { address: [{ cidr: '10.0.0.0/24' }] }, true],
    ['an address outside', { address: [{ cidr: '10.0.1.0/24' }] }, false],
    ['an attribute that is there', { store: [{ exists: true }] }, true],
    ['one that is not', { gone: [{ exists: true }] }, false],
    ['that one be absent', { gone: [{ exists: false }] }, true],
    ['one of an array', { interests: ['soccer'] }, true],
    ['true in an array', { interests: [true] }, true],
    ['null in an array', { interests: [null] }, true],
    ['a number in an array', { interests: [{ numeric: ['=', 3] }] }, true],
    ['none of an array', { interests: ['tennis'] }, false],
    ['anything but some of an array', { interests: [{ 'anything-but': ['rugby'] }] }, true],
    ['a binary attribute, which is not seen', { mark: [{ exists: true }] }, false],
    ['one field of two', { store: ['example_corp'], price: [{ numeric: ['<', 1] }] }, false],
    ['both fields', { store: ['example_corp'], price: [{ numeric: ['>', 1] }] }, true],
    ['one alternative', { $or: [{ store: ['other'] }, { price: [{ numeric: ['>', 1] }] }] }, true],
    ['no alternative', { $or: [{ store: ['other'] }, { price: [{ numeric: ['<', 1] }] }] }, false],
  ])('asks for %s', (_, policy, passes) => {
    expect(byAttributes(policy)).toBe(passes);
  });
});

describe('a filter on the body', () => {
  const BODY = {
    store: 'example_corp',
    order: {
      lines: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 2 },
      ],
    },
  };

  it.each<[string, Policy, boolean]>([
    ['a property', { store: ['example_corp'] }, true],
    ['a nested property', { order: { lines: { sku: ['b'] } } }, true],
    ['properties of one element', { order: { lines: { sku: ['b'], n: [2] } } }, true],
    ['properties of two elements', { order: { lines: { sku: ['a'], n: [2] } } }, false],
  ])('asks for %s', (_, policy, passes) => {
    expect(byBody(policy, BODY)).toBe(passes);
  });

  it.each([['text'], ['[{"a":1}]'], ['null'], ['3']])('lets %s through for no policy', (text) => {
    const passes = compileFilterPolicy({ a: [{ exists: false }] }, 'MessageBody');
    expect(passes({}, text)).toBe(false);
  });

  it('does not look at attributes', () => {
    const passes = compileFilterPolicy({ store: ['example_corp'] }, 'MessageBody');
    expect(passes(ATTRIBUTES, '{}')).toBe(false);
  });
});

describe('a filter policy', () => {
  it('lets everything through where it is empty', () => {
    expect(byAttributes({})).toBe(true);
  });

  it.each<[string, Policy, string]>([
    ['no array', { store: 'x' }, 'store'],
    ['an empty array', { store: [] }, 'store'],
    ['an unknown operator', { store: [{ contains: 'x' }] }, 'contains'],
    ['a nested key', { store: { name: ['x'] } }, 'nests store'],
    ['a prefix of any case', { store: [{ prefix: { 'equals-ignore-case': 'x' } }] }, 'prefix'],
    ['anything but any case', { store: [{ 'anything-but': { 'equals-ignore-case': 'x' } }] }, 'eq'],
    ['a number beyond a billion', { n: [{ numeric: ['>', 2e9] }] }, '1e9'],
    ['one alternative', { $or: [{ store: ['x'] }] }, '$or'],
    ['six keys', { a: ['x'], b: ['x'], c: ['x'], d: ['x'], e: ['x'], f: ['x'] }, '6 keys'],
    [
      'more than 150 combinations',
      { a: Array.from({ length: 13 }, String), b: Array.from({ length: 12 }, String) },
      '156 combinations',
    ],
  ])('is refused with %s', (_, policy, named) => {
    expect(() => byAttributes(policy)).toThrow(/^Invalid parameter: FilterPolicy: /);
    expect(() => byAttributes(policy)).toThrow(named);
  });

  it('counts the values of a key as often as it is nested', () => {
    const policy = {
      a: { b: { c: ['1', '2', '3', '4'] } },
      d: { e: ['1', '2', '3'] },
      f: ['1', '2', '3'],
    };
    expect(() => byBody(policy, {})).toThrow('216 combinations');
  });
});

/** A value of an operator, and whether it is what the operator asks for. */
interface Sample {
  filter: unknown;
  holds: (value: string | number) => boolean;
}

const WORD = fc.string({ unit: fc.constantFrom('a', 'b', 'A'), minLength: 1, maxLength: 3 });
const NUMBER = fc.integer({ min: -3, max: 3 });
const isText = (value: string | number): value is string => typeof value === 'string';

const sample = (filter: unknown, holds: Sample['holds']): Sample => ({ filter, holds });

const FILTER: fc.Arbitrary<Sample> = fc.oneof(
  fc.oneof(WORD, NUMBER).map((wanted) => sample(wanted, (v) => v === wanted)),
  WORD.map((w) => sample({ prefix: w }, (v) => isText(v) && v.indexOf(w) === 0)),
  WORD.map((w) => sample({ suffix: w }, (v) => isText(v) && v.slice(-w.length) === w)),
  WORD.map((w) =>
    sample({ 'equals-ignore-case': w }, (v) => isText(v) && v.toUpperCase() === w.toUpperCase()),
  ),
  fc
    .tuple(WORD, WORD)
    .map(([start, end]) =>
      sample({ wildcard: `${start}*${end}` }, (v) =>
        new RegExp(`^${start}.*${end}$`).test(String(v)),
      ),
    ),
  fc
    .array(WORD, { minLength: 1, maxLength: 2 })
    .map((words) => sample({ 'anything-but': words }, (v) => !words.some((w) => w === v))),
  WORD.map((w) =>
    sample({ 'anything-but': { prefix: w } }, (v) => !(isText(v) && v.indexOf(w) === 0)),
  ),
  fc
    .tuple(NUMBER, NUMBER)
    .map(([low, high]) =>
      sample({ numeric: ['>=', low, '<', high] }, (v) => !isText(v) && v >= low && v < high),
    ),
);

const NAMES = ['x', 'y', 'z'] as const;

// What the page says in words: every key, one of its values, one value of the message.
function reference(
  policy: Partial<Record<string, Sample[]>>,
  message: Partial<Record<string, (string | number)[]>>,
): boolean {
  return Object.entries(policy).every(([name, samples = []]) => {
    const values = message[name] ?? [];
    return samples.some(({ holds }) => values.some((value) => holds(value)));
  });
}

it('decides as the plain reading of the rules does, in either scope', () => {
  const fields = <T>(values: fc.Arbitrary<T>) =>
    fc.dictionary(fc.constantFrom(...NAMES), values, { minKeys: 1, maxKeys: 2 });
  const samples = fields(fc.array(FILTER, { minLength: 1, maxLength: 2 }));
  const values = fields(fc.array(fc.oneof(WORD, NUMBER), { minLength: 1, maxLength: 2 }));
  let passed = 0;
  let runs = 0;
  fc.assert(
    fc.property(samples, values, (policy, message) => {
      const filters = Object.entries(policy).map(
        ([name, list]) => [name, list.map(({ filter }) => filter)] as const,
      );
      const attributes = Object.entries(message).map(
        ([name, list]) => [name, { type: 'String.Array', value: JSON.stringify(list) }] as const,
      );
      const compiled = Object.fromEntries(filters);
      const expected = reference(policy, message);
      const ofAttributes = compileFilterPolicy(compiled, 'MessageAttributes');
      expect(ofAttributes(Object.fromEntries(attributes), '')).toBe(expected);
      expect(byBody(compiled, message)).toBe(expected);
      runs += 1;
      if (expected) passed += 1;
    }),
    { seed: 5, numRuns: 1500 },
  );
  // Neither answer is the rare one.
  expect(passed / runs).toBeGreaterThan(0.1);
  expect(passed / runs).toBeLessThan(0.9);
});
