import fc from 'fast-check';
import { compareSequencers, isSequencer } from '@saleslake/shared/lake/sequencer';

const hex = fc
  .array(fc.constantFrom(...'0123456789ABCDEF'), { minLength: 1, maxLength: 20 })
  .map((digits) => digits.join(''));

describe('compareSequencers', () => {
  it.each([
    ['0055AED6DCD90281E5', '0055AED6DCD90281E6'],
    ['00A', '00A1'],
    ['00A1', '00B'],
    ['0F', '1'],
  ])('takes %s for older than %s', (older, newer) => {
    expect(compareSequencers(older, newer)).toBeLessThan(0);
    expect(compareSequencers(newer, older)).toBeGreaterThan(0);
  });

  it('takes a shorter one for the same where only zeros follow', () => {
    expect(compareSequencers('0A', '0a00')).toBe(0);
  });

  it('orders as the numbers do that the padded ones are', () => {
    fc.assert(
      fc.property(hex, hex, (a, b) => {
        const [x, y] = [a, b].map((text) => BigInt(`0x${text.padEnd(20, '0')}`));
        expect(Math.sign(compareSequencers(a, b))).toBe(x! < y! ? -1 : x! > y! ? 1 : 0);
      }),
      { seed: 1 },
    );
  });
});

it.each([[''], ['0x1'], ['12 '], [12], [undefined]])('takes %j for no sequencer', (value) => {
  expect(isSequencer(value)).toBe(false);
});
