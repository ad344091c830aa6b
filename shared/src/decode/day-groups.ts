import { grown } from '../parquet/grown';

/** Rows start … end of a group, once they are in the order of their days, are of this day. */
export interface DayRange {
  day: number;
  start: number;
  end: number;
}

/** Row rows[i], which ascend, comes to places[i]. There may be more places than rows. */
export interface RowOrder {
  rows: Uint32Array;
  places: Uint32Array;
}

/** The rows of some days. */
export interface DayGroup {
  ranges: DayRange[];
  /**
   * That of the days, the rows of a day in the order in which they came; undefined where all rows
   * are in that order.
   */
  order?: RowOrder;
}

/**
 * A group has at least so many rows, but for the last: each makes one pass over all rows, and takes
 * memory of its own.
 */
const GROUP_ROWS = 3 << 13;

/**
 * The first `count` rows, one at least, in groups of days that follow one another: a counting sort.
 * Each group is good until the next is asked for.
 */
export type DayGrouper = (days: Int32Array, count: number) => Iterable<DayGroup>;

export function createDayGrouper(groupRows = GROUP_ROWS): DayGrouper {
  let rowsByGroup: Uint32Array = new Uint32Array(0);
  let places: Uint32Array = new Uint32Array(0);

  function* group(days: Int32Array, count: number): Generator<DayGroup> {
    const { first, sizes, isOrdered } = countDays(days, count);
    if (isOrdered) {
      yield { ranges: rangesOf(first, sizes, 0, sizes.length) };
      return;
    }
    const bounds = groupBounds(sizes, groupRows);
    const groupOf = new Uint32Array(sizes.length);
    const ends = new Uint32Array(bounds.length);
    let end = 0;
    for (const [i, bound] of bounds.entries()) {
      const from = bounds[i - 1] ?? 0;
      groupOf.fill(i, from, bound);
      ends[i] = end;
      for (let day = from; day < bound; day++) end += sizes[day]!;
    }
    rowsByGroup = grown(rowsByGroup, count);
    putRows(days, count, first, groupOf, ends, rowsByGroup);
    for (const [i, bound] of bounds.entries()) {
      const ranges = rangesOf(first, sizes, bounds[i - 1] ?? 0, bound);
      const rows = rowsByGroup.subarray(ends[i - 1] ?? 0, ends[i]);
      places = grown(places, rows.length);
      const next = new Uint32Array(sizes.length);
      for (const { day, start } of ranges) next[day - first] = start;
      putPlaces(days, rows, first, next, places);
      yield { ranges, order: { rows, places } };
    }
  }

  return group;
}

// Loops of their own: within a generator, they take twice the time.

/** Puts the number of each row where those of its group end, which it moves. */
function putRows(
  days: Int32Array,
  count: number,
  first: number,
  groupOf: Uint32Array,
  ends: Uint32Array,
  into: Uint32Array,
): void {
  for (let row = 0; row < count; row++) into[ends[groupOf[days[row]! - first]!]!++] = row;
}

/** Puts where each row comes: where those of its day end, which it moves. */
function putPlaces(
  days: Int32Array,
  rows: Uint32Array,
  first: number,
  ends: Uint32Array,
  into: Uint32Array,
): void {
  const count = rows.length;
  for (let i = 0; i < count; i++) into[i] = ends[days[rows[i]!]! - first]!++;
}

/** How many rows each day has, from the first on. */
function countDays(days: Int32Array, count: number) {
  let first = days[0]!;
  let last = first;
  let isOrdered = true;
  for (let row = 1; row < count; row++) {
    const day = days[row]!;
    if (day < days[row - 1]!) isOrdered = false;
    if (day < first) first = day;
    if (day > last) last = day;
  }
  // A contract's partitions are of so many years at most that a word for each day between is little.
  const sizes = new Uint32Array(last - first + 1);
  for (let row = 0; row < count; row++) sizes[days[row]! - first]!++;
  return { first, sizes, isOrdered };
}

/** Behind which day each group ends, counted from the first. */
function groupBounds(sizes: Uint32Array, groupRows: number): number[] {
  const bounds: number[] = [];
  let rows = 0;
  for (let day = 0; day < sizes.length; day++) {
    rows += sizes[day]!;
    if (rows < groupRows && day + 1 < sizes.length) continue;
    bounds.push(day + 1);
    rows = 0;
  }
  return bounds;
}

/** Of the days from … to, counted from the first. */
function rangesOf(first: number, sizes: Uint32Array, from: number, to: number): DayRange[] {
  const ranges: DayRange[] = [];
  let start = 0;
  for (let day = from; day < to; day++) {
    const end = start + sizes[day]!;
    if (end > start) ranges.push({ day: first + day, start, end });
    start = end;
  }
  return ranges;
}
