/** When the rows that wait for a batch are handed on, so that memory stays within bounds. */
export interface FlushPlan {
  /**
   * Notes one more waiting row.
   * @returns the partition that must now be handed on, and is then taken for empty.
   */
  add(day: number, bytes: number): number | undefined;
  /**
   * Notes rows of several days at once.
   * @returns false, and notes nothing, where some would have to be handed on.
   */
  addAll(groups: readonly { day: number; count: number; bytes: number }[]): boolean;
  /** The partitions in which rows still wait, in order of their days. */
  waiting(): number[];
}

interface Waiting {
  rows: number;
  bytes: number;
}

/**
 * A partition is handed on when it has `batchRows` rows; and the one with most bytes is, whenever
 * all together exceed `budgetBytes`.
 */
export function createFlushPlan(batchRows: number, budgetBytes: number): FlushPlan {
  const waiting = new Map<number, Waiting>();
  let total = 0;
  // Rows of one day often come together.
  let lastDay: number | undefined;
  let last: Waiting = { rows: 0, bytes: 0 };

  function handOn(day: number): number {
    total -= waiting.get(day)!.bytes;
    waiting.delete(day);
    lastDay = undefined;
    return day;
  }

  function largest(): number {
    let [found, most] = [0, -1];
    for (const [day, { bytes }] of waiting) if (bytes > most) [found, most] = [day, bytes];
    return found;
  }

  function find(day: number): void {
    if (day === lastDay) return;
    let entry = waiting.get(day);
    if (!entry) waiting.set(day, (entry = { rows: 0, bytes: 0 }));
    last = entry;
    lastDay = day;
  }

  return {
    addAll(groups) {
      let after = total;
      for (const { day, count, bytes } of groups) {
        after += bytes;
        const before = waiting.get(day)?.rows ?? 0;
        if (before + count >= batchRows || after > budgetBytes) return false;
      }
      total = after;
      for (const { day, count, bytes } of groups) {
        find(day);
        last.rows += count;
        last.bytes += bytes;
      }
      return true;
    },
    add(day, bytes) {
      find(day);
      last.rows++;
      last.bytes += bytes;
      total += bytes;
      if (last.rows >= batchRows) return handOn(day);
      return total > budgetBytes ? handOn(largest()) : undefined;
    },
    waiting: () => [...waiting.keys()].sort((a, b) => a - b),
  };
}
