import { randomStream } from '@saleslake/shared/synthetic/random';
import { transactionId } from '../src/transaction-id';

describe('transactionId', () => {
  it('is a UUID of version 4 and the variant of RFC 9562', () => {
    const random = randomStream('ids');
    for (let index = 0; index < 1000; index += 1) {
      expect(transactionId(random)).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    }
  });

  it.each([
    [0, '00000000-0000-4000-8000-000000000000'],
    [0xffff_ffff, 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
  ])('uses all 122 free bits of a stream of %d', (number, id) => {
    expect(transactionId(() => number)).toBe(id);
  });
});
