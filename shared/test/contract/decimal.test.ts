import { decimalFromNumber, formatDecimal, parseDecimal } from '@saleslake/shared/contract/decimal';
import fc from 'fast-check';

const seed = 20260101;

describe('parseDecimal', () => {
  it.each([
    ['19.99', 10, 2, 1999n],
    ['-0.01', 10, 2, -1n],
    ['7', 10, 2, 700n],
    ['7.5', 10, 2, 750n],
    ['007', 10, 2, 700n],
    ['1.500', 10, 2, 150n],
    ['-0', 10, 2, 0n],
    ['99999999.99', 10, 2, 9999999999n],
    ['12345678901234567890123456789012345678', 38, 0, 12345678901234567890123456789012345678n],
  ])('reads %s as decimal(%i,%i)', (text, precision, scale, expected) => {
    expect(parseDecimal(text, precision, scale)).toBe(expected);
  });

  it.each(['1.005', '100000000.00', '1e2', '+1', '.5', '1.', '', ' 1', '1,5', 'NaN', '--1'])(
    'refuses %j as decimal(10,2)',
    (text) => {
      expect(parseDecimal(text, 10, 2)).toBeUndefined();
    },
  );

  it('reads back what formatDecimal writes', () => {
    const limit = 10n ** 38n - 1n;
    fc.assert(
      fc.property(
        fc.bigInt({ min: -limit, max: limit }),
        fc.integer({ min: 0, max: 38 }),
        (unscaled, scale) => {
          expect(parseDecimal(formatDecimal(unscaled, scale), 38, scale)).toBe(unscaled);
        },
      ),
      { seed },
    );
  });
});

describe('decimalFromNumber', () => {
  it('takes a double for the decimal of at most 15 digits that it was written as', () => {
    const limit = 10n ** 15n - 1n;
    fc.assert(
      fc.property(
        fc.bigInt({ min: -limit, max: limit }),
        fc.integer({ min: 0, max: 15 }),
        (unscaled, scale) => {
          const number = Number(formatDecimal(unscaled, scale));
          expect(decimalFromNumber(number, 38, scale)).toBe(unscaled);
        },
      ),
      { seed },
    );
  });

  it('refuses the doubles next to such a one, which take more digits', () => {
    const limit = 10n ** 15n - 1n;
    const neighbour = (number: number, step: bigint): number => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, number);
      view.setBigInt64(0, view.getBigInt64(0) + step);
      return view.getFloat64(0);
    };
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: limit }),
        fc.integer({ min: 0, max: 15 }),
        fc.constantFrom(-1n, 1n),
        (unscaled, scale, step) => {
          const number = Number(formatDecimal(unscaled, scale));
          expect(decimalFromNumber(neighbour(number, step), 38, scale)).toBeUndefined();
        },
      ),
      { seed },
    );
  });

  it.each([
    [99.99, 9999n],
    [-99.99, -9999n],
    [100, undefined],
    [-0, 0n],
  ])('takes %d as a decimal(4,2) of %s', (number, expected) => {
    expect(decimalFromNumber(number, 4, 2)).toBe(expected);
  });

  it.each([
    ['a third decimal', 1.005],
    ['the sum that a double gets wrong', 0.1 + 0.2],
    ['more than 15 significant digits', 12345678901234.123],
    ['NaN', NaN],
    ['Infinity', Infinity],
  ])('refuses %s as decimal(38,2)', (_name, number) => {
    expect(decimalFromNumber(number, 38, 2)).toBeUndefined();
  });

  it('reads a number that JavaScript writes with an exponent', () => {
    expect(decimalFromNumber(1e21, 38, 0)).toBe(10n ** 21n);
    expect(decimalFromNumber(1.5e-7, 38, 8)).toBe(15n);
  });
});
