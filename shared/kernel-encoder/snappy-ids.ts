import { INPUT } from './memory';

/** Of the length before each PLAIN string. */
const LENGTH_BYTES: usize = 4;
/** What the tag of a copy can say. */
const LONGEST_COPY: usize = 64;
/** What a copy of three bytes can say. */
const LONGEST_DISTANCE: usize = (1 << 16) - 1;

// Which string had these two bytes around its beginning last.
const EDGE_BITS = 6;
const EDGE_MASK = (1 << EDGE_BITS) - 1;
const BY_EDGES: usize = memory.data(2 << (2 * EDGE_BITS), 16);

/**
 * Writes `rows` strings of `length` bytes, 8 to 60, as PLAIN in the raw Snappy format, at `at` and without
 * the size before it. What repeats is only looked for where a string begins: its length, with the bytes before and
 * behind. Ids have hardly more in common.
 * @returns the address behind them.
 */
export function putIds(length: usize, rows: usize, at: usize): usize {
  const stride = length + LENGTH_BYTES;
  const mostRows = LONGEST_DISTANCE / stride;
  memory.fill(BY_EDGES, 0, 2 << (2 * EDGE_BITS));
  let to = at;
  let from = INPUT;
  // The first two strings as they are: what follows may then look a string further back.
  const first = min(2, rows);
  for (let row: usize = 0; row < first; row++, from += length) {
    to = putTag(to, stride);
    store<u32>(to, <u32>length);
    copy(to + LENGTH_BYTES, from);
    to += stride;
  }
  // The text from here on is not written yet.
  let literal = from;
  for (let row: usize = 2; row < rows; row++, from += length) {
    const edges = ((load<u8>(from - 1) & EDGE_MASK) << EDGE_BITS) | (load<u8>(from) & EDGE_MASK);
    const slot = BY_EDGES + (edges << 1);
    let back = row - <usize>load<u16>(slot);
    store<u16>(slot, <u16>row);
    // The string before is as good as any: it has the same length.
    back = select<usize>(1, back, back === row || back > mostRows);

    const gap = back * length;
    const start = max(literal, from - sameBefore(from, from - gap));
    const most = min(from + length, start + LONGEST_COPY - LENGTH_BYTES);
    const end = min(most, from + sameBehind(from, from - gap));
    if (start > literal) {
      store<u8>(to, <u8>((start - literal - 1) << 2));
      copy(to + 1, literal);
      to += 1 + start - literal;
    }
    const copied = <i32>(end - start + LENGTH_BYTES);
    const distance = <i32>(back * stride);
    const long = 2 | ((copied - 1) << 2) | (distance << 8);
    const brief = 1 | ((copied - 4) << 2) | ((distance & 0x700) >> 3) | (distance << 8);
    const isBrief = ((copied - 12) & (distance - 2048)) < 0;
    store<i32>(to, select(brief, long, isBrief));
    to += select<usize>(2, 3, isBrief);
    literal = end;
  }
  if (literal === from) return to;
  to = putTag(to, from - literal);
  copy(to, literal);
  return to + from - literal;
}

/** Of a literal of at most 64 bytes. */
function putTag(to: usize, length: usize): usize {
  const last = length - 1;
  if (last < 60) {
    store<u8>(to, <u8>(last << 2));
    return to + 1;
  }
  store<u16>(to, <u16>((60 << 2) | (last << 8)));
  return to + 2;
}

/** At most 64 bytes, which always are: what comes next overwrites those that are too many. */
function copy(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

/** How many bytes before two places are the same, by whole vectors. */
function sameBefore(one: usize, other: usize): usize {
  let bytes: usize = 0;
  let differences = 0;
  do {
    bytes += 16;
    differences = differenceBits(one - bytes, other - bytes);
  } while (differences === 0 && bytes < LONGEST_COPY);
  return bytes - 16 + <usize>clz((differences << 16) | 0x8000);
}

/** The same of the bytes behind. */
function sameBehind(one: usize, other: usize): usize {
  let bytes: usize = 0;
  let differences = 0;
  do {
    differences = differenceBits(one + bytes, other + bytes);
    bytes += 16;
  } while (differences === 0 && bytes < LONGEST_COPY);
  return bytes - 16 + <usize>ctz(differences | 0x10000);
}

/** Of sixteen bytes a bit for each that differs. */
function differenceBits(one: usize, other: usize): i32 {
  return i8x16.bitmask(i8x16.ne(v128.load(one), v128.load(other)));
}
