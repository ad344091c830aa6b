import type { Utf8Values } from '../parquet/column-batch';
import { capacityFor } from './staged-column';

/** Texts one behind another, growing. */
export interface TextBytes {
  /** Appends, behind the first `size` texts, the ranges of `rows[0]` … `rows[count - 1]`. */
  append(
    source: { bytes: Buffer; view: DataView },
    ranges: { start: Int32Array; end: Int32Array },
    rows: Int32Array,
    count: number,
    size: number,
  ): void;
  /** Has only these texts now. */
  set(texts: Utf8Values): void;
  /** Views, good until the next append. */
  take(count: number): Utf8Values;
}

/** Beyond, a native copy is faster than a loop. */
const LONG = 64;

export function createTextBytes(): TextBytes {
  let bytes = Buffer.alloc(0);
  let offsets = new Uint32Array(1);
  let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

  function reserve(needed: number, count: number): void {
    if (needed > bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, bytes.length * 2, 4096));
      bytes.copy(larger);
      bytes = larger;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    if (count + 1 > offsets.length) {
      const larger = new Uint32Array(capacityFor(count + 1));
      larger.set(offsets);
      offsets = larger;
    }
  }

  return {
    append(source, { start, end }, rows, count, size) {
      let to = offsets[size]!;
      let needed = to + 8;
      for (let i = 0; i < count; i++) needed += end[rows[i]!]! - start[rows[i]!]!;
      reserve(needed, size + count);
      const from = source.view;
      const into = view;
      const ends = offsets;
      for (let i = 0; i < count; i++) {
        const row = rows[i]!;
        const first = start[row]!;
        const length = end[row]! - first;
        if (length > LONG) source.bytes.copy(bytes, to, first, first + length);
        else {
          // Up to seven bytes too many, which the next text or nobody overwrites. A double keeps
          // all bits but those of a NaN, which UTF-8 has none of: it needs f0 … ff before 7f or ff.
          for (let j = 0; j < length; j += 8) {
            into.setFloat64(to + j, from.getFloat64(first + j, true), true);
          }
        }
        to += length;
        ends[size + i + 1] = to;
      }
    },
    set(texts) {
      reserve(texts.bytes.length + 8, texts.offsets.length - 1);
      bytes.set(texts.bytes);
      offsets.set(texts.offsets);
    },
    take: (count) => ({ bytes: bytes.subarray(0, offsets[count]), offsets }),
  };
}
