import { grown } from './grown';

/** Distinct numbers, and a code for each value. Views that the next dictionary overwrites. */
export interface NumberDictionary {
  codes: Uint32Array;
  /** In order of appearance. */
  values: Float64Array;
}

/** A dictionary of more values is not looked up fast enough any more. */
export const LARGEST_NUMBER_DICTIONARY = 8192;

// Open addressing, at most half full: a slot holds a code, counted from 1, and its value.
const SLOT_BITS = 14;
const SLOTS = 1 << SLOT_BITS;

// Encoding never waits in between, so every column of every file can use the same.
const slotCodes = new Uint16Array(SLOTS);
const slotValues = new Float64Array(SLOTS);
const distinct = new Float64Array(LARGEST_NUMBER_DICTIONARY);
let codes = new Uint32Array(0);

/** The dictionary of the first `count` values; undefined where it would be too large. */
export function numberDictionary(
  values: Int32Array | Float64Array,
  count: number,
): NumberDictionary | undefined {
  codes = grown(codes, count);
  slotCodes.fill(0);
  const size =
    values instanceof Int32Array
      ? lookUpInt32(values, codes, count)
      : lookUpDoubles(values, codes, count);
  return size === undefined ? undefined : { codes, values: distinct.subarray(0, size) };
}

// Two functions of the same text: each then sees one type of array, which is twice as fast.

function lookUpInt32(values: Int32Array, codes: Uint32Array, count: number): number | undefined {
  let size = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    let slot = Math.imul(value, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (slotCodes[slot] !== 0 && slotValues[slot] !== value) slot = (slot + 1) & (SLOTS - 1);
    if (slotCodes[slot] === 0) {
      if (size === LARGEST_NUMBER_DICTIONARY) return undefined;
      distinct[size] = slotValues[slot] = value;
      slotCodes[slot] = ++size;
    }
    codes[i] = slotCodes[slot]! - 1;
  }
  return size;
}

function lookUpDoubles(
  values: Float64Array,
  codes: Uint32Array,
  count: number,
): number | undefined {
  let size = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    let slot = Math.imul(value, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (slotCodes[slot] !== 0 && slotValues[slot] !== value) slot = (slot + 1) & (SLOTS - 1);
    if (slotCodes[slot] === 0) {
      if (size === LARGEST_NUMBER_DICTIONARY) return undefined;
      distinct[size] = slotValues[slot] = value;
      slotCodes[slot] = ++size;
    }
    codes[i] = slotCodes[slot]! - 1;
  }
  return size;
}
