import { INPUT, OUTPUT, POSITIONS } from './memory';
import { putCopy, putLiteral } from './snappy-elements';
import { sameBehind } from './same-bytes';

const HASH_BITS = 13;

/**
 * Writes a block of `length` bytes, at most 65536, so that all distances fit, in the raw Snappy format,
 * but for the size before it.
 * @returns the address behind it.
 */
export function putBlock(length: usize): usize {
  memory.fill(POSITIONS, 0, 2 << HASH_BITS);
  const end = INPUT + length;
  let to = OUTPUT;
  let literal = INPUT;
  let at = INPUT + 1;
  // Where nothing matches, the steps grow, so that what does not shrink costs little.
  let misses: usize = 32;
  while (at + 4 <= end) {
    const word = load<u32>(at);
    const slot = POSITIONS + (((word * 0x1e35a7bd) >> (32 - HASH_BITS)) << 1);
    const candidate = INPUT + <usize>load<u16>(slot);
    store<u16>(slot, <u16>(at - INPUT));
    if (load<u32>(candidate) != word) {
      at += misses++ >> 5;
      continue;
    }
    const matched = min(end - at, 4 + sameBehind(at + 4, candidate + 4, end - at));
    if (literal < at) to = putLiteral(to, literal, at - literal);
    to = putCopy(to, at - candidate, matched);
    at = literal = at + matched;
    misses = 32;
  }
  return literal < end ? putLiteral(to, literal, end - literal) : to;
}
