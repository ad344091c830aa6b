import type { Utf8Values } from '../parquet/column-batch';
import { SEEDS, mixA, textHash } from './hash-text';
import { copyText, sameBytes } from './word-bytes';

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
   * Two words of each text of up to SHORT bytes: these bytes themselves, filled up with zeros. What
   * no such text has, for a longer one and one with a zero in it.
   */
  heads: Int32Array;
  /**
   * Open addressing, a word a slot, so that many of them are in the caches: the code plus one, 0
   * where empty, and above CODE_BITS a part of the hash that the text is found by. At most half full.
   */
  slots: Int32Array;
}

/** The text's closing quote is among the first eight bytes then. */
const SHORT = 7;
/** A second word that would be of eight bytes. */
const NO_HEAD = -1;

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
    heads: new Int32Array(FIRST_CAPACITY * 2),
  };
}

/** An empty dictionary, in the memory of one that is not used any more where that fits. */
export function emptied(dictionary: TextDictionary | undefined): TextDictionary {
  if (!dictionary || dictionary.capacity > KEPT_CAPACITY) return createTextDictionary();
  dictionary.slots.fill(0);
  dictionary.size = 0;
  return dictionary;
}

/** The code of the longer text of that hash at `start`; or the slot for it, as -1 - slot. */
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

/** The code of the short text whose bytes are these two words; or the slot for it, as -1 - slot. */
export function findShort({ slots, heads }: TextDictionary, first: number, second: number): number {
  const mask = slots.length - 1;
  const hash = hashHead(first, second);
  for (let slot = placeOf(hash) & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[slot]!;
    if (entry === 0) return -1 - slot;
    if (((entry ^ hash) & ~CODE) !== 0) continue;
    const code = (entry & CODE) - 1;
    if (heads[code * 2] === first && heads[code * 2 + 1] === second) return code;
  }
}

/** The code of any text, of which `textHash` has the hash; or the slot for it, as -1 - slot. */
export function findAny(
  dictionary: TextDictionary,
  view: DataView,
  start: number,
  length: number,
): number {
  return isShort(view, start, length)
    ? findShort(dictionary, wordOf(view, start, length), wordOf(view, start + 4, length - 4))
    : findText(dictionary, textHash.a, view, start, length);
}

/** With a zero in it a text could be taken for a shorter one. JSON has a zero in escaped form only. */
function isShort(view: DataView, start: number, length: number): boolean {
  if (length > SHORT) return false;
  for (let i = 0; i < length; i++) if (view.getUint8(start + i) === 0) return false;
  return true;
}

/** Four bytes, of which only so many count. */
function wordOf(view: DataView, at: number, length: number): number {
  if (length <= 0) return 0;
  const word = view.getInt32(at, true);
  return length >= 4 ? word : word & ((1 << (length << 3)) - 1);
}

/** The hash that a short text is found by. */
function hashHead(first: number, second: number): number {
  return mixA(mixA(SEEDS.a, first), second);
}

/** Of other bits than those that a slot holds. */
function placeOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 13;
}

/**
 * Adds a text that was not found, into the slot that was given for it; `textHash` has its hash.
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
  const { view, heads } = dictionary;
  const length = end - start;
  const short = isShort(view, at, length);
  heads[code * 2] = short ? wordOf(view, at, length) : 0;
  heads[code * 2 + 1] = short ? wordOf(view, at + 4, length - 4) : NO_HEAD;
  dictionary.slots[slot] = entryOf(hashOf(dictionary, code), code);
  if (dictionary.size === dictionary.capacity) grow(dictionary);
  return code;
}

/** The hash that a text is found by. */
function hashOf({ heads, hashes }: TextDictionary, code: number): number {
  const second = heads[code * 2 + 1]!;
  return second === NO_HEAD ? hashes[code * 3]! : hashHead(heads[code * 2]!, second);
}

function entryOf(hash: number, code: number): number {
  return (hash & ~CODE) | (code + 1);
}

function grow(dictionary: TextDictionary): void {
  const { size, offsets, hashes, heads } = dictionary;
  dictionary.capacity = size * 2;
  dictionary.offsets = new Uint32Array(size * 2 + 1);
  dictionary.offsets.set(offsets);
  dictionary.hashes = new Int32Array(size * 6);
  dictionary.hashes.set(hashes);
  dictionary.heads = new Int32Array(size * 4);
  dictionary.heads.set(heads);
  const slots = new Int32Array(size * 4);
  const mask = slots.length - 1;
  for (let code = 0; code < size; code++) {
    const hash = hashOf(dictionary, code);
    let slot = placeOf(hash) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = entryOf(hash, code);
  }
  dictionary.slots = slots;
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
