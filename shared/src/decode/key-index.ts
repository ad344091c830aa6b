import { createMemory, MEMORY_PAGE_BYTES } from '../runtime/web-assembly';
import { STAGE_ROWS } from './byte-source';
import { createEntryLines } from './entry-lines';
import { host } from './kernel';
import { createKernel, FIRST_FREE_ADDRESS } from './kernel-module';
import { KEYED_ROWS_BYTES, createKeyedRows, type KeyedRows } from './row-hash';

/** Which keys an object has had so far, each with a hash of its row. */
export interface KeyIndex {
  /**
   * Takes the first `rows` rows, save those that are `bad`. Where a key came before, marks the row
   * with a 1 in `bad` and tells of it: whether the rows are the same, and the line on which the key
   * came first.
   */
  add(
    rows: number,
    staged: KeyedRows,
    repeated: (row: number, same: boolean, firstLine: number) => void,
  ): void;
  /** Forgets all keys, and keeps memory for about as many. */
  clear(): void;
}

const LOAD = 0.82;
const FIRST_SLOTS = 1 << 12;
/** Up to there they grow in large steps, as moving keys takes longer than memory costs. */
const LARGE_STEPS = 1 << 18;
/** At most the memory of a million rows is kept for the next object. */
const MOST_KEPT_SLOTS = 1 << 21;

// The staged rows, what the kernel needs for itself, and what it says of repeated keys.
const STAGED = FIRST_FREE_ADDRESS;
const PLACES = STAGED + KEYED_ROWS_BYTES;
const REPEATED = PLACES + STAGE_ROWS * 8;
const ENTRIES = FIRST_FREE_ADDRESS + MEMORY_PAGE_BYTES;

/**
 * Keeps 64 bits of hash of the key and 64 of the row: 21 to 26 bytes a row, with the slots, beyond
 * the first 200,000 rows. It has a memory of its own, which grows: the entries in order, and behind the
 * room that there is for them the slots, which are filled anew when it grows.
 *
 * A row's hash has 64 bits of its key too, of another hash. A row would be lost as a duplicate that
 * it is not, if two rows agreed in all that, 128 bits: for ten million rows that has a probability of
 * 10^14 / 2^129, below 10^-24. A row would be rejected for a key that is not the same, if two keys
 * agreed in their 64 bits: 10^14 / 2^65, below 10^-5.
 */
export function createKeyIndex(): KeyIndex {
  let slotCount = 0;
  let size = 0;
  let memory = createMemory(ENTRIES);
  let kernel = createKernel(memory, host);
  let copy = createKeyedRows(memory.buffer, STAGED);
  const entryLines = createEntryLines();
  const entryBytes = kernel.ENTRY_BYTES.value;

  const capacity = (): number => Math.floor(slotCount * LOAD);
  const slotsAt = (): number => ENTRIES + capacity() * entryBytes;

  /** Makes room, which is empty but for the entries. */
  function resize(slots: number): void {
    slotCount = slots;
    const pages = Math.ceil((slotsAt() + slotCount * 4) / MEMORY_PAGE_BYTES);
    const more = pages - memory.buffer.byteLength / MEMORY_PAGE_BYTES;
    if (more > 0) memory.grow(more);
    copy = createKeyedRows(memory.buffer, STAGED);
    new Int32Array(memory.buffer, slotsAt(), slotCount).fill(0);
    kernel.fillSlots(ENTRIES, size, slotsAt(), slotCount - 1);
  }

  /** Notes on which lines the rows stand that are not bad: those on one line after another at once. */
  function addLines(rows: number): void {
    const { lines, bad } = copy;
    for (let row = 0; row < rows;) {
      const behind = kernel.behindRun(lines.byteOffset, bad.byteOffset, row, rows);
      if (behind > row) entryLines.add(lines[row]!, behind - row);
      row = Math.max(behind, row + 1);
    }
  }

  resize(FIRST_SLOTS);

  return {
    add(rows, staged, repeated) {
      while (size + rows > capacity()) resize(slotCount * (slotCount < LARGE_STEPS ? 8 : 2));
      const { keys, whole, lines, bad } = copy;
      keys.set(staged.keys.subarray(0, rows * 2));
      whole.set(staged.whole.subarray(0, rows * 2));
      lines.set(staged.lines.subarray(0, rows));
      bad.set(staged.bad.subarray(0, rows));
      size = kernel.addKeys(
        ENTRIES,
        size,
        slotsAt(),
        slotCount - 1,
        rows,
        keys.byteOffset,
        whole.byteOffset,
        bad.byteOffset,
        PLACES,
        REPEATED,
      );
      const said = new Uint32Array(memory.buffer, REPEATED);
      const end = said[0]! * 3;
      for (let i = 1; i <= end; i += 3) staged.bad[said[i]!] = bad[said[i]!] = 1;
      addLines(rows);
      for (let i = 1; i <= end; i += 3) {
        repeated(said[i]!, said[i + 1] === 1, entryLines.lineOf(said[i + 2]!));
      }
    },
    clear() {
      const tooLarge = slotCount > MOST_KEPT_SLOTS || size * 8 < slotCount;
      size = 0;
      entryLines.clear();
      if (slotCount > MOST_KEPT_SLOTS) {
        memory = createMemory(ENTRIES);
        kernel = createKernel(memory, host);
      }
      resize(slotCount > FIRST_SLOTS && tooLarge ? FIRST_SLOTS : slotCount);
    },
  };
}
