import type { Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { packTexts, type TextNumbers, type TextRanges } from './pack-texts';

/** Texts one behind another, growing. */
export interface TextBytes {
  /** Appends, behind the first `size` texts, those of `rows[0]` … `rows[count - 1]`. */
  append(texts: TextRanges, rows: TextNumbers, count: number, size: number): void;
  /** Has only these texts now, copied. */
  set(texts: Utf8Values): void;
  /** The first `size` texts, good until the next append. */
  take(size: number): Utf8Values;
}

export function createTextBytes(): TextBytes {
  const texts: Utf8Values = { bytes: new Uint8Array(0), offsets: new Uint32Array(1) };

  return {
    append(ranges, rows, count, size) {
      packTexts(ranges, rows, count, texts, size);
    },
    set({ bytes, offsets }) {
      const end = offsets.at(-1)!;
      texts.bytes = grown(texts.bytes, end);
      texts.bytes.set(bytes.subarray(0, end));
      texts.offsets = grown(texts.offsets, offsets.length);
      texts.offsets.set(offsets);
    },
    take: (size) => ({ bytes: texts.bytes, offsets: texts.offsets.subarray(0, size + 1) }),
  };
}
