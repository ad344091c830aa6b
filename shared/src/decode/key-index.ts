import { STAGE_ROWS } from './byte-source';
import { mixA } from './hash-text';

/** Which keys an object has had so far, each with a hash of its row. */
export interface KeyIndex {
  /** Where the next `rows` rows, STAGE_ROWS at most, are to be put before they are added. */
  room(rows: number): Entries;
  /**
   * Takes the first `rows` rows of the room that was given last, save those that are `bad`. Where
   * a key came before, marks the row with a 1 in `bad` and tells of it: whether the rows are the
   * same, and the line on which the key came first.
   */
  add(
    rows: number,
    bad: Uint8Array,
    repeated: (row: number, same: boolean, firstLine: number) => void,
  ): void;
  /** Forgets all keys, and keeps memory for about as many. */
  clear(): void;
}

/**
 * Entries one behind another, from words[first] on: two words of a hash of the key, two of a hash
 * of the row, and the line.
 */
export interface Entries {
  words: Int32Array;
  first: number;
}

export const ENTRY_WORDS = 5;

const CHUNK_BITS = 12;
const CHUNK = 1 << CHUNK_BITS;
const LOAD = 0.82;
/** At most the memory of a million rows is kept for the next object. */
const MOST_KEPT_CHUNKS = 256;
const MOST_KEPT_SLOTS = 1 << 21;
/** And this of any. */
const LEAST_KEPT_CHUNKS = 16;
/** Small objects are many, and each has them cleared. */
const FIRST_SLOTS = 1 << 12;
/** Up to there they grow in large steps, as moving keys takes longer than memory costs. */
const LARGE_STEPS = 1 << 18;
const NO_WORDS = new Int32Array(0);

/**
 * Keeps 64 bits of hash of the key, 64 of the row and the line: 25 to 30 bytes a row beyond the
 * first 200,000 rows, and 35 in the moment in which the index doubles.
 *
 * A row's hash has 32 bits of its key too, of another hash. A row would be lost as a duplicate that
 * it is not, if two rows agreed in all that, 96 bits even if nothing but the key differs: for ten
 * million rows that has a probability of 10^14 / 2^97, below 10^-15. A row would be rejected for a
 * key that is not the same, if two keys agreed in their 64 bits: 10^14 / 2^65, below 10^-5.
 */
export function createKeyIndex(): KeyIndex {
  // The rows in order, so that growing does not move them: key, key, row, row, line.
  const chunks: Int32Array[] = [];
  // Open addressing, by a hash of the key: the number of a row plus one, 0 where empty, and above it
  // bits of its key, so that other rows are mostly passed over without a look at them.
  let slots = new Int32Array(FIRST_SLOTS);
  let size = 0;
  const places = new Int32Array(STAGE_ROWS);
  const met = new Int32Array(STAGE_ROWS);
  const given: Entries = { words: NO_WORDS, first: 0 };

  function grow(): void {
    const before = slots;
    slots = new Int32Array(before.length * (before.length < LARGE_STEPS ? 8 : 2));
    const mask = slots.length - 1;
    for (let i = 0; i < before.length; i++) {
      const slot = before[i]!;
      if (slot === 0) continue;
      const entry = (slot & (before.length - 1)) - 1;
      const words = chunks[entry >>> CHUNK_BITS]!;
      const at = (entry & (CHUNK - 1)) * ENTRY_WORDS;
      const keyB = words[at + 1]!;
      let place = mixA(words[at]!, keyB) & mask;
      while (slots[place] !== 0) place = (place + 1) & mask;
      slots[place] = (keyB & ~mask) | (entry + 1);
    }
  }

  return {
    room(rows) {
      // Entries that are added together stand in one chunk.
      if ((size & (CHUNK - 1)) + rows > CHUNK) size = (size | (CHUNK - 1)) + 1;
      given.words = chunks[size >>> CHUNK_BITS] ??= new Int32Array(CHUNK * ENTRY_WORDS);
      given.first = (size & (CHUNK - 1)) * ENTRY_WORDS;
      return given;
    },
    add(rows, bad, repeated) {
      while (size + rows > slots.length * LOAD) grow();
      const { words, first } = given;
      const mask = slots.length - 1;
      // Looking at all places first, with nothing to decide in between, lets the processor fetch
      // many of them at once.
      for (let row = 0, at = first; row < rows; row++, at += ENTRY_WORDS) {
        const place = mixA(words[at]!, words[at + 1]!) & mask;
        places[row] = place;
        met[row] = slots[place]!;
      }
      for (let row = 0, at = first; row < rows; row++, at += ENTRY_WORDS) {
        if (bad[row] === 1) continue;
        const keyB = words[at + 1]!;
        const tag = keyB & ~mask;
        let slot = places[row]!;
        let entry = met[row]!;
        // What was met may be of before this loop: only that there was something is sure.
        if (entry === 0) entry = slots[slot]!;
        for (; entry !== 0; slot = (slot + 1) & mask, entry = slots[slot]!) {
          if ((entry & ~mask) !== tag) continue;
          const other = (entry & mask) - 1;
          const otherWords = chunks[other >>> CHUNK_BITS]!;
          const otherAt = (other & (CHUNK - 1)) * ENTRY_WORDS;
          if (otherWords[otherAt] !== words[at] || otherWords[otherAt + 1] !== keyB) continue;
          const same =
            otherWords[otherAt + 2] === words[at + 2] && otherWords[otherAt + 3] === words[at + 3];
          bad[row] = 1;
          repeated(row, same, otherWords[otherAt + 4]! >>> 0);
          break;
        }
        if (entry === 0) slots[slot] = tag | (size + row + 1);
      }
      size += rows;
    },
    clear() {
      // As much as this object had use for.
      const used = Math.max(Math.ceil(size / CHUNK), LEAST_KEPT_CHUNKS);
      chunks.length = Math.min(chunks.length, used, MOST_KEPT_CHUNKS);
      const tooLarge = slots.length > MOST_KEPT_SLOTS || size * 8 < slots.length;
      if (slots.length > FIRST_SLOTS && tooLarge) slots = new Int32Array(FIRST_SLOTS);
      else slots.fill(0);
      size = 0;
    },
  };
}
