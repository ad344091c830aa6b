import { createHash } from 'node:crypto';

const HASH_KEYS = 2n ** 128n;

/** The hash keys of a shard, both ends included, as decimal numbers. */
export interface HashKeyRange {
  StartingHashKey: string;
  EndingHashKey: string;
}

/** The part of the 128-bit hash keys that belongs to a shard: each of `shardCount` an equal one. */
export function hashKeyRange(shard: number, shardCount: number): HashKeyRange {
  return {
    StartingHashKey: firstHashKey(shard, shardCount).toString(),
    EndingHashKey: (firstHashKey(shard + 1, shardCount) - 1n).toString(),
  };
}

/**
 * The shard, counted from 0, that a record goes to: by the MD5 of its partition key, or by
 * `explicitHashKey`, a decimal number below 2^128.
 * https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key
 */
export function shardOf(
  partitionKey: string,
  shardCount: number,
  explicitHashKey?: string,
): number {
  const hashKey = explicitHashKey === undefined ? md5(partitionKey) : BigInt(explicitHashKey);
  const guess = Number((hashKey * BigInt(shardCount)) / HASH_KEYS);
  // Where the shards do not divide the keys evenly, a boundary may lie one shard further.
  const next = guess + 1;
  return next < shardCount && hashKey >= firstHashKey(next, shardCount) ? next : guess;
}

export function isHashKey(text: string): boolean {
  return /^(0|[1-9]\d{0,38})$/.test(text) && BigInt(text) < HASH_KEYS;
}

function firstHashKey(shard: number, shardCount: number): bigint {
  return (BigInt(shard) * HASH_KEYS) / BigInt(shardCount);
}

function md5(text: string): bigint {
  return BigInt(`0x${createHash('md5').update(text).digest('hex')}`);
}
