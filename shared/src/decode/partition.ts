import type { TableContract } from '../contract/table-contract';

/** The folder that rows lie in: that of a day, UTC; undefined where a table is not partitioned. */
export type Partition = { year: number; month: number; day: number } | undefined;

const DAY_MS = 86_400_000;

/** The day under which decoders gather all rows of a table that is not partitioned. */
export const ONLY_DAY = 0;

/** The day, counted from the epoch, of a time in milliseconds since the epoch. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

/** The partition of the rows that a decoder has gathered under a day. */
export function partitionOf({ partitioning }: TableContract, day: number): Partition {
  if (!partitioning) return undefined;
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
