import { createArena } from './arena';
import { PIECE_BYTES, STAGE_ROWS, source } from './byte-source';
import { kernel } from './kernel';

/** In place of the number of a text where there is none. */
export const NO_TEXT = 0xffffffff;

/** Texts in the kernel's memory: text i stands from base + starts[i] to base + ends[i]. */
export interface TextRanges {
  base: number;
  starts: Uint32Array | Int32Array;
  ends: Uint32Array | Int32Array;
}

// Where the kernel puts texts one behind another, to be copied at once from there.
const arena = createArena();
/** The kernel copies by sixteen bytes. */
const PADDING = 16;
const packed = arena.bytes(PIECE_BYTES + PADDING);
const numbers = arena.uint32s(STAGE_ROWS);
const packedEnds = arena.uint32s(STAGE_ROWS);

/** How many bytes the texts of these numbers have. Behind NO_TEXT there is none. */
export function lengthOf(
  { starts, ends }: TextRanges,
  rows: Uint32Array | Int32Array,
  count: number,
): number {
  let length = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    if (row !== NO_TEXT) length += ends[row]! - starts[row]!;
  }
  return length;
}

/**
 * Copies the texts of the first `count` numbers in `rows` one behind another, behind the first
 * offsets[first] bytes of `into`, where there must be room; and puts the end of each behind
 * offsets[first].
 */
export function packTexts(
  { base, starts, ends }: TextRanges,
  rows: Uint32Array | Int32Array,
  count: number,
  into: Buffer,
  offsets: Uint32Array,
  first: number,
): void {
  for (let done = 0; done < count;) {
    const some = Math.min(count - done, STAGE_ROWS);
    const to = offsets[first + done]!;
    numbers.set(rows.subarray(done, done + some));
    const copied = kernel.packTexts(
      base,
      starts.byteOffset,
      ends.byteOffset,
      numbers.byteOffset,
      some,
      packed.byteOffset,
      PIECE_BYTES,
      packedEnds.byteOffset,
      to,
    );
    if (copied > 0) {
      offsets.set(packedEnds.subarray(0, copied), first + done + 1);
      into.set(packed.subarray(0, packedEnds[copied - 1]! - to), to);
      done += copied;
    } else {
      // A text for which there is not enough room.
      const row = rows[done]!;
      const length = source.bytes.copy(into, to, base + starts[row]!, base + ends[row]!);
      offsets[first + done + 1] = to + length;
      done++;
    }
  }
}
