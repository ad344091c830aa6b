import * as fc from 'fast-check';
import { deaggregate, type UserRecord } from '../../src/firehose/kpl-aggregation';
import { aggregate, framed } from './kpl-encoder';

const userRecord: fc.Arbitrary<UserRecord> = fc
  .record(
    {
      partitionKey: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
      explicitHashKey: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String),
      data: fc.uint8Array({ maxLength: 300 }),
    },
    { requiredKeys: ['partitionKey', 'data'] },
  )
  .map(({ data, ...keys }) => ({ ...keys, data: Buffer.from(data) }));

// https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
describe('deaggregation', () => {
  it('gives back what was aggregated', () => {
    fc.assert(
      fc.property(fc.array(userRecord, { maxLength: 20 }), (records) => {
        expect(deaggregate(aggregate(records))).toEqual(records);
      }),
      { seed: 1 },
    );
  });

  it('reads a record as another implementation of the format writes it', () => {
    // The example of https://hex.pm/packages/ex_kpl: partition key "partition_key", data "data".
    const bytes = Buffer.from([
      243, 137, 154, 194, 10, 13, 112, 97, 114, 116, 105, 116, 105, 111, 110, 95, 107, 101, 121, 26,
      8, 8, 0, 26, 4, 100, 97, 116, 97, 208, 54, 153, 218, 90, 34, 47, 163, 33, 8, 173, 27, 217, 85,
      161, 78,
    ]);
    expect(deaggregate(bytes)).toEqual([
      { partitionKey: 'partition_key', data: Buffer.from('data') },
    ]);
  });

  it('leaves any other bytes alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(deaggregate(Buffer.from(bytes))).toBeUndefined();
      }),
      { seed: 2 },
    );
  });

  it('leaves a record alone whose digest is not its own', () => {
    const bytes = aggregate([{ partitionKey: 'a', data: Buffer.from('b') }]);
    bytes[6]! ^= 1;
    expect(deaggregate(bytes)).toBeUndefined();
  });

  it('never throws on a message that is no aggregate', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (message) => {
        expect(() => deaggregate(framed(Buffer.from(message)))).not.toThrow();
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
