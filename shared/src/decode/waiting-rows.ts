import type { ColumnBatch } from '../parquet/column-batch';
import { capacityFor } from './capacity';
import { orderByDay, type DayRange } from './day-order';
import type { StagedColumn } from './staged-column';

/** The rows of an object, in columns, that wait to be handed on. */
export interface WaitingRows {
  readonly size: number;
  /** What they weigh. */
  readonly bytes: number;
  /** Appends the staged rows `rows[0]` … `rows[count - 1]`; `isOneDay` where all are known to be of one. */
  append(rows: Int32Array, count: number, bytes: number, isOneDay: boolean): void;
  /**
   * Takes them all: a batch of each day, in the order of the days. The batches are good until the
   * next append.
   */
  take(): { day: number; batch: ColumnBatch }[];
}

/** `stagedDays` is the day of each staged row's partition. */
export function createWaitingRows(
  staged: readonly StagedColumn[],
  stagedDays: Int32Array,
): WaitingRows {
  const columns = staged.map((column) => column.createBuffer());
  let days = new Int32Array(0);
  let size = 0;
  let bytes = 0;
  let areOneDay = true;

  function appendDays(rows: Int32Array, count: number): void {
    if (size + count > days.length) {
      const larger = new Int32Array(capacityFor(size + count));
      larger.set(days);
      days = larger;
    }
    for (let i = 0; i < count; i++) days[size + i] = stagedDays[rows[i]!]!;
  }

  function ranges(): DayRange[] {
    if (areOneDay) return [{ day: days[0]!, start: 0, end: size }];
    const { ranges, places } = orderByDay(days, size);
    if (places) for (const column of columns) column.reorder(places);
    return ranges;
  }

  return {
    get size() {
      return size;
    },
    get bytes() {
      return bytes;
    },
    append(rows, count, weight, isOneDay) {
      appendDays(rows, count);
      areOneDay = isOneDay && (size === 0 || (areOneDay && days[0] === days[size]));
      for (let i = 0; i < columns.length; i++) columns[i]!.append(rows, count, size);
      size += count;
      bytes += weight;
    },
    take() {
      if (size === 0) return [];
      const batches = ranges().map(({ day, start, end }) => ({
        day,
        batch: {
          rowCount: end - start,
          columns: columns.map((column) => column.take(start, end)),
        },
      }));
      size = 0;
      bytes = 0;
      return batches;
    },
  };
}
