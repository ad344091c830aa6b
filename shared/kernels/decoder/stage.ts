// What is done with all staged rows at once.

const HOUR_MS: i32 = 3_600_000;

/** The hours of times of day in milliseconds. */
export function hoursOf(millis: usize, rows: i32, into: usize): void {
  for (let i = 0; i < rows << 2; i += 4) store<i32>(into + i, load<i32>(millis + i) / HOUR_MS);
}

/** The days of the week, from 0 for Monday, of days counted from the epoch. */
export function weekdaysOf(days: usize, rows: i32, into: usize): void {
  // The epoch was a Thursday, 3 counted from Monday; so many whole weeks make it positive.
  for (let i = 0; i < rows << 2; i += 4) {
    store<i32>(into + i, <u32>(load<i32>(days + i) + 3 + 7_000_000) % 7);
  }
}

/** Whether no row is bad and all are of the same day. */
export function isOneDay(days: usize, bad: usize, rows: i32): bool {
  const day = load<i32>(days);
  let others = 0;
  for (let row = 0; row < rows; row++) {
    others |= (load<i32>(days + (row << 2)) ^ day) | load<u8>(bad + row);
  }
  return others == 0;
}

/** How many bytes the records of rows have. */
export function recordBytes(starts: usize, ends: usize, rows: i32): i32 {
  let bytes = 0;
  for (let i = 0; i < rows << 2; i += 4) bytes += load<i32>(ends + i) - load<i32>(starts + i);
  return bytes;
}
