import { NEWLINE } from './bytes';
import { Layout, MOST_TOGETHER, readRecords } from './record';

/** Of each staged row where its record stands. */
@unmanaged
class Rows {
  starts: usize;
  ends: usize;
  lines: usize;
  /** How many are staged. */
  count: i32;
}

// How a line with a record ends, as bytes read at once.
const BRACE_AND_NEWLINE: u32 = 0x0a7d;
const BRACE_RETURN_AND_NEWLINE: u32 = 0x0a0d7d;

/**
 * Reads lines into the rows behind those that are staged, up to `rowsAtMost` in all, as long as they
 * have the layout. @returns the position of the first that has not, or `end`.
 */
export function readLines(
  layout: Layout,
  rows: Rows,
  start: i32,
  end: i32,
  firstLine: i32,
  rowsAtMost: i32,
): i32 {
  let at = start;
  let row = rows.count;
  let missed = false;
  while (at < end && row < rowsAtMost && !missed) {
    const starts = rows.starts + (row << 2);
    const ends = rows.ends + (row << 2);
    const most = min(layout.together, rowsAtMost - row);
    const found = findLines(at, end, layout.shortest, starts, ends, most);
    const read = readRecords(layout, starts, ends, row, found);
    let good = 0;
    let shortest = layout.shortest == 0 ? i32.MAX_VALUE : layout.shortest;
    // Where a line was passed over, the next starts elsewhere than it seemed.
    for (; good < read && load<i32>(starts + (good << 2)) == at; good++) {
      const brace = load<i32>(ends + (good << 2));
      const ending = load<u32>(brace);
      let behind = brace + 2;
      if ((ending & 0xffff) != BRACE_AND_NEWLINE) {
        if ((ending & 0xffffff) != BRACE_RETURN_AND_NEWLINE) break;
        behind++;
      }
      store<i32>(ends + (good << 2), brace + 1);
      store<i32>(rows.lines + ((row + good) << 2), firstLine + row + good - rows.count);
      shortest = min(shortest, behind - at);
      at = behind;
    }
    // Rows behind these are read anew, by this layout or in another way.
    row += good;
    if (good > 0) layout.shortest = shortest;
    missed = good < found && load<i32>(starts + (good << 2)) == at;
    layout.together = missed ? max(good, 1) : min(layout.together * 2, MOST_TOGETHER);
  }
  rows.count = row;
  return at;
}

/**
 * Finds the starts of up to `most` lines between `start` and `end`, and puts them at `starts` and at
 * `positions`. A line of less than `shortest` bytes may be taken for a part of the next. @returns how many.
 */
function findLines(
  start: i32,
  end: i32,
  shortest: i32,
  starts: usize,
  positions: usize,
  most: i32,
): i32 {
  store<i32>(starts, start);
  store<i32>(positions, start);
  let count = 1;
  // The newline is the last of so many bytes.
  const passed = max(shortest - 1, 0);
  let at = start + passed;
  while (at < end) {
    const newlines = newlinesOf(at);
    if (newlines == 0) {
      at += 64;
      continue;
    }
    const next = at + <i32>ctz(newlines) + 1;
    if (count == most || next >= end) return count;
    store<i32>(starts + (count << 2), next);
    store<i32>(positions + (count << 2), next);
    count++;
    at = next + passed;
  }
  return count;
}

/** A bit for each of 64 bytes that is a newline. */
function newlinesOf(at: i32): u64 {
  const newline = i8x16.splat(<i8>NEWLINE);
  const first = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at), newline)));
  const second = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 16), newline)));
  const third = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 32), newline)));
  const fourth = <u64>(<u32>i8x16.bitmask(i8x16.eq(v128.load(at, 48), newline)));
  return first | (second << 16) | (third << 32) | (fourth << 48);
}
