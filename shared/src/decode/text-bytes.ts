import type { Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { packTexts, type TextNumbers, type TextRanges } from './pack-texts';

/** Texts one behind another, growing. */
export interface TextBytes {
  /** Appends, behind the first `size` texts, those of `rows[0]` … `rows[count - 1]`. */
  append(texts: TextRanges, rows: TextNumbers, count: number, size: number): void;
  /** Has only these texts now, copied. */
  set(texts: Utf8Values): void;
  /** As of a ColumnBuffer. */
  reorder(places: Uint32Array): void;
  /** Views of the texts start … end, good until the next append. */
  take(start: number, end: number): Utf8Values;
}

export function createTextBytes(): TextBytes {
  let texts = noTexts();
  /** Of the same size, where they are put into another order. */
  let other = noTexts();

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
    reorder(places) {
      const count = places.length;
      const { bytes, offsets } = texts;
      if (other.bytes.length < bytes.length || other.offsets.length < offsets.length) {
        other = {
          bytes: new Uint8Array(bytes.length),
          offsets: new Uint32Array(offsets.length),
        };
      }
      const { bytes: into, offsets: ends } = other;
      for (let i = 0; i < count; i++) ends[places[i]! + 1] = offsets[i + 1]! - offsets[i]!;
      for (let i = 1; i <= count; i++) ends[i]! += ends[i - 1]!;
      const from = new DataView(bytes.buffer);
      const to = new DataView(into.buffer);
      for (let i = 0; i < count; i++)
        moveText(from, offsets[i]!, offsets[i + 1]!, to, ends[places[i]!]!);
      [texts, other] = [other, texts];
    },
    take: (start, end) => ({
      bytes: texts.bytes,
      offsets: texts.offsets.subarray(start, end + 1),
    }),
  };
}

function noTexts(): Utf8Values {
  return { bytes: new Uint8Array(0), offsets: new Uint32Array(1) };
}

/** Copies what stands there from `start` to `end`. */
function moveText(from: DataView, start: number, end: number, to: DataView, at: number): void {
  // Doubles are the fastest way to move eight bytes, and safe: a NaN, whose bits might not survive,
  // needs the bytes f0 … ff, 7f or ff next to each other, which UTF-8 never has.
  const last = end - 8;
  const shift = at - start;
  for (let i = start; i < last; i += 8) to.setFloat64(i + shift, from.getFloat64(i, true), true);
  if (last >= start) to.setFloat64(last + shift, from.getFloat64(last, true), true);
  else for (let i = start; i < end; i++) to.setUint8(i + shift, from.getUint8(i));
}
