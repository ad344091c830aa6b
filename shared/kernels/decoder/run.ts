import { MISS } from './bytes';
import { TextTarget } from './text';

/** What came behind a text last. */
@unmanaged
class Entry {
  /** The text's code plus one, and of which generation of codes it is. */
  text: u32;
  generation: u32;
  /** Of the bytes, which stand HEAD_BYTES behind the beginning of the entry. */
  length: i32;
  /** The codes in them. */
  codes: u32;
}

/** How many texts are remembered. */
const ENTRIES: u32 = 256;
const ENTRY_BYTES: u32 = 160;
const HEAD_BYTES: usize = 32;
/** And behind a Run's own words the room for them. */
const ENTRIES_OFFSET: usize = 16;
export const RUN_BYTES: u32 = <u32>ENTRIES_OFFSET + ENTRIES * ENTRY_BYTES;
const MOST_BYTES: i32 = 128;

const FIRST_CREDIT: i32 = 256;
const MOST_CREDIT: i32 = 1024;
/** Trying in vain costs more than a hit saves. */
const COST_OF_A_MISS: i32 = 2;

let generation: u32 = 1;

/** From now on the codes of dictionaries mean other texts. */
export function renewCodes(): void {
  generation++;
}

/**
 * Texts that mostly follow from the text before them, as the name and the category of a product from its
 * id. Where the bytes behind a text are those that came behind it last, all of them are read at once.
 */
@unmanaged
export class Run {
  /** How many fields follow: 0 where none do that could be read so. */
  fields: i32;
  /** How many misses are still put up with, until the next object. */
  credit: i32;

  /**
   * Takes the codes of the texts that follow, where the same bytes came behind this text last; `targets`
   * are theirs. @returns the position behind them, or MISS.
   */
  @inline
  recall(code: u32, targets: usize, at: i32, row: i32): i32 {
    const entry = this.entry(code);
    if (entry.text != code + 1 || entry.generation != generation) return MISS;
    const known = changetype<usize>(entry) + HEAD_BYTES;
    const last = entry.length - 16;
    for (let i = 0; i < last; i += 16) {
      if (v128.any_true(v128.xor(v128.load(known + i), v128.load(at + i)))) return MISS;
    }
    if (v128.any_true(v128.xor(v128.load(known + last), v128.load(at + last)))) return MISS;
    const fields = this.fields;
    for (let i = 0; i < fields; i++) {
      const next = load<u32>(changetype<usize>(entry) + (i << 2), offsetof<Entry>('codes'));
      store<u32>(this.codesOf(targets, i) + (row << 2), next);
    }
    if (this.credit < MOST_CREDIT) this.credit++;
    return at + last + 16;
  }

  /** Remembers what stands between `start` and `end`. */
  learn(code: u32, targets: usize, start: i32, end: i32, row: i32): void {
    this.credit -= COST_OF_A_MISS;
    const length = end - start;
    if (length < 16 || length > MOST_BYTES) return;
    const entry = this.entry(code);
    for (let i = 0; i < this.fields; i++) {
      // Without a dictionary a text has no code.
      if (!changetype<TextTarget>(load<usize>(targets + (i << 2))).dictionary) return;
      const next = load<u32>(this.codesOf(targets, i) + (row << 2));
      store<u32>(changetype<usize>(entry) + (i << 2), next, offsetof<Entry>('codes'));
    }
    memory.copy(changetype<usize>(entry) + HEAD_BYTES, start, length);
    entry.text = code + 1;
    entry.generation = generation;
    entry.length = length;
  }

  /** The next object is as good as any. */
  reset(): void {
    this.credit = FIRST_CREDIT;
  }

  @inline
  codesOf(targets: usize, i: i32): usize {
    return changetype<TextTarget>(load<usize>(targets + (i << 2))).codes;
  }

  @inline
  entry(code: u32): Entry {
    const entries = changetype<usize>(this) + ENTRIES_OFFSET;
    return changetype<Entry>(entries + (code & (ENTRIES - 1)) * ENTRY_BYTES);
  }
}
