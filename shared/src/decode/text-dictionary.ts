import { sameBytes, type ByteSource } from './byte-source';
import type { Utf8Values } from '../parquet/column-batch';

/** In place of a code where there is no text. */
export const NO_TEXT = 0xffffffff;

/** Distinct texts, found by a hash and told apart by their bytes. */
export interface TextDictionary {
  readonly size: number;
  /** The code of the text from `start` to `end`, a new one where it was not there. */
  codeOf(hash: number, start: number, end: number): number;
  /** 1 where `breaksRule` said so of the entry when it was new. */
  readonly bad: Uint8Array;
  /** The texts of these codes, one behind another. */
  textsOf(codes: Uint32Array, count: number): Utf8Values;
}

export function createTextDictionary(
  source: ByteSource,
  breaksRule: (start: number, end: number) => boolean,
): TextDictionary {
  let bytes = Buffer.alloc(4096);
  let view = viewOf(bytes);
  let capacity = 256;
  let offsets = new Uint32Array(capacity + 1);
  let hashes = new Int32Array(capacity);
  let bad = new Uint8Array(capacity);
  // Open addressing: a code plus one, 0 where empty. Never more than half full.
  let slots = new Uint32Array(capacity * 2);
  let size = 0;

  function add(hash: number, start: number, end: number): void {
    if (size === capacity) grow();
    const at = offsets[size]!;
    if (at + (end - start) + 8 > bytes.length) {
      const larger = Buffer.alloc(Math.max(bytes.length * 2, at + (end - start) + 8));
      bytes.copy(larger, 0, 0, at);
      bytes = larger;
      view = viewOf(bytes);
    }
    source.bytes.copy(bytes, at, start, end);
    offsets[size + 1] = at + (end - start);
    hashes[size] = hash;
    bad[size] = breaksRule(start, end) ? 1 : 0;
    size++;
  }

  function grow(): void {
    capacity *= 2;
    offsets = grownCopy(offsets, new Uint32Array(capacity + 1));
    hashes = grownCopy(hashes, new Int32Array(capacity));
    bad = grownCopy(bad, new Uint8Array(capacity));
    slots = new Uint32Array(capacity * 2);
    for (let code = 0; code < size; code++) {
      let slot = hashes[code]! & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = code + 1;
    }
  }

  return {
    get size() {
      return size;
    },
    get bad() {
      return bad;
    },
    codeOf(hash, start, end) {
      if (size === capacity) grow();
      const mask = slots.length - 1;
      const length = end - start;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const code = slots[slot]! - 1;
        if (code < 0) {
          slots[slot] = size + 1;
          add(hash, start, end);
          return size - 1;
        }
        if (hashes[code] !== hash) continue;
        const at = offsets[code]!;
        if (offsets[code + 1]! - at !== length) continue;
        if (sameBytes(view, at, source.view, start, length)) return code;
      }
    },
    textsOf(codes, count) {
      let length = 0;
      for (let i = 0; i < count; i++) {
        const code = codes[i]!;
        if (code !== NO_TEXT) length += offsets[code + 1]! - offsets[code]!;
      }
      const texts = { bytes: Buffer.allocUnsafe(length), offsets: new Uint32Array(count + 1) };
      let end = 0;
      for (let i = 0; i < count; i++) {
        const code = codes[i]!;
        if (code !== NO_TEXT) end += bytes.copy(texts.bytes, end, offsets[code], offsets[code + 1]);
        texts.offsets[i + 1] = end;
      }
      return texts;
    },
  };
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function grownCopy<A extends Uint8Array | Uint32Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
