import type { ColumnBatch } from '../parquet/column-batch';
import { orderByDay, type DayRange } from './day-order';
import { createInt32Buffer } from './number-buffer';
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
  const days = createInt32Buffer(stagedDays, undefined);
  let firstDay = 0;
  let size = 0;
  let bytes = 0;
  let areOneDay = true;

  function ranges(): DayRange[] {
    if (areOneDay) return [{ day: firstDay, start: 0, end: size }];
    const { ranges, places } = orderByDay(days.take(0, size).values, size);
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
      const day = stagedDays[rows[0]!]!;
      if (size === 0) firstDay = day;
      areOneDay = isOneDay && (size === 0 || (areOneDay && day === firstDay));
      days.append(rows, count, size);
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
