import type { Utf8Values } from '../parquet/column-batch';
import { createArena } from './arena';
import { PIECE_BYTES, STAGE_ROWS, source } from './byte-source';
import { kernel } from './kernel';
import { capacityFor } from './staged-column';

/** Texts one behind another, growing. */
export interface TextBytes {
  /** Appends, behind the first `size` texts, those of `rows[0]` … `rows[count - 1]`. */
  append(texts: StagedTexts, rows: Int32Array, count: number, size: number): void;
  /** Has only these texts now. */
  set(texts: Utf8Values): void;
  /** Views, good until the next append. */
  take(count: number): Utf8Values;
}

/** Ranges of bytes, and the address of the kernel's TextTarget that has them. */
export interface StagedTexts {
  target: number;
  starts: Int32Array;
  ends: Int32Array;
}

// Where the kernel puts texts one behind another, to be copied at once from there.
const scratch = createArena();
const SCRATCH_BYTES = PIECE_BYTES;
/** The kernel copies by sixteen bytes. */
const packed = scratch.bytes(SCRATCH_BYTES + 16);
const packedRows = scratch.int32s(STAGE_ROWS);
const packedEnds = scratch.uint32s(STAGE_ROWS);

export function createTextBytes(): TextBytes {
  let bytes = Buffer.alloc(0);
  let offsets = new Uint32Array(1);

  function reserve(needed: number, count: number): void {
    if (needed > bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, bytes.length * 2, 4096));
      bytes.copy(larger);
      bytes = larger;
    }
    if (count + 1 > offsets.length) {
      const larger = new Uint32Array(capacityFor(count + 1));
      larger.set(offsets);
      offsets = larger;
    }
  }

  return {
    append({ target, starts, ends }, rows, count, size) {
      let to = offsets[size]!;
      let length = 0;
      for (let i = 0; i < count; i++) length += ends[rows[i]!]! - starts[rows[i]!]!;
      reserve(to + length, size + count);
      if (length <= SCRATCH_BYTES) {
        packedRows.set(count === rows.length ? rows : rows.subarray(0, count));
        kernel.packTexts(
          target,
          packedRows.byteOffset,
          count,
          packed.byteOffset,
          packedEnds.byteOffset,
          to,
        );
        bytes.set(packed.subarray(0, length), to);
        offsets.set(packedEnds.subarray(0, count), size + 1);
        return;
      }
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        to += source.bytes.copy(bytes, to, starts[row], ends[row]);
        offsets[size + i + 1] = to;
      }
    },
    set(texts) {
      reserve(texts.bytes.length, texts.offsets.length - 1);
      bytes.set(texts.bytes);
      offsets.set(texts.offsets);
    },
    take: (count) => ({ bytes: bytes.subarray(0, offsets[count]), offsets }),
  };
}
