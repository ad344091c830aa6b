import { mixA } from './byte-source';

/** Which keys an object has had so far, each with a hash of its row. */
export interface KeyIndex {
  /**
   * Notes the row where its key is new.
   * @returns NEW; SAME where the key came before with the same row; or else the line on which the
   * key came first.
   */
  add(keyA: number, keyB: number, rowA: number, rowB: number, line: number): number;
}

export const NEW = 0;
export const SAME = -1;

const CHUNK_BITS = 12;
const WORDS = 5;
const CHUNK = 1 << CHUNK_BITS;
const LOAD = 0.82;

/**
 * Keeps 64 bits of hash of the key, 64 of the row and the line: 26 to 32 bytes a row, and 39 in
 * the moment in which the index doubles.
 *
 * A row would be lost as a duplicate that it is not, if two rows agreed in all 128 bits: for ten
 * million rows that has the probability 10^14 / 2^129, below 10^-24. A row would be rejected for a
 * key that is not the same, if two keys agreed in their 64 bits: 10^14 / 2^65, below 10^-5.
 */
export function createKeyIndex(): KeyIndex {
  // The rows in order, so that growing does not move them: key, key, row, row, line.
  const chunks: Int32Array[] = [];
  // Open addressing, by a hash of the key: the number of a row, and a byte of its key or 0 where
  // empty, so that other rows are mostly passed over without a look at them.
  let slots = new Uint32Array(1024);
  let tags = new Uint8Array(1024);
  let size = 0;

  function slotOf(keyA: number, keyB: number): number {
    return mixA(keyA, keyB) & (slots.length - 1);
  }

  function grow(): void {
    slots = new Uint32Array(slots.length * 2);
    tags = new Uint8Array(slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < size; entry++) {
      const chunk = chunks[entry >>> CHUNK_BITS]!;
      const at = (entry & (CHUNK - 1)) * WORDS;
      let slot = slotOf(chunk[at]!, chunk[at + 1]!);
      while (tags[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
      tags[slot] = tagOf(chunk[at + 1]!);
    }
  }

  return {
    add(keyA, keyB, rowA, rowB, line) {
      const mask = slots.length - 1;
      const tag = tagOf(keyB);
      let slot = slotOf(keyA, keyB);
      for (let found; (found = tags[slot]!) !== 0; slot = (slot + 1) & mask) {
        if (found !== tag) continue;
        const entry = slots[slot]!;
        const chunk = chunks[entry >>> CHUNK_BITS]!;
        const at = (entry & (CHUNK - 1)) * WORDS;
        if (chunk[at] !== keyA || chunk[at + 1] !== keyB) continue;
        return chunk[at + 2] === rowA && chunk[at + 3] === rowB ? SAME : chunk[at + 4]! >>> 0;
      }
      const at = (size & (CHUNK - 1)) * WORDS;
      if (at === 0) chunks.push(new Int32Array(CHUNK * WORDS));
      const chunk = chunks[size >>> CHUNK_BITS]!;
      chunk[at] = keyA;
      chunk[at + 1] = keyB;
      chunk[at + 2] = rowA;
      chunk[at + 3] = rowB;
      chunk[at + 4] = line;
      slots[slot] = size++;
      tags[slot] = tag;
      if (size > slots.length * LOAD) grow();
      return NEW;
    },
  };
}

function tagOf(keyB: number): number {
  return (keyB >>> 24) | 1;
}
