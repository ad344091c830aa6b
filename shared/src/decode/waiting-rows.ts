import type { ColumnBatch } from '../parquet/column-batch';
import { sliceBatch } from '../parquet/row-group-buffer';
import { createDayGrouper } from './day-groups';
import type { DayBatch } from './decoder';
import { createRowArranger } from './arrange-rows';
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
   * Takes them all: a batch of each day, in the order of the days, made when it is asked for. Each is
   * good until the next is asked for, and all until the next append.
   */
  take(areLast: boolean): Iterable<DayBatch>;
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
  const groupByDay = createDayGrouper();
  const arrange = createRowArranger();

  function* batchesByDay(batch: ColumnBatch, isLast: boolean): Generator<DayBatch> {
    for (const { ranges, order } of groupByDay(days.take(batch.rowCount).values, batch.rowCount)) {
      const some = order ? arrange(batch, order) : batch;
      for (const { day, start, end } of ranges) {
        yield { day, batch: sliceBatch(some, start, end), isLast };
      }
    }
  }

  function clear(): void {
    size = 0;
    bytes = 0;
  }

  function add(count: number, weight: number): void {
    size += count;
    bytes += weight;
    room = Math.max(room, size);
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
    take(isLast) {
      if (size === 0) return [];
      // At once: what the columns know of the texts may be another thing when the rows are handed on.
      const batch = { rowCount: size, columns: values.map((column) => column.take(size)) };
      const batches = areOneDay ? [{ day, batch, isLast }] : batchesByDay(batch, isLast);
      clear();
      return batches;
    },
    clear,
  };
}
