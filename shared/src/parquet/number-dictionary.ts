import type { ValueRange } from './value-encoding';

/** Distinct numbers, and a code for each value. The next overwrites it. */
export interface NumberDictionary<A extends Int32Array | Float64Array> {
  /** And `base` more each. */
  codes: Int32Array;
  base: number;
  values: A;
}

/** A dictionary of more values is not looked up fast enough any more. */
export const LARGEST_NUMBER_DICTIONARY = 8192;

/** A narrower range is looked up in a table of all its numbers, three times as fast. */
const NEAR_RANGE = 1 << 18;

// Open addressing, at most half full: a slot holds a code, counted from 1, and its value.
const SLOT_BITS = 14;
const SLOTS = 1 << SLOT_BITS;

// Encoding never waits in between, so every column of every file can use the same. Each is made
// when it is first used: few columns want all.
let near: Uint16Array | undefined;
let slotCodes: Uint16Array | undefined;
let slotInts: Int32Array | undefined;
let slotDoubles: Float64Array | undefined;
let distinctDoubles: Float64Array | undefined;
// A group of four may add some too many.
const distinctInts = new Int32Array(LARGEST_NUMBER_DICTIONARY + 4);
let codes = new Int32Array(0);

/** All numbers of a range, which makes its values codes as they are. */
export function denseDictionary(
  values: Int32Array,
  { minimum, maximum }: ValueRange<number>,
): NumberDictionary<Int32Array> {
  const all = Int32Array.from({ length: maximum - minimum + 1 }, (_, i) => minimum + i);
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
    maximum - minimum < NEAR_RANGE
      ? lookUpNear((near ??= new Uint16Array(NEAR_RANGE)), values, minimum, count)
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
  distinctDoubles ??= new Float64Array(LARGEST_NUMBER_DICTIONARY);
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

let nearSize = 0;

/** `table` has a code, counted from 1, for each number from `base` on; it is left empty. */
function lookUpNear(
  table: Uint16Array,
  values: Int32Array,
  base: number,
  count: number,
): number | undefined {
  const into = codes;
  const whole = count & ~3;
  nearSize = 0;
  // Four at a time: the loop itself takes as long as what it does.
  for (let i = 0; i < whole && nearSize <= LARGEST_NUMBER_DICTIONARY; i += 4) {
    const a = (values[i]! - base) | 0;
    const b = (values[i + 1]! - base) | 0;
    const c = (values[i + 2]! - base) | 0;
    const d = (values[i + 3]! - base) | 0;
    into[i] = (table[a]! || addNear(table, a)) - 1;
    into[i + 1] = (table[b]! || addNear(table, b)) - 1;
    into[i + 2] = (table[c]! || addNear(table, c)) - 1;
    into[i + 3] = (table[d]! || addNear(table, d)) - 1;
  }
  for (let i = whole; i < count && nearSize <= LARGEST_NUMBER_DICTIONARY; i++) {
    const offset = (values[i]! - base) | 0;
    into[i] = (table[offset]! || addNear(table, offset)) - 1;
  }
  for (let i = 0; i < nearSize; i++) {
    table[distinctInts[i]!] = 0;
    distinctInts[i]! += base;
  }
  return nearSize <= LARGEST_NUMBER_DICTIONARY ? nearSize : undefined;
}

function addNear(table: Uint16Array, offset: number): number {
  distinctInts[nearSize++] = offset;
  table[offset] = nearSize;
  return nearSize;
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
      if (size === LARGEST_NUMBER_DICTIONARY) return undefined;
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
      if (size === LARGEST_NUMBER_DICTIONARY) return undefined;
      distinct[size] = slotValues[slot] = value;
      slots[slot] = ++size;
    }
    into[i] = slots[slot]! - 1;
  }
  return size;
}
