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
  take(count: number): Utf8Values;
}

/** Beyond, a native copy is faster than a loop. */
const LONG = 64;

/** `first` are texts to begin with. */
export function createTextBytes(first?: Utf8Values): TextBytes {
  let bytes = Buffer.alloc(first ? first.bytes.length * 2 + 4096 : 4096);
  let offsets = new Uint32Array(capacityFor(first ? first.offsets.length : 1));
  if (first) {
    bytes.set(first.bytes);
    offsets.set(first.offsets);
  }
  let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

  function reserve(needed: number, count: number): void {
    if (needed > bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, bytes.length * 2));
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
          // Up to three bytes too many, which the next text or nobody overwrites.
          for (let j = 0; j < length; j += 4) {
            into.setInt32(to + j, from.getInt32(first + j, true), true);
          }
        }
        to += length;
        ends[size + i + 1] = to;
      }
    },
    take: (count) => ({ bytes: bytes.subarray(0, offsets[count]), offsets }),
  };
}
