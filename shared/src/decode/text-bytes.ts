import type { Utf8Values } from '../parquet/column-batch';
import { lengthOf, packTexts, type TextRanges } from './pack-texts';
import { capacityFor } from './staged-column';

/** Texts one behind another, growing. */
export interface TextBytes {
  /** Appends, behind the first `size` texts, those of `rows[0]` … `rows[count - 1]`. */
  append(texts: TextRanges, rows: Int32Array, count: number, size: number): void;
  /** Has only these texts now. */
  set(texts: Utf8Values): void;
  /** Views, good until the next append. */
  take(count: number): Utf8Values;
}

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
    append(texts, rows, count, size) {
      reserve(offsets[size]! + lengthOf(texts, rows, count), size + count);
      packTexts(texts, rows, count, bytes, offsets, size);
    },
    set(texts) {
      reserve(texts.bytes.length, texts.offsets.length - 1);
      bytes.set(texts.bytes);
      offsets.set(texts.offsets);
    },
    take: (count) => ({ bytes: bytes.subarray(0, offsets[count]), offsets }),
  };
}
