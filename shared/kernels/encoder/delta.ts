import { pack, packWide } from './bit-pack';
import { INPUT, OUTPUT, putZigzag } from './memory';
import { greatestOf, leastOf } from './range';

const BLOCK = 128;
const MINIBLOCKS = 4;
const MINIBLOCK = BLOCK / MINIBLOCKS;

/** Of a block. */
const DELTAS: usize = memory.data(BLOCK * 8, 16);
/** Of each miniblock the greatest delta. */
const GREATEST: usize = memory.data(MINIBLOCKS * 4);

/**
 * Writes the blocks of DELTA_BINARY_PACKED of `count` i32, the first of which is in the header. Their
 * range must be below 2^31, so that a delta is an i32 again.
 * @returns the address behind them.
 * https://parquet.apache.org/docs/file-format/data-pages/encodings/#delta-encoding-delta_binary_packed--5
 */
export function putDeltas(count: i32): usize {
  let to = OUTPUT;
  for (let first = 1; first < count; first += BLOCK) {
    const from = INPUT + (first << 2);
    const length = min(BLOCK, count - first);
    const used = (length + MINIBLOCK - 1) / MINIBLOCK;
    if (length < used * MINIBLOCK) fillUp(from, length);
    const least = takeDeltas(from, used);
    for (let i = length; i < used * MINIBLOCK; i++) store<i32>(DELTAS + (i << 2), least);
    to = putZigzag(to, least);
    const widths = to;
    store<u32>(widths, 0);
    to += MINIBLOCKS;
    for (let i = 0; i < used; i++) {
      const width = 32 - <i32>clz(load<i32>(GREATEST + (i << 2)) - least);
      store<u8>(widths + i, <u8>width);
      const deltas = DELTAS + ((i * MINIBLOCK) << 2);
      if (width > 0) to = pack(deltas, MINIBLOCK, width, least, to);
    }
  }
  return to;
}

/** To a whole miniblock, with values a delta apart that is there already. */
function fillUp(from: usize, length: i32): void {
  const last = from + ((length - 1) << 2);
  const delta = load<i32>(last) - load<i32>(last - 4);
  for (let i = 0; i < MINIBLOCK; i++) store<i32>(last + (i << 2), load<i32>(last) + delta * i);
}

/** Puts the deltas at DELTAS and the greatest of each miniblock at GREATEST, and returns the least. */
function takeDeltas(from: usize, miniblocks: i32): i32 {
  let least = i32x4.splat(i32.MAX_VALUE);
  for (let miniblock = 0; miniblock < miniblocks; miniblock++) {
    let greatest = i32x4.splat(i32.MIN_VALUE);
    const start = (miniblock * MINIBLOCK) << 2;
    for (let i = start; i < start + (MINIBLOCK << 2); i += 16) {
      const deltas = i32x4.sub(v128.load(from + i), v128.load(from + i - 4));
      v128.store(DELTAS + i, deltas);
      least = i32x4.min_s(least, deltas);
      greatest = i32x4.max_s(greatest, deltas);
    }
    store<i32>(GREATEST + (miniblock << 2), greatestOf(greatest));
  }
  return leastOf(least);
}

/** The same of whole numbers in f64, of magnitude below 2^53. */
export function putWideDeltas(count: i32): usize {
  let to = OUTPUT;
  for (let first = 1; first < count; first += BLOCK) {
    const length = min(BLOCK, count - first);
    const least = takeWideDeltas(INPUT + (first << 3), length);
    to = putZigzag(to, least);
    const widths = to;
    to += MINIBLOCKS;
    for (let i = 0; i < MINIBLOCKS; i++) {
      const deltas = DELTAS + ((i * MINIBLOCK) << 3);
      let any: u64 = 0;
      for (let k = 0; k < MINIBLOCK << 3; k += 8) any |= load<u64>(deltas + k);
      const width = 64 - <i32>clz(any);
      store<u8>(widths + i, <u8>width);
      if (width > 0) to = packWide(deltas, MINIBLOCK, width, to);
    }
  }
  return to;
}

/** Puts the deltas, by the least of them less, at DELTAS, and zeros behind. @returns the least. */
function takeWideDeltas(from: usize, length: i32): i64 {
  let least = i64.MAX_VALUE;
  let previous = <i64>load<f64>(from - 8);
  for (let i = 0; i < length << 3; i += 8) {
    const value = <i64>load<f64>(from + i);
    const delta = value - previous;
    previous = value;
    store<i64>(DELTAS + i, delta);
    least = min(least, delta);
  }
  for (let i = 0; i < length << 3; i += 8) store<i64>(DELTAS + i, load<i64>(DELTAS + i) - least);
  memory.fill(DELTAS + (length << 3), 0, (BLOCK - length) << 3);
  return least;
}
