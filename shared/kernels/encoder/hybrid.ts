import { pack } from './bit-pack';
import { INPUT, OUTPUT, putVarint } from './memory';

/**
 * Writes `count` i32, less `base`, in Parquet's hybrid of runs and bit-packed groups of eight, `width`
 * bits (1 to 32) each.
 * @returns the address behind them.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#run-length-encoding--bit-packing-hybrid-rle--3
 */
export function putHybrid(count: i32, width: i32, base: i32): usize {
  const end = INPUT + (count << 2);
  // The last group is always whole: readers skip its zeros by the number of values of the page.
  v128.store(end, i32x4.splat(base));
  v128.store(end, i32x4.splat(base), 16);
  // A shorter run is smaller bit-packed.
  const shortestRun: usize = max(8, 31 / width + 1) << 2;
  let to = OUTPUT;
  let packedFrom = INPUT;
  let at = INPUT;
  while (at < end) {
    // Of most groups, four values are enough to see that they are no run.
    if (load<u64>(at) !== load<u64>(at, 8)) {
      at += 32;
      continue;
    }
    const runEnd = endOfRun(at, end);
    if (runEnd - at < shortestRun) {
      at += 32;
      continue;
    }
    if (packedFrom < at) to = putGroups(packedFrom, at, width, base, to);
    to = putVarint(to, ((runEnd - at) >> 2) << 1);
    store<i32>(to, load<i32>(at) - base);
    to += (width + 7) >> 3;
    packedFrom = at = runEnd;
  }
  return packedFrom < end ? putGroups(packedFrom, end, width, base, to) : to;
}

/** Where another value than the one at `start` comes; `start` itself where that is within eight. */
function endOfRun(start: usize, end: usize): usize {
  const value = i32x4.splat(load<i32>(start));
  let at = start;
  while (at < end && allAre(at, value)) at += 32;
  if (at === start) return start;
  while (at < end && load<i32>(at) === i32x4.extract_lane(value, 0)) at += 4;
  return min(at, end);
}

/** Whether eight values are the same as one. */
function allAre(at: usize, value: v128): bool {
  const differences = v128.or(v128.xor(v128.load(at), value), v128.xor(v128.load(at, 16), value));
  return !v128.any_true(differences);
}

function putGroups(from: usize, end: usize, width: i32, base: i32, to: usize): usize {
  const groups = <i32>((end - from + 31) >> 5);
  return pack(from, groups << 3, width, base, putVarint(to, (groups << 1) | 1));
}
