import type { Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { createArena } from './arena';
import { PIECE_BYTES } from './byte-source';
import { kernel } from './kernel';
import { STAGE_ROWS, source } from './kernel-source';

/** In place of the number of a text where there is none. */
export const NO_TEXT = 0xffffffff;

/** Which texts, of some. */
export type TextNumbers = Uint32Array | Int32Array;

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

/**
 * Copies the texts of the first `count` numbers in `rows` behind the first `size` texts of `into`, whose
 * arrays are replaced where they are too small.
 */
export function packTexts(
  { base, starts, ends }: TextRanges,
  rows: TextNumbers,
  count: number,
  into: Utf8Values,
  size: number,
): void {
  into.offsets = grown(into.offsets, size + count + 1);
  const { offsets } = into;
  for (let done = 0; done < count;) {
    const some = Math.min(count - done, STAGE_ROWS);
    const to = offsets[size + done]!;
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
      const end = packedEnds[copied - 1]!;
      into.bytes = grown(into.bytes, end);
      into.bytes.set(packed.subarray(0, end - to), to);
      offsets.set(packedEnds.subarray(0, copied), size + done + 1);
      done += copied;
    } else {
      const row = rows[done]!;
      offsets[size + done + 1] = copyLong(base + starts[row]!, base + ends[row]!, into, to);
      done++;
    }
  }
}

/** Copies a text for which the kernel has not enough room. @returns the end of the copy. */
function copyLong(start: number, end: number, into: Utf8Values, to: number): number {
  into.bytes = grown(into.bytes, to + end - start);
  into.bytes.set(source.bytes.subarray(start, end), to);
  return to + end - start;
}
