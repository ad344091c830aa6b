import { INPUT, OUTPUT, RANGE } from './memory';

/** Puts the least and the greatest of `count` i32, which are at least one, at RANGE. */
export function findRange(count: i32): void {
  fillUp(count);
  let least = v128.load(INPUT);
  let greatest = least;
  for (let at = INPUT; at < INPUT + (count << 2); at += 16) {
    const four = v128.load(at);
    least = i32x4.min_s(least, four);
    greatest = i32x4.max_s(greatest, four);
  }
  storeRange(least, greatest);
}

/** To a whole vector, with the first: that changes no range. */
function fillUp(count: i32): void {
  v128.store(INPUT + (count << 2), i32x4.splat(load<i32>(INPUT)));
}

/**
 * Turns `count` doubles, which are at least one and whole numbers, to i32 that are by `base` less, and
 * puts their range at RANGE. What is too large for an i32 is the greatest or the least of all i32.
 */
export function toOffsets(count: i32, base: f64): void {
  const first = f64x2.splat(load<f64>(INPUT));
  v128.store(INPUT + (count << 3), first);
  v128.store(INPUT + (count << 3), first, 16);
  const bases = f64x2.splat(base);
  let least = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(first, bases));
  least = v128.shuffle<i64>(least, least, 0, 0);
  let greatest = least;
  let to = OUTPUT;
  for (let at = INPUT; at < INPUT + (count << 3); at += 32, to += 16) {
    const one = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(v128.load(at), bases));
    const other = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(v128.load(at, 16), bases));
    const four = v128.shuffle<i64>(one, other, 0, 2);
    v128.store(to, four);
    least = i32x4.min_s(least, four);
    greatest = i32x4.max_s(greatest, four);
  }
  storeRange(least, greatest);
}

function storeRange(least: v128, greatest: v128): void {
  store<i32>(RANGE, leastOf(least));
  store<i32>(RANGE, greatestOf(greatest), 4);
}

export function leastOf(four: v128): i32 {
  const two = i32x4.min_s(four, v128.shuffle<i64>(four, four, 1, 0));
  return min(i32x4.extract_lane(two, 0), i32x4.extract_lane(two, 1));
}

export function greatestOf(four: v128): i32 {
  const two = i32x4.max_s(four, v128.shuffle<i64>(four, four, 1, 0));
  return max(i32x4.extract_lane(two, 0), i32x4.extract_lane(two, 1));
}
