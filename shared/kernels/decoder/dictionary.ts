import { firstBytes, sameBytes } from './bytes';
import { putTextHashes } from './hash';

/**
 * A slot, 16 bytes, of which the last is of no use to any but the text that is there: one look into
 * memory tells of a short text whether it is the one.
 */
@unmanaged
class Slot {
  /** The first eight bytes of the text, filled up with zeros. */
  head: u64;
  /** The code plus one, 0 where empty. */
  entry: u32;
  length: u32;
}

export const SLOT_BYTES: u32 = 16;

/** Distinct texts. */
@unmanaged
export class Dictionary {
  /** Open addressing, by the first hash. */
  slots: usize;
  /** The number of slots less one. */
  mask: u32;
  /** Text i is bytes[offsets[i]] … bytes[offsets[i + 1]]. */
  offsets: usize;
  bytes: usize;
  /** Two hashes of each text. */
  hashes: usize;

  /** The code of a text with these first eight bytes; or the slot for it, as -1 - slot. */
  @inline
  find(hash: u64, head: u64, start: usize, length: u32): i32 {
    const mask = this.mask;
    let place = (<u32>hash) & mask;
    let slot = this.slot(place);
    while (slot.entry != 0) {
      if (slot.head == head && slot.length == length) {
        const code = slot.entry - 1;
        if (length <= 8) return code;
        const known = this.bytes + load<u32>(this.offsets + (code << 2));
        if (sameBytes(known + 8, start + 8, length - 8)) return code;
      }
      place = (place + 1) & mask;
      slot = this.slot(place);
    }
    return -1 - place;
  }

  /** Enters a text under its code, where `find` has not found it. */
  enter(code: u32, place: u32): void {
    const offset = this.offsets + (code << 2);
    const from = load<u32>(offset);
    const length = load<u32>(offset, 4) - from;
    const slot = this.slot(place);
    slot.head = headOf(v128.load(this.bytes + from), length);
    slot.entry = code + 1;
    slot.length = length;
  }

  @inline
  slot(place: u32): Slot {
    return changetype<Slot>(this.slots + place * SLOT_BYTES);
  }
}

/** The first eight bytes of a text, of which the first sixteen are given, filled up with zeros. */
export function headOf(chunk: v128, length: i32): u64 {
  return v128.extract_lane<u64>(v128.and(chunk, firstBytes(min(length, 16))), 0);
}

/** Enters a new text under its code, at the slot that was given for it. */
export function enterText(dictionary: Dictionary, code: u32, place: u32): void {
  const offset = dictionary.offsets + (code << 2);
  const from = load<u32>(offset);
  const length = load<u32>(offset, 4) - from;
  putTextHashes(dictionary.bytes + from, length, dictionary.hashes + (code << 4));
  dictionary.enter(code, place);
}

/** Enters the first `size` texts into empty slots. */
export function fillDictionary(dictionary: Dictionary, size: u32): void {
  const mask = dictionary.mask;
  for (let code: u32 = 0; code < size; code++) {
    let place = (<u32>load<u64>(dictionary.hashes + (code << 4))) & mask;
    while (dictionary.slot(place).entry != 0) place = (place + 1) & mask;
    dictionary.enter(code, place);
  }
}
