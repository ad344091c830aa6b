import type { Utf8Values } from '../parquet/column-batch';
import { source } from './byte-source';
import { capacityFor } from './staged-column';
import { copyText } from './word-bytes';

/** Texts one behind another, growing. */
export interface TextBytes {
  /** Appends, behind the first `size` texts, the ranges of `rows[0]` … `rows[count - 1]`. */
  append(
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
    append({ start, end }, rows, count, size) {
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
        copyText(from, first, into, to, length);
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
