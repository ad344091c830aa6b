import type { ColumnBatch } from '../parquet/column-batch';
import { orderByDay, type DayRange } from './day-order';
import { createInt32Buffer } from './number-buffer';
import type { ColumnBuffer, StagedColumn } from './staged-column';

/** The rows of an object, in columns, that wait to be handed on. */
export interface WaitingRows {
  /** That of the days comes first. */
  readonly columns: readonly ColumnBuffer[];
  readonly size: number;
  /** What they weigh. */
  readonly bytes: number;
  /** The day of the first, and whether it is that of all. */
  readonly day: number;
  readonly areOneDay: boolean;
  /** How many there were at most: for so many there is room. */
  readonly room: number;
  /** Appends the staged rows `rows[0]` … `rows[count - 1]`; `isOneDay` where all are of one. */
  append(rows: Int32Array, count: number, bytes: number, isOneDay: boolean): void;
  /** Takes, where it has none, all those of `other`, which has the same columns. */
  takeOver(other: WaitingRows): void;
  /**
   * Takes them all: a batch of each day, in the order of the days. The batches are good until the
   * next append.
   */
  take(): { day: number; batch: ColumnBatch }[];
  /** Has none any more. */
  clear(): void;
}

/** `stagedDays` is the day of each staged row's partition. */
export function createWaitingRows(
  staged: readonly StagedColumn[],
  stagedDays: Int32Array,
): WaitingRows {
  const days = createInt32Buffer(stagedDays, undefined);
  const values = staged.map((column) => column.createBuffer());
  const columns = [days, ...values];
  let day = 0;
  let areOneDay = true;
  let size = 0;
  let bytes = 0;
  let room = 0;

  function clear(): void {
    size = 0;
    bytes = 0;
  }

  function add(count: number, weight: number): void {
    size += count;
    bytes += weight;
    room = Math.max(room, size);
  }

  function ranges(): DayRange[] {
    if (areOneDay) return [{ day, start: 0, end: size }];
    const { ranges, places } = orderByDay(days.take(0, size).values, size);
    if (places) for (const column of values) column.reorder(places);
    return ranges;
  }

  return {
    columns,
    get size() {
      return size;
    },
    get bytes() {
      return bytes;
    },
    get day() {
      return day;
    },
    get areOneDay() {
      return areOneDay;
    },
    get room() {
      return room;
    },
    append(rows, count, weight, isOneDay) {
      const first = stagedDays[rows[0]!]!;
      areOneDay = isOneDay && (size === 0 || (areOneDay && first === day));
      if (size === 0) day = first;
      for (let i = 0; i < columns.length; i++) columns[i]!.append(rows, count, size);
      add(count, weight);
    },
    takeOver(other) {
      ({ day, areOneDay } = other);
      for (const [i, column] of columns.entries()) column.takeOver(other.columns[i]!, other.size);
      add(other.size, other.bytes);
      other.clear();
    },
    take() {
      if (size === 0) return [];
      const batches = ranges().map(({ day, start, end }) => ({
        day,
        batch: { rowCount: end - start, columns: values.map((column) => column.take(start, end)) },
      }));
      clear();
      return batches;
    },
    clear,
  };
}
