import { putVarint, reserve, type ByteBuffer } from './byte-buffer';
import { give, kernel, putOutput } from './kernel';
import { LONGEST_TAG, setLiteral } from './snappy-literal';

/** Copies stay within a block, so that their distances fit, and literals too. */
const BLOCK = 1 << 16;

/**
 * Writes bytes start … end in the raw Snappy format, without frames.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
export function putSnappy(out: ByteBuffer, from: ByteBuffer, start: number, end: number): void {
  putVarint(out, end - start);
  for (let block = start; block < end; block += BLOCK) {
    const blockEnd = Math.min(block + BLOCK, end);
    give(from.bytes, block, blockEnd);
    putOutput(out, kernel().putBlock(blockEnd - block));
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
  for (let block = start; block < end; block += BLOCK) {
    const blockEnd = Math.min(block + BLOCK, end);
    reserve(out, LONGEST_TAG + blockEnd - block);
    out.length = setLiteral(out.bytes, out.length, from.bytes, block, blockEnd);
  }
}
