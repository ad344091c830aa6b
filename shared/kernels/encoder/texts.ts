import { INPUT, LAST_PAGES, OFFSETS, OUTPUT, RANGE } from './memory';
import { sameBehind } from './same-bytes';

// Texts stand at INPUT one behind another. At OFFSETS is where each begins, counted from anywhere,
// and behind the last where it ends.

/** The bytes that each of `count` texts, which are at least one, has; -1 where that differs. */
export function sameLength(count: i32): i32 {
  const length = lengthOf(OFFSETS);
  // To a whole vector, with texts of that length.
  const end = OFFSETS + (count << 2);
  for (let at = end; at < end + 12; at += 4) store<i32>(at, load<i32>(at) + length, 4);
  const lengths = i32x4.splat(length);
  let differences = i32x4.splat(0);
  for (let at = OFFSETS; at < end; at += 16) {
    const four = i32x4.sub(v128.load(at, 4), v128.load(at));
    differences = v128.or(differences, v128.xor(four, lengths));
  }
  return v128.any_true(differences) ? -1 : length;
}

/** Writes `count` texts as PLAIN. @returns the address behind them. */
export function putTexts(count: i32): usize {
  const origin = INPUT - load<u32>(OFFSETS);
  let to = OUTPUT;
  for (let text = OFFSETS; text < OFFSETS + (count << 2); text += 4) {
    const from = origin + load<u32>(text);
    const length = lengthOf(text);
    store<u32>(to, length);
    to += 4;
    // What comes next overwrites the bytes that are too many.
    for (let i = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
    to += length;
  }
  return to;
}

/** Puts which of `count` texts, at least one, is the least and which the greatest at RANGE. */
export function findTextRange(count: i32): void {
  findRangeOf(count, 0, 0);
}

/** The same of those words, the first of which is word `first`, that a page has met; -1 if none. */
export function findWordRange(count: i32, first: i32, page: i32): void {
  findRangeOf(count, LAST_PAGES + (first << 2), page);
}

// The least and the greatest text so far, 0 before the first, and their keys. Local to a function they
// would take the registers that its loop wants.
let least: usize = 0;
let leastKey: u64 = 0;
let greatest: usize = 0;
let greatestKey: u64 = 0;

/** Of all texts, or where `pages` is not 0, of those at which it has `page`. */
function findRangeOf(count: i32, pages: usize, page: i32): void {
  const origin = INPUT - load<u32>(OFFSETS);
  least = greatest = 0;
  leastKey = u64.MAX_VALUE;
  greatestKey = 0;
  for (let i = 0; i < count << 2; i += 4) {
    if (pages != 0 && load<i32>(pages + i) != page) continue;
    const text = OFFSETS + i;
    const key = keyOf(origin + load<u32>(text), lengthOf(text));
    // Of most texts, the key is enough.
    if (key <= leastKey || key >= greatestKey) widenRange(text, key, origin);
  }
  store<i32>(RANGE, least == 0 ? -1 : (<i32>(least - OFFSETS)) >> 2);
  store<i32>(RANGE, greatest == 0 ? -1 : (<i32>(greatest - OFFSETS)) >> 2, 4);
}

function widenRange(text: usize, key: u64, origin: usize): void {
  if (least == 0 || key < leastKey || (key == leastKey && isLess(text, least, origin))) {
    least = text;
    leastKey = key;
  }
  if (
    greatest == 0 ||
    key > greatestKey ||
    (key == greatestKey && isLess(greatest, text, origin))
  ) {
    greatest = text;
    greatestKey = key;
  }
}

function lengthOf(text: usize): i32 {
  return load<i32>(text, 4) - load<i32>(text);
}

/** A number that orders texts but for those that share it: the first eight bytes, or zeros behind them. */
function keyOf(from: usize, length: i32): u64 {
  const bytes = v128.load64_zero(from);
  const turned = v128.shuffle<u8>(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const key = <u64>i64x2.extract_lane(turned, 0);
  return length < 8 ? key & ~(u64.MAX_VALUE >> (length << 3)) : key;
}

/** Whether one text comes before another, by their bytes. */
function isLess(one: usize, other: usize, origin: usize): bool {
  const oneFrom = origin + load<u32>(one);
  const otherFrom = origin + load<u32>(other);
  const length = min(lengthOf(one), lengthOf(other));
  const same = sameBehind(oneFrom, otherFrom, length);
  return same < <usize>length
    ? load<u8>(oneFrom + same) < load<u8>(otherFrom + same)
    : lengthOf(one) < lengthOf(other);
}
