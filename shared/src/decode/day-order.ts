/** Rows start … end are of this day. */
export interface DayRange {
  day: number;
  start: number;
  end: number;
}

/**
 * How the first `count` rows, one at least, come into the order of their days, those of a day in the
 * order in which they are: a counting sort.
 * @returns the days, and to which place each row comes; no places where all stay where they are.
 */
export function orderByDay(
  days: Int32Array,
  count: number,
): { ranges: DayRange[]; places: Uint32Array | undefined } {
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
  const next = new Uint32Array(last - first + 1);
  for (let row = 0; row < count; row++) next[days[row]! - first]!++;
  const ranges: DayRange[] = [];
  let start = 0;
  for (let i = 0; i < next.length; i++) {
    const end = start + next[i]!;
    if (end > start) ranges.push({ day: first + i, start, end });
    next[i] = start;
    start = end;
  }
  if (isOrdered) return { ranges, places: undefined };
  const places = new Uint32Array(count);
  for (let row = 0; row < count; row++) places[row] = next[days[row]! - first]!++;
  return { ranges, places };
}
