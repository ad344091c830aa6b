import {
  distinctOffsets,
  give,
  kernel,
  MOST_CODES,
  MOST_DISTINCT,
  MOST_VALUES,
  outputInts,
} from './kernel';
import type { ValueRange } from './value-encoding';

/** Distinct numbers, and a code for each value. The next overwrites it. */
export interface NumberDictionary<A extends Int32Array | Float64Array> {
  /** And `base` more each. */
  codes: Int32Array;
  base: number;
  values: A;
}

// Open addressing, at most half full: a slot holds a code, counted from 1, and its value.
const SLOT_BITS = 14;
const SLOTS = 1 << SLOT_BITS;

// Encoding never waits in between, so every column of every file can use the same. Each is made
// when it is first used: few columns want all.
let slotCodes: Uint16Array | undefined;
let slotInts: Int32Array | undefined;
let slotDoubles: Float64Array | undefined;
let distinctDoubles: Float64Array | undefined;
const distinctInts = new Int32Array(MOST_DISTINCT);
let codes = new Int32Array(0);

/** All numbers of a range, which makes its values codes as they are. */
export function denseDictionary(
  values: Int32Array,
  { minimum, maximum }: ValueRange<number>,
): NumberDictionary<Int32Array> {
  const all = distinctInts.subarray(0, maximum - minimum + 1);
  for (let i = 0; i < all.length; i++) all[i] = minimum + i;
  return { codes: values, base: minimum, values: all };
}

/**
 * The dictionary of the first `count` values, in order of appearance; undefined where it would be
 * too large.
 */
export function int32Dictionary(
  values: Int32Array,
  count: number,
  { minimum, maximum }: ValueRange<number>,
): NumberDictionary<Int32Array> | undefined {
  if (codes.length < count) codes = new Int32Array(count);
  const size =
    maximum - minimum < MOST_CODES
      ? lookUpNear(values, minimum, count)
      : lookUpFar(emptySlots(), (slotInts ??= new Int32Array(SLOTS)), values, count);
  return size === undefined
    ? undefined
    : { codes, base: 0, values: distinctInts.subarray(0, size) };
}

/** The same of doubles. */
export function doubleDictionary(
  values: Float64Array,
  count: number,
): NumberDictionary<Float64Array> | undefined {
  if (codes.length < count) codes = new Int32Array(count);
  slotDoubles ??= new Float64Array(SLOTS);
  distinctDoubles ??= new Float64Array(MOST_DISTINCT);
  const size = lookUpDoubles(emptySlots(), slotDoubles, distinctDoubles, values, count);
  return size === undefined
    ? undefined
    : { codes, base: 0, values: distinctDoubles.subarray(0, size) };
}

function emptySlots(): Uint16Array {
  slotCodes ??= new Uint16Array(SLOTS);
  slotCodes.fill(0);
  return slotCodes;
}

/** Of values less than MOST_CODES above `least`. @returns how many are distinct, where not too many. */
function lookUpNear(values: Int32Array, least: number, count: number): number | undefined {
  let size = 0;
  for (let start = 0; start < count && size <= MOST_DISTINCT; start += MOST_VALUES) {
    const end = Math.min(start + MOST_VALUES, count);
    give(values, start, end);
    size = kernel.lookUp(end - start, least, size);
    codes.set(outputInts.subarray(0, end - start), start);
  }
  const found = Math.min(size, MOST_DISTINCT);
  for (let i = 0; i < found; i++) distinctInts[i] = least + distinctOffsets[i]!;
  kernel.forget(found);
  return size > MOST_DISTINCT ? undefined : size;
}

// Two functions of the same text: each then sees one type of array, which is twice as fast.

function lookUpFar(
  slots: Uint16Array,
  slotValues: Int32Array,
  values: Int32Array,
  count: number,
): number | undefined {
  const into = codes;
  let size = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    let slot = Math.imul(value, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (slots[slot] !== 0 && slotValues[slot] !== value) slot = (slot + 1) & (SLOTS - 1);
    if (slots[slot] === 0) {
      if (size === MOST_DISTINCT) return undefined;
      distinctInts[size] = slotValues[slot] = value;
      slots[slot] = ++size;
    }
    into[i] = slots[slot]! - 1;
  }
  return size;
}

function lookUpDoubles(
  slots: Uint16Array,
  slotValues: Float64Array,
  distinct: Float64Array,
  values: Float64Array,
  count: number,
): number | undefined {
  const into = codes;
  let size = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    let slot = Math.imul(value, 0x9e3779b1) >>> (32 - SLOT_BITS);
    while (slots[slot] !== 0 && slotValues[slot] !== value) slot = (slot + 1) & (SLOTS - 1);
    if (slots[slot] === 0) {
      if (size === MOST_DISTINCT) return undefined;
      distinct[size] = slotValues[slot] = value;
      slots[slot] = ++size;
    }
    into[i] = slots[slot]! - 1;
  }
  return size;
}
