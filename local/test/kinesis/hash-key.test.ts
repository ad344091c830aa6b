import fc from 'fast-check';
import { hashKeyRange, shardOf } from '../../src/kinesis/hash-key';

const hashKeys = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });

describe('hash keys', () => {
  it('belong to the one shard whose range holds them', () => {
    fc.assert(
      fc.property(hashKeys, fc.integer({ min: 1, max: 500 }), (hashKey, shardCount) => {
        const shard = shardOf('any', shardCount, hashKey.toString());
        const { StartingHashKey, EndingHashKey } = hashKeyRange(shard, shardCount);
        expect(hashKey).toBeGreaterThanOrEqual(BigInt(StartingHashKey));
        expect(hashKey).toBeLessThanOrEqual(BigInt(EndingHashKey));
      }),
      { seed: 1 },
    );
  });

  it('have ranges without gap or overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), (shardCount) => {
        const shard = shardCount - 2;
        const end = BigInt(hashKeyRange(shard, shardCount).EndingHashKey);
        expect(BigInt(hashKeyRange(shard + 1, shardCount).StartingHashKey)).toBe(end + 1n);
      }),
      { seed: 1 },
    );
  });
});
