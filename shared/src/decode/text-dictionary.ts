import type { Utf8Values } from '../parquet/column-batch';
import { hashText, sameBytes, textHash } from './byte-source';

/** In place of a code where there is no text. */
export const NO_TEXT = 0xffffffff;

/** Distinct texts, found by a hash and told apart by their bytes. */
export interface TextDictionary {
  size: number;
  bytes: Buffer;
  view: DataView;
  /** Text i is bytes[offsets[i]] … bytes[offsets[i + 1]]. */
  offsets: Uint32Array;
  /** Three words of a better hash of each text, and none, one behind another. */
  words: Int32Array;
  /**
   * Open addressing, two words a slot: a code plus one, 0 where empty, and the hash. Never more
   * than half full.
   */
  slots: Int32Array;
  capacity: number;
}

const FIRST_CAPACITY = 256;
/** A dictionary that grew larger is not kept for the next object. */
const KEPT_CAPACITY = 16_384;

export function createTextDictionary(): TextDictionary {
  const bytes = Buffer.alloc(4096);
  return {
    size: 0,
    bytes,
    view: viewOf(bytes),
    offsets: new Uint32Array(FIRST_CAPACITY + 1),
    words: new Int32Array(FIRST_CAPACITY * 4),
    slots: new Int32Array(FIRST_CAPACITY * 4),
    capacity: FIRST_CAPACITY,
  };
}

/** An empty dictionary, in the memory of one that is not used any more where that fits. */
export function emptied(dictionary: TextDictionary | undefined): TextDictionary {
  if (!dictionary || dictionary.capacity > KEPT_CAPACITY) return createTextDictionary();
  dictionary.slots.fill(0);
  dictionary.size = 0;
  return dictionary;
}

/** The code of the text from `start` to `end`, or the slot for it, as -1 - slot. */
export function findText(
  dictionary: TextDictionary,
  hash: number,
  view: DataView,
  start: number,
  length: number,
): number {
  const { slots } = dictionary;
  const mask = slots.length - 1;
  for (let slot = slotOf(hash) & mask; ; slot = (slot + 2) & mask) {
    const code = slots[slot]! - 1;
    if (code < 0) return -1 - slot;
    if (slots[slot + 1] !== hash) continue;
    const { offsets } = dictionary;
    const at = offsets[code]!;
    if (offsets[code + 1]! - at !== length) continue;
    if (sameBytes(dictionary.view, at, view, start, length)) return code;
  }
}

/** An even number: hashes differ most in their upper bits. */
function slotOf(hash: number): number {
  return (hash ^ (hash >>> 16)) << 1;
}

/** Adds a text that findText did not find, into the slot that it gave. */
export function addText(
  dictionary: TextDictionary,
  hash: number,
  source: Buffer,
  start: number,
  end: number,
  slot: number,
): number {
  const code = dictionary.size++;
  const at = dictionary.offsets[code]!;
  const behind = at + end - start;
  if (behind + 8 > dictionary.bytes.length) {
    const larger = Buffer.alloc(Math.max(dictionary.bytes.length * 2, behind + 8));
    dictionary.bytes.copy(larger, 0, 0, at);
    dictionary.bytes = larger;
    dictionary.view = viewOf(larger);
  }
  source.copy(dictionary.bytes, at, start, end);
  dictionary.offsets[code + 1] = behind;
  dictionary.slots[slot] = code + 1;
  dictionary.slots[slot + 1] = hash;
  hashText(dictionary.view, at, behind);
  dictionary.words[code * 4] = textHash.a;
  dictionary.words[code * 4 + 1] = textHash.b;
  dictionary.words[code * 4 + 2] = textHash.c;
  if (dictionary.size === dictionary.capacity) grow(dictionary);
  return code;
}

function grow(dictionary: TextDictionary): void {
  const { offsets, words, slots } = dictionary;
  const capacity = dictionary.capacity * 2;
  dictionary.capacity = capacity;
  dictionary.offsets = new Uint32Array(capacity + 1);
  dictionary.offsets.set(offsets);
  dictionary.words = new Int32Array(capacity * 4);
  dictionary.words.set(words);
  const larger = new Int32Array(capacity * 4);
  const mask = larger.length - 1;
  for (let from = 0; from < slots.length; from += 2) {
    if (slots[from] === 0) continue;
    const hash = slots[from + 1]!;
    let slot = slotOf(hash) & mask;
    while (larger[slot] !== 0) slot = (slot + 2) & mask;
    larger[slot] = slots[from]!;
    larger[slot + 1] = hash;
  }
  dictionary.slots = larger;
}

/** All texts of a dictionary, as views of it. */
export function allTexts({ bytes, offsets, size }: TextDictionary): Utf8Values {
  return { bytes, offsets: offsets.subarray(0, size + 1) };
}

/** The texts of these codes, one behind another. */
export function textsOf(
  { bytes, offsets }: TextDictionary,
  codes: Uint32Array,
  count: number,
): Utf8Values {
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
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
