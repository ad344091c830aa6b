import { putVarint, reserve, type ByteBuffer } from './byte-buffer';
import { setCopy, setLiteral } from './snappy-elements';

// Copies stay within a block, so that their distances fit.
const SNAPPY_BLOCK = 1 << 16;
const HASH_BITS = 13;
const positions = new Uint16Array(1 << HASH_BITS);

/**
 * Writes bytes start … end in the raw Snappy format, without frames.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function putSnappy(out: ByteBuffer, from: ByteBuffer, start: number, end: number): void {
  putVarint(out, end - start);
  for (let block = start; block < end; block += SNAPPY_BLOCK) {
    putBlock(out, from, block, Math.min(block + SNAPPY_BLOCK, end));
  }
}

/** The same without a search: as literals, for what does not shrink. */
export function putSnappyLiterals(
  out: ByteBuffer,
  from: ByteBuffer,
  start: number,
  end: number,
): void {
  putVarint(out, end - start);
  for (let block = start; block < end; block += SNAPPY_BLOCK) {
    const blockEnd = Math.min(block + SNAPPY_BLOCK, end);
    reserve(out, worstCase(blockEnd - block));
    out.length = setLiteral(out.bytes, out.length, from.bytes, block, blockEnd);
  }
}

function putBlock(out: ByteBuffer, from: ByteBuffer, start: number, end: number): void {
  reserve(out, worstCase(end - start));
  positions.fill(0);
  const { bytes, view } = from;
  const target = out.bytes;
  let to = out.length;
  // The last bytes are a literal, so that four bytes can be read at each position.
  const limit = end - 4;
  let literal = start;
  let at = start + 1;
  // Where nothing matches, the steps grow, so that what does not shrink costs little.
  let misses = 32;
  while (at <= limit) {
    const word = view.getInt32(at, true);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - HASH_BITS);
    const candidate = start + positions[slot]!;
    positions[slot] = at - start;
    if (view.getInt32(candidate, true) !== word) {
      at += misses++ >> 5;
      continue;
    }
    let matched = at + 4;
    let other = candidate + 4;
    while (matched < end && bytes[matched] === bytes[other]) {
      matched++;
      other++;
    }
    if (literal < at) to = setLiteral(target, to, bytes, literal, at);
    to = setCopy(target, to, at - candidate, matched - at);
    at = literal = matched;
    misses = 32;
  }
  if (literal < end) to = setLiteral(target, to, bytes, literal, end);
  out.length = to;
}

/** https://github.com/google/snappy/blob/main/snappy.cc derives it at MaxCompressedLength. */
function worstCase(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}
