import { INPUT, KEY_RANGE, KEYS, LAST_PAGES } from './memory';

/** Notes that a page has met the words of `count` codes. */
export function meetWords(count: i32, page: i32): void {
  for (let at = INPUT; at < INPUT + (count << 2); at += 4) {
    store<i32>(LAST_PAGES + (load<u32>(at) << 2), page);
  }
}

/** Puts the least and the greatest key of the words, out of `size`, that a page has met at KEY_RANGE. */
export function findKeyRange(size: i32, page: i32): void {
  const pages = i32x4.splat(page);
  const lowest = f64x2.splat(Infinity);
  const highest = f64x2.splat(-Infinity);
  let least = lowest;
  let greatest = highest;
  // Behind the last word are some that no page has met.
  for (let word = 0; word < size; word += 4) {
    const met = i32x4.eq(v128.load(LAST_PAGES + (word << 2)), pages);
    const one = v128.load(KEYS + (word << 3));
    const other = v128.load(KEYS + (word << 3), 16);
    const oneMet = i64x2.extend_low_i32x4_s(met);
    const otherMet = i64x2.extend_high_i32x4_s(met);
    least = f64x2.pmin(least, v128.bitselect(one, lowest, oneMet));
    greatest = f64x2.pmax(greatest, v128.bitselect(one, highest, oneMet));
    least = f64x2.pmin(least, v128.bitselect(other, lowest, otherMet));
    greatest = f64x2.pmax(greatest, v128.bitselect(other, highest, otherMet));
  }
  store<f64>(KEY_RANGE, min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)));
  store<f64>(KEY_RANGE, max(f64x2.extract_lane(greatest, 0), f64x2.extract_lane(greatest, 1)), 8);
}

/** The first word from `start` on that a page has met and has a key; `size` where there is none. */
export function findWord(start: i32, size: i32, page: i32, key: f64): i32 {
  for (let word = start; word < size; word++) {
    if (load<f64>(KEYS + (word << 3)) == key && load<i32>(LAST_PAGES + (word << 2)) == page) {
      return word;
    }
  }
  return size;
}
