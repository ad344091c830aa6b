import { INPUT, POSITIONS } from './memory';
import { sameBefore, sameBehind } from './same-bytes';
import {
  LONGEST_COPY,
  LONGEST_DISTANCE,
  putElement,
  putLiteral,
  putLiteralTag,
} from './snappy-elements';

/** Of the length before each PLAIN string. */
const LENGTH_BYTES: usize = 4;
// At POSITIONS is which string had these two bytes around its beginning last.
const EDGE_BITS = 6;
const EDGE_MASK = (1 << EDGE_BITS) - 1;

/**
 * Writes `rows` strings of `length` bytes, 8 to 60, as PLAIN in the raw Snappy format, at `at` and without
 * the size before it. What repeats is only looked for where a string begins: its length, with the bytes before and
 * behind. Ids have hardly more in common.
 * @returns the address behind them.
 */
export function putIds(length: usize, rows: usize, at: usize): usize {
  const stride = length + LENGTH_BYTES;
  memory.fill(POSITIONS, 0, 2 << (2 * EDGE_BITS));
  let to = at;
  let from = INPUT;
  // The first two strings as they are: what follows may then look a string further back.
  const first = min(2, rows);
  for (let row: usize = 0; row < first; row++, from += length) {
    to = putLiteralTag(to, stride);
    store<u32>(to, <u32>length);
    copy(to + LENGTH_BYTES, from);
    to += stride;
  }
  // The text from here on is not written yet.
  let literal = from;
  for (let row: usize = 2; row < rows; row++, from += length) {
    const edges = ((load<u8>(from - 1) & EDGE_MASK) << EDGE_BITS) | (load<u8>(from) & EDGE_MASK);
    const slot = POSITIONS + (edges << 1);
    let back = row - <usize>load<u16>(slot);
    store<u16>(slot, <u16>row);
    // The string before is as good as any: it has the same length.
    back = select<usize>(1, back, back === row || back * stride > LONGEST_DISTANCE);

    const gap = back * length;
    const start = max(literal, from - sameBefore(from, from - gap, length));
    const most = min(from + length, start + LONGEST_COPY - LENGTH_BYTES);
    const end = min(most, from + sameBehind(from, from - gap, length));
    if (start > literal) {
      store<u8>(to, <u8>((start - literal - 1) << 2));
      copy(to + 1, literal);
      to += 1 + start - literal;
    }
    to = putElement(to, back * stride, end - start + LENGTH_BYTES);
    literal = end;
  }
  return literal < from ? putLiteral(to, literal, from - literal) : to;
}

/** At most 64 bytes, which always are: what comes next overwrites those that are too many. */
function copy(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}
