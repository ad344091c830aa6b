import type { Utf8Values } from './column-batch';
import { grown } from './grown';

/** Distinct UTF-8 strings, numbered in order of appearance. */
export interface Utf8Dictionary {
  /** The code of bytes[start] … bytes[end], which is added where it is new. */
  codeOf(bytes: Uint8Array, start: number, end: number): number;
  /** The distinct strings: a view that the next codeOf may change. */
  values(): Utf8Values;
}

const EMPTY = -1;

export function createUtf8Dictionary(): Utf8Dictionary {
  let bytes = new Uint8Array(1024);
  let offsets = new Uint32Array(65);
  let hashes = new Int32Array(64);
  let size = 0;
  // Open addressing, never more than half full; holds codes.
  let slots = new Int32Array(128).fill(EMPTY);

  function rehash(): void {
    slots = new Int32Array(slots.length * 2).fill(EMPTY);
    const mask = slots.length - 1;
    for (let code = 0; code < size; code++) {
      let slot = hashes[code]! & mask;
      while (slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      slots[slot] = code;
    }
  }

  return {
    codeOf(from, start, end) {
      const hash = hashOf(from, start, end);
      const mask = slots.length - 1;
      let slot = hash & mask;
      for (let code = slots[slot]!; code !== EMPTY; code = slots[slot]!) {
        if (
          hashes[code] === hash &&
          sameBytes(bytes, offsets[code]!, offsets[code + 1]!, from, start, end)
        ) {
          return code;
        }
        slot = (slot + 1) & mask;
      }
      const used = offsets[size]!;
      bytes = grown(bytes, used + end - start);
      offsets = grown(offsets, size + 2);
      hashes = grown(hashes, size + 1);
      for (let i = start, to = used; i < end; i++, to++) bytes[to] = from[i]!;
      offsets[size + 1] = used + end - start;
      hashes[size] = hash;
      slots[slot] = size++;
      if (size * 2 > slots.length) rehash();
      return size - 1;
    },
    values: () => ({ bytes, offsets: offsets.subarray(0, size + 1) }),
  };
}

/** Multiplies by the golden ratio of 2^32 at each byte, and folds the high bits down. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}

function sameBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = aStart, j = bStart; i < aEnd; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}
