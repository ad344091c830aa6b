/** A day, in UTC, by which rows are partitioned. */
export interface Partition {
  year: number;
  month: number;
  day: number;
}

const DAY_MS = 86_400_000;

/** The day, counted from the epoch, of a time in milliseconds since the epoch. */
export function dayOf(time: number): number {
  return Math.floor(time / DAY_MS);
}

export function partitionOf(day: number): Partition {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
