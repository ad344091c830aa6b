import { putVarint, reserve, type ByteBuffer } from './byte-buffer';

// Offsets of copies stay below 2^16: every reader expects them not to leave a block.
const BLOCK = 1 << 16;
const HASH_BITS = 13;
const positions = new Uint16Array(1 << HASH_BITS);

/**
 * Writes bytes start … end in the raw Snappy format, without frames.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function putSnappy(out: ByteBuffer, from: ByteBuffer, start: number, end: number): void {
  putVarint(out, end - start);
  for (let block = start; block < end; block += BLOCK) {
    putBlock(out, from, block, Math.min(block + BLOCK, end));
  }
}

function putBlock(out: ByteBuffer, from: ByteBuffer, start: number, end: number): void {
  reserve(out, worstCase(end - start));
  positions.fill(0);
  const { bytes, view } = from;
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
    if (literal < at) putLiteral(out, bytes, literal, at);
    putCopy(out, at - candidate, matched - at);
    at = literal = matched;
    misses = 32;
  }
  if (literal < end) putLiteral(out, bytes, literal, end);
}

/** https://github.com/google/snappy/blob/main/snappy.cc derives it at MaxCompressedLength. */
function worstCase(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

function putLiteral(out: ByteBuffer, bytes: Uint8Array, start: number, end: number): void {
  const target = out.bytes;
  const last = end - start - 1;
  let at = out.length;
  if (last < 60) target[at++] = last << 2;
  else if (last < 0x100) {
    target[at++] = 60 << 2;
    target[at++] = last;
  } else {
    target[at++] = 61 << 2;
    target[at++] = last & 0xff;
    target[at++] = last >> 8;
  }
  if (last < 32) for (let i = start; i < end; i++) target[at++] = bytes[i]!;
  else {
    target.set(bytes.subarray(start, end), at);
    at += end - start;
  }
  out.length = at;
}

function putCopy(out: ByteBuffer, distance: number, length: number): void {
  let rest = length;
  // A copy takes up to 64 bytes, and the last at least four.
  while (rest >= 68) {
    putTwoByteCopy(out, distance, 64);
    rest -= 64;
  }
  if (rest > 64) {
    putTwoByteCopy(out, distance, 60);
    rest -= 60;
  }
  if (rest < 12 && distance < 2048) {
    out.bytes[out.length++] = 1 | ((rest - 4) << 2) | ((distance >> 8) << 5);
    out.bytes[out.length++] = distance & 0xff;
  } else putTwoByteCopy(out, distance, rest);
}

function putTwoByteCopy(out: ByteBuffer, distance: number, length: number): void {
  out.bytes[out.length++] = 2 | ((length - 1) << 2);
  out.bytes[out.length++] = distance & 0xff;
  out.bytes[out.length++] = distance >> 8;
}
