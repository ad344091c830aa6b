import { parameterLiterals } from '../../src/query/parameter-literal';

const of = (type: string) => [{ name: 'p', type, default: 'NULL' }];
const given = (value: string) => new Map([['p', value]]);

describe('a parameter that is given by name', () => {
  it.each([
    ['varchar', "O'Neill", "'O''Neill'"],
    ['date', '2026-11-21', "DATE '2026-11-21'"],
    ['timestamp(3)', '2026-11-21 10:30:00', "TIMESTAMP '2026-11-21 10:30:00'"],
    ['integer', '-5', '-5'],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['decimal(10,2)', '19.99', '19.99'],
    ['double', '0.5', "DOUBLE '0.5'"],
    ['boolean', 'true', 'true'],
  ])('of type %s becomes a literal: %s', (type, value, literal) => {
    expect(parameterLiterals(of(type), given(value))).toEqual([literal]);
  });

  it.each([
    ['integer', '5 OR 1=1', 'a whole number'],
    ['decimal(10,2)', '1e5', 'a number'],
    ['date', '21.11.2026', 'a date such as 2026-11-21'],
    ['boolean', 'yes', 'true or false'],
  ])('of type %s is refused as %s', (type, value, expected) => {
    expect(() => parameterLiterals(of(type), given(value))).toThrow(
      `The parameter p is ${JSON.stringify(value)}; expected ${expected}.`,
    );
  });
});

it('takes the default of a parameter that is not given', () => {
  const parameters = [
    { name: 'since', type: 'date', default: "DATE '2026-01-01'" },
    { name: 'least', type: 'integer', default: '10' },
  ];
  const literals = parameterLiterals(parameters, new Map([['least', '3']]));
  expect(literals).toEqual(["DATE '2026-01-01'", '3']);
});

it('names the parameters that there are where one is given that there is not', () => {
  expect(() => parameterLiterals(of('integer'), new Map([['q', '1']]))).toThrow(
    'The query has no parameter q; it has: p.',
  );
});
