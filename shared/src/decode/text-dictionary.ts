import type { Utf8Values } from '../parquet/column-batch';
import { SEEDS, copyText, mixA, sameBytes, textHash } from './byte-source';

/** In place of a code where there is no text. */
export const NO_TEXT = 0xffffffff;

/** Distinct texts. */
export interface TextDictionary {
  size: number;
  capacity: number;
  bytes: Buffer;
  view: DataView;
  /** Text i is bytes[offsets[i]] … bytes[offsets[i + 1]]. */
  offsets: Uint32Array;
  /** Three words of a hash of each text. */
  hashes: Int32Array;
  /**
   * Texts of more than SHORT bytes, by the first word of their hash, to be told apart by their
   * bytes. Open addressing, a word a slot, so that many of them are in the caches: the code plus
   * one, 0 where empty, and above CODE_BITS a part of the hash. At most half full.
   */
  slots: Int32Array;
  /**
   * Texts of up to SHORT bytes, by these bytes themselves. Open addressing, four words a slot: the
   * bytes in two words, filled up with zeros, the code plus one or 0 where empty, and how many
   * bytes. At most half full.
   */
  shorts: Int32Array;
}

/** The text's closing quote is among the first eight bytes then. */
export const SHORT = 7;
const SHORT_WORDS = 4;

const FIRST_CAPACITY = 256;
/** A dictionary that grew larger is not kept for the next object. */
const KEPT_CAPACITY = 16_384;
/** More codes than a column has, before it gives its dictionary up. */
const CODE_BITS = 18;
const CODE = (1 << CODE_BITS) - 1;

export function createTextDictionary(): TextDictionary {
  const bytes = Buffer.alloc(4096);
  return {
    size: 0,
    bytes,
    view: viewOf(bytes),
    offsets: new Uint32Array(FIRST_CAPACITY + 1),
    capacity: FIRST_CAPACITY,
    hashes: new Int32Array(FIRST_CAPACITY * 3),
    slots: new Int32Array(FIRST_CAPACITY * 2),
    shorts: new Int32Array(FIRST_CAPACITY * 2 * SHORT_WORDS),
  };
}

/** An empty dictionary, in the memory of one that is not used any more where that fits. */
export function emptied(dictionary: TextDictionary | undefined): TextDictionary {
  if (!dictionary || dictionary.capacity > KEPT_CAPACITY) return createTextDictionary();
  dictionary.slots.fill(0);
  dictionary.shorts.fill(0);
  dictionary.size = 0;
  return dictionary;
}

/** The code of the longer text of that hash at `start`, or the slot for it, as -1 - slot. */
export function findText(
  dictionary: TextDictionary,
  hash: number,
  view: DataView,
  start: number,
  length: number,
): number {
  const { slots, offsets } = dictionary;
  const mask = slots.length - 1;
  for (let slot = placeOf(hash) & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[slot]!;
    if (entry === 0) return -1 - slot;
    if (((entry ^ hash) & ~CODE) !== 0) continue;
    const code = (entry & CODE) - 1;
    const at = offsets[code]!;
    if (offsets[code + 1]! - at !== length) continue;
    if (sameBytes(dictionary.view, at, view, start, length)) return code;
  }
}

/** The code of the short text whose bytes are these two words, or the slot for it, as -1 - slot. */
export function findShort(
  { shorts }: TextDictionary,
  first: number,
  second: number,
  length: number,
): number {
  const mask = shorts.length - 1;
  const place = mixA(mixA(SEEDS.a, first), second);
  for (let slot = (place << 2) & mask; ; slot = (slot + SHORT_WORDS) & mask) {
    const entry = shorts[slot + 2]!;
    if (entry === 0) return -1 - slot;
    if (shorts[slot] === first && shorts[slot + 1] === second && shorts[slot + 3] === length) {
      return entry - 1;
    }
  }
}

/** Of other bits than those that a slot holds. */
function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 13;
}

/**
 * Adds a text that was not found, into the slot that findText or findShort gave; `textHash` has its
 * hash.
 */
export function addText(
  dictionary: TextDictionary,
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
  dictionary.hashes[code * 3] = textHash.a;
  dictionary.hashes[code * 3 + 1] = textHash.b;
  dictionary.hashes[code * 3 + 2] = textHash.c;
  if (end - start > SHORT) dictionary.slots[slot] = entryOf(textHash.a, code);
  else putShort(dictionary.shorts, slot, dictionary.view, at, end - start, code);
  if (dictionary.size === dictionary.capacity) grow(dictionary);
  return code;
}

function entryOf(hash: number, code: number): number {
  return (hash & ~CODE) | (code + 1);
}

function grow(dictionary: TextDictionary): void {
  const { size, offsets, hashes, view } = dictionary;
  dictionary.capacity = size * 2;
  dictionary.offsets = new Uint32Array(size * 2 + 1);
  dictionary.offsets.set(offsets);
  dictionary.hashes = new Int32Array(size * 6);
  dictionary.hashes.set(hashes);
  const slots = new Int32Array(size * 4);
  const shorts = new Int32Array(size * 4 * SHORT_WORDS);
  dictionary.slots = slots;
  dictionary.shorts = shorts;
  const mask = slots.length - 1;
  for (let code = 0; code < size; code++) {
    const at = offsets[code]!;
    const length = offsets[code + 1]! - at;
    if (length > SHORT) {
      const hash = hashes[code * 3]!;
      let slot = placeOf(hash) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entryOf(hash, code);
    } else {
      const [first, second] = [shortWord(view, at, length), shortWord(view, at + 4, length - 4)];
      putShort(shorts, -1 - findShort(dictionary, first, second, length), view, at, length, code);
    }
  }
}

function putShort(
  shorts: Int32Array,
  slot: number,
  view: DataView,
  at: number,
  length: number,
  code: number,
): void {
  shorts[slot] = shortWord(view, at, length);
  shorts[slot + 1] = shortWord(view, at + 4, length - 4);
  shorts[slot + 2] = code + 1;
  shorts[slot + 3] = length;
}

/** Four bytes, of which only so many count. */
export function shortWord(view: DataView, at: number, length: number): number {
  if (length <= 0) return 0;
  const word = view.getInt32(at, true);
  return length >= 4 ? word : word & ((1 << (length << 3)) - 1);
}

/** All texts of a dictionary, as views of it. */
export function allTexts({ bytes, offsets, size }: TextDictionary): Utf8Values {
  return { bytes, offsets: offsets.subarray(0, size + 1) };
}

/** The texts of these codes, one behind another. */
export function textsOf(
  { view, offsets }: TextDictionary,
  codes: Uint32Array,
  count: number,
): Utf8Values {
  let length = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    if (code !== NO_TEXT) length += offsets[code + 1]! - offsets[code]!;
  }
  const bytes = Buffer.allocUnsafeSlow(length + 8);
  const into = viewOf(bytes);
  const ends = new Uint32Array(count + 1);
  let end = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    if (code !== NO_TEXT) {
      const start = offsets[code]!;
      const size = offsets[code + 1]! - start;
      copyText(view, start, into, end, size);
      end += size;
    }
    ends[i + 1] = end;
  }
  return { bytes: bytes.subarray(0, length), offsets: ends };
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
