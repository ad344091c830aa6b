import { STAGE_ROWS, mixA, type Hashes } from './byte-source';

/** Which keys an object has had so far, each with a hash of its row. */
export interface KeyIndex {
  /**
   * Notes the keys of the first `rows` staged rows, save those that are `bad`. Where a key came
   * before, marks the row with a 1 in `bad` and tells of it: whether the rows are the same, and
   * the line on which the key came first.
   */
  add(
    keys: Hashes,
    contents: Hashes,
    lines: Uint32Array,
    rows: number,
    bad: Uint8Array,
    repeated: (row: number, same: boolean, firstLine: number) => void,
  ): void;
  /** Forgets all keys, and keeps memory for about as many. */
  clear(): void;
}

const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;
const WORDS = 5;
const LOAD = 0.82;
/** At most the memory of a million rows is kept for the next object. */
const MOST_KEPT_CHUNKS = 256;
const MOST_KEPT_SLOTS = 1 << 21;
/** And this of any. */
const LEAST_KEPT_CHUNKS = 16;
/** Memory that is not touched costs nothing; moving keys does. */
const FIRST_SLOTS = 1 << 18;

/**
 * Keeps 64 bits of hash of the key, 64 of the row and the line: 26 to 32 bytes a row beyond the
 * first 200,000 rows, and 39 in the moment in which the index doubles.
 *
 * A row's hash has 32 bits of its key too, of another hash. A row would be lost as a duplicate that
 * it is not, if two rows agreed in all that, 96 bits even if nothing but the key differs: for ten
 * million rows that has a probability of 10^14 / 2^97, below 10^-15. A row would be rejected for a
 * key that is not the same, if two keys agreed in their 64 bits: 10^14 / 2^65, below 10^-5.
 */
export function createKeyIndex(): KeyIndex {
  // The rows in order, so that growing does not move them: key, key, row, row, line.
  const chunks: Int32Array[] = [];
  // Open addressing, by a hash of the key: the number of a row, and a byte of its key or 0 where
  // empty, so that other rows are mostly passed over without a look at them.
  let slots = new Uint32Array(FIRST_SLOTS);
  let tags = new Uint8Array(FIRST_SLOTS);
  let size = 0;
  const places = new Int32Array(STAGE_ROWS);
  const found = new Uint8Array(STAGE_ROWS);

  function grow(): void {
    slots = new Uint32Array(slots.length * 2);
    tags = new Uint8Array(slots.length);
    const mask = slots.length - 1;
    for (let entry = 0; entry < size; entry++) {
      const chunk = chunks[entry >>> CHUNK_BITS]!;
      const at = (entry & (CHUNK - 1)) * WORDS;
      let slot = mixA(chunk[at]!, chunk[at + 1]!) & mask;
      while (tags[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
      tags[slot] = tagOf(chunk[at + 1]!);
    }
  }

  return {
    add({ a: keyA, b: keyB }, { a: rowA, b: rowB }, lines, rows, bad, repeated) {
      while (size + rows > slots.length * LOAD) grow();
      const mask = slots.length - 1;
      let last = chunks[size >>> CHUNK_BITS];
      // Looking at all places first, with nothing to decide in between, lets the processor fetch
      // many of them at once.
      for (let row = 0; row < rows; row++) {
        const place = mixA(keyA[row]!, keyB[row]!) & mask;
        places[row] = place;
        found[row] = tags[place]!;
      }
      for (let row = 0; row < rows; row++) {
        if (bad[row] === 1) continue;
        const tag = tagOf(keyB[row]!);
        let slot = places[row]!;
        let first = -1;
        for (let other; (other = tags[slot]!) !== 0; slot = (slot + 1) & mask) {
          if (other !== tag) continue;
          const entry = slots[slot]!;
          const at = (entry & (CHUNK - 1)) * WORDS;
          const chunk = chunks[entry >>> CHUNK_BITS]!;
          if (chunk[at] !== keyA[row] || chunk[at + 1] !== keyB[row]) continue;
          first = entry;
          break;
        }
        if (first >= 0) {
          const chunk = chunks[first >>> CHUNK_BITS]!;
          const at = (first & (CHUNK - 1)) * WORDS;
          const same = chunk[at + 2] === rowA[row] && chunk[at + 3] === rowB[row];
          bad[row] = 1;
          repeated(row, same, chunk[at + 4]! >>> 0);
          continue;
        }
        const at = (size & (CHUNK - 1)) * WORDS;
        if (at === 0 || last === undefined) {
          last = chunks[size >>> CHUNK_BITS] ??= new Int32Array(CHUNK * WORDS);
        }
        const chunk = last;
        chunk[at] = keyA[row]!;
        chunk[at + 1] = keyB[row]!;
        chunk[at + 2] = rowA[row]!;
        chunk[at + 3] = rowB[row]!;
        chunk[at + 4] = lines[row]!;
        slots[slot] = size++;
        tags[slot] = tag;
      }
    },
    clear() {
      // As much as this object had use for.
      const used = Math.max(Math.ceil(size / CHUNK), LEAST_KEPT_CHUNKS);
      chunks.length = Math.min(chunks.length, used, MOST_KEPT_CHUNKS);
      const tooLarge = slots.length > MOST_KEPT_SLOTS || size * 8 < slots.length;
      if (slots.length > FIRST_SLOTS && tooLarge) {
        slots = new Uint32Array(FIRST_SLOTS);
        tags = new Uint8Array(FIRST_SLOTS);
      } else tags.fill(0);
      size = 0;
    },
  };
}

function tagOf(keyB: number): number {
  return (keyB >>> 24) | 1;
}
