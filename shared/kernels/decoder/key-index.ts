import { mixA } from './hash';

/** A row: hashes of its key and of all of it; and as many bytes a row. */
export const ENTRY_BYTES: usize = 16;

/**
 * Adds rows to an index of those that came before. They stand one behind another at `entries`, the
 * first `size` of them in the index. Open addressing, by the hash of the key: a slot has the number
 * of a row plus one, 0 where empty, and above it bits of its key, so that other rows are mostly passed
 * over without a look at them.
 *
 * Rows that are `bad` are left out. At `repeated` the number is put of rows whose key came before, and
 * for each three words: the row, whether it is the same as that, and which entry that is, from 0.
 *
 * `places` is room for two words a row. @returns how many rows are in the index then.
 */
export function addKeys(
  entries: usize,
  size: i32,
  slots: usize,
  mask: u32,
  rows: i32,
  keys: usize,
  whole: usize,
  bad: usize,
  places: usize,
  repeated: usize,
): i32 {
  // Looking at all places first, with nothing to decide in between, lets the processor fetch many
  // of them at once.
  for (let row = 0; row < rows; row++) {
    const slot = slotOf(load<u64>(keys + (row << 3)), mask);
    store<u32>(places + (row << 3), slot);
    store<u32>(places + (row << 3), load<u32>(slots + (slot << 2)), 4);
  }
  let to = entries + <usize>size * ENTRY_BYTES;
  let said = repeated + 4;
  for (let row = 0; row < rows; row++) {
    if (load<u8>(bad + row) != 0) continue;
    const key = load<u64>(keys + (row << 3));
    const tag = (<u32>key) & ~mask;
    let slot = load<u32>(places + (row << 3));
    let entry = load<u32>(places + (row << 3), 4);
    // What was met may be of before this loop: only that there was something is sure.
    if (entry == 0) entry = load<u32>(slots + (slot << 2));
    let known: usize = 0;
    while (entry != 0) {
      if ((entry & ~mask) == tag) {
        known = entries + <usize>((entry & mask) - 1) * ENTRY_BYTES;
        if (load<u64>(known) == key) break;
      }
      slot = (slot + 1) & mask;
      entry = load<u32>(slots + (slot << 2));
    }
    const all = load<u64>(whole + (row << 3));
    if (entry != 0) {
      store<u32>(said, row);
      store<u32>(said, i32(load<u64>(known, 8) == all), 4);
      store<u32>(said, (entry & mask) - 1, 8);
      said += 12;
      continue;
    }
    store<u64>(to, key);
    store<u64>(to, all, 8);
    to += ENTRY_BYTES;
    size++;
    store<u32>(slots + (slot << 2), tag | size);
  }
  store<u32>(repeated, (said - repeated) / 12);
  return size;
}

/**
 * The number of the row behind those that stand on one line after another from `row` on, up to `rows`, and are not
 * bad: `row` itself where that is bad.
 */
export function behindRun(lines: usize, bad: usize, row: i32, rows: i32): i32 {
  const first = load<i32>(lines + (row << 2)) - row;
  let at = row;
  while (at < rows && load<i32>(lines + (at << 2)) == first + at && load<u8>(bad + at) == 0) at++;
  return at;
}

/** Puts the rows of an index into other slots, which are empty. */
export function fillSlots(entries: usize, size: i32, slots: usize, mask: u32): void {
  for (let i = 0; i < size; i++) {
    const key = load<u64>(entries + <usize>i * ENTRY_BYTES);
    let slot = slotOf(key, mask);
    while (load<u32>(slots + (slot << 2)) != 0) slot = (slot + 1) & mask;
    store<u32>(slots + (slot << 2), ((<u32>key) & ~mask) | (i + 1));
  }
}

function slotOf(key: u64, mask: u32): u32 {
  return (<u32>(mixA(key, 0) >> 32)) & mask;
}
