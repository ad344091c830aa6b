// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
const RECORDS_A_SECOND = 1000;
const BYTES_A_SECOND = 1024 * 1024;

/** Says whether a shard takes in one more record of so many bytes at `now`, and counts it if so. */
export type ShardThroughput = (bytes: number, now: number) => boolean;

/** The write throughput of a provisioned shard, counted anew each second of the clock. */
export function provisionedThroughput(): ShardThroughput {
  let second = 0;
  let records = 0;
  let taken = 0;
  return (bytes, now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      records = 0;
      taken = 0;
    }
    if (records + 1 > RECORDS_A_SECOND || taken + bytes > BYTES_A_SECOND) return false;
    records += 1;
    taken += bytes;
    return true;
  };
}
