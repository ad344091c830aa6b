import { createMemory, MEMORY_PAGE_BYTES } from '../runtime/web-assembly';
import { createEntryLines } from './entry-lines';
import { host } from './kernel';
import { ENTRY_BYTES } from './kernel-code';
import { createKernel, FIRST_FREE_ADDRESS } from './kernel-module';
import { STAGE_ROWS } from './kernel-source';
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
  /** Whether it has had so many keys that its memory is not to be kept. */
  readonly isLarge: boolean;
  /** Forgets all keys, and keeps memory for about as many. */
  clear(): void;
}

const LOAD = 0.82;
const FIRST_SLOTS = 1 << 12;
/** Up to there they grow in large steps, as moving keys takes longer than memory costs. */
const LARGE_STEPS = 1 << 18;
/** No more than the memory of a million rows is kept for the next object. */
const MOST_KEPT_SLOTS = 1 << 21;

// The staged rows, what the kernel needs for itself, and what it says of repeated keys.
const STAGED = FIRST_FREE_ADDRESS;
const PLACES = STAGED + KEYED_ROWS_BYTES;
const REPEATED = PLACES + STAGE_ROWS * 8;
const SLOTS = FIRST_FREE_ADDRESS + MEMORY_PAGE_BYTES;

/**
 * Keeps 64 bits of hash of the key and 64 of the row: 21 to 26 bytes a row, with the slots, beyond
 * the first 200,000 rows. It has a memory of its own, which grows: the slots, which are filled anew then,
 * and behind them the entries in order, so that no memory is touched but what is needed.
 *
 * A row's hash has 64 bits of its key too, of another hash. A row would be lost as a duplicate that
 * it is not, if two rows agreed in all that, 128 bits: for ten million rows that has a probability of
 * 10^14 / 2^129, below 10^-24. A row would be rejected for a key that is not the same, if two keys
 * agreed in their 64 bits: 10^14 / 2^65, below 10^-5.
 */
export function createKeyIndex(): KeyIndex {
  let slotCount = 0;
  let size = 0;
  const memory = createMemory(SLOTS);
  const kernel = createKernel(memory, host);
  let copy: KeyedRows;
  const entryLines = createEntryLines();

  const capacity = (): number => Math.floor(slotCount * LOAD);
  const entriesAt = (): number => SLOTS + slotCount * 4;

  /** Makes room, which is empty but for the entries. */
  function resize(slots: number): void {
    const before = entriesAt();
    slotCount = slots;
    const pages = Math.ceil((entriesAt() + capacity() * ENTRY_BYTES) / MEMORY_PAGE_BYTES);
    const more = pages - memory.buffer.byteLength / MEMORY_PAGE_BYTES;
    if (more > 0) memory.grow(more);
    copy = createKeyedRows(memory.buffer, STAGED);
    const bytes = new Uint8Array(memory.buffer);
    bytes.copyWithin(entriesAt(), before, before + size * ENTRY_BYTES);
    bytes.fill(0, SLOTS, entriesAt());
    kernel.fillSlots(entriesAt(), size, SLOTS, slotCount - 1);
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
        entriesAt(),
        size,
        SLOTS,
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
    get isLarge() {
      return slotCount > MOST_KEPT_SLOTS;
    },
    clear() {
      const isMostlyEmpty = size * 8 < slotCount;
      size = 0;
      entryLines.clear();
      resize(isMostlyEmpty ? FIRST_SLOTS : slotCount);
    },
  };
}
