import { compileModule, createMemory, instantiate } from '../runtime/web-assembly';
import { putBytes, type ByteBuffer } from './byte-buffer';
import type { Utf8Values } from './column-batch';
import {
  DISTINCT,
  INPUT,
  KERNEL_CODE,
  LAST_PAGES,
  MOST_DISTINCT,
  MOST_WORDS,
  OFFSETS,
  OUTPUT,
  RANGE,
} from './kernel-code';

/**
 * The inner loops of the writer, as WebAssembly: see `shared/kernels/encoder` for what each function
 * does. It takes one page of values at a time, by `give`.
 */
interface Kernel {
  lookUpInts: (count: number, size: number) => number;
  lookUpDoubles: (count: number, size: number) => number;
  meetWords: (count: number, page: number) => void;
  renumberWords: (count: number, size: number) => number;
  pickTexts: (count: number) => void;
  sameLength: (count: number) => number;
  putTexts: (count: number) => number;
  findTextRange: (count: number) => void;
  findWordRange: (count: number, first: number, page: number) => void;
  findRange: (count: number) => void;
  toOffsets: (count: number, base: number) => void;
  putHybrid: (count: number, width: number, base: number) => number;
  putDeltas: (count: number) => number;
  putWideDeltas: (count: number) => number;
  putBlock: (length: number) => number;
  putIds: (length: number, rows: number, at: number) => number;
}

/**
 * Elements start … end: the array itself where these are all. Small arrays lie on the heap, and to
 * look at one through a view moves it out, which takes longer than to encode it.
 */
function part<A extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  array: A,
  start: number,
  end: number,
): A {
  return start === 0 && end === array.length ? array : (array.subarray(start, end) as A);
}

/** Most values that the kernel takes at a time. */
export const MOST_VALUES = 1 << 14;
/** And most bytes of each. */
export const LONGEST_VALUE = 60;
/** Most bytes of texts that the kernel takes at a time. */
export const MOST_TEXT_BYTES = MOST_VALUES * LONGEST_VALUE;

// Encoding never waits in between, so every column of every file can use the same.
const memory = createMemory(4 << 20);

let instance: Kernel | undefined;

/** Compiled by the first who asks for it: a file of a few rows needs none. */
export function kernel(): Kernel {
  return (instance ??= instantiate(compileModule(KERNEL_CODE), { env: { memory } }) as Kernel);
}

const inputBytes = new Uint8Array(memory.buffer, INPUT, MOST_TEXT_BYTES);
const inputInts = new Int32Array(memory.buffer, INPUT, MOST_VALUES);
const inputUints = new Uint32Array(memory.buffer, INPUT, MOST_VALUES);
const inputOffsets = new Uint32Array(memory.buffer, OFFSETS, MOST_VALUES + 1);
const inputDoubles = new Float64Array(memory.buffer, INPUT, MOST_VALUES);

/** What the kernel leaves, and where it does. */
export const output: ByteBuffer = {
  bytes: new Uint8Array(memory.buffer, OUTPUT),
  view: new DataView(memory.buffer, OUTPUT),
  length: 0,
};
/** What the kernel leaves for each value that it is given. */
export const outputInts = new Int32Array(memory.buffer, OUTPUT, MOST_VALUES);
/** The least and the greatest value that the kernel was given; of texts, which they are. */
export const outputRange = new Int32Array(memory.buffer, RANGE, 2);
/** The numbers that have a code, by it. */
export const distinctInts = new Int32Array(memory.buffer, DISTINCT, MOST_DISTINCT);
export const distinctDoubles = new Float64Array(memory.buffer, DISTINCT, MOST_DISTINCT);

/** Which texts the kernel is to pick, and where each of them ends then. */
export const pickedTexts = new Uint32Array(memory.buffer, DISTINCT, MOST_VALUES);
export const pickedEnds = new Uint32Array(memory.buffer, LAST_PAGES, MOST_VALUES);

/** Of each word of a dictionary the page, counted from 1, that met it last. */
export const lastPages = new Uint32Array(memory.buffer, LAST_PAGES, MOST_WORDS);

/** Words that the kernel has numbered anew, in that order. */
export const newWords = inputOffsets;

/**
 * Gives the kernel values start … end.
 * @throws RangeError where they are more than it takes.
 */
export function give(
  values: Uint8Array | Int32Array | Uint32Array | Float64Array,
  start: number,
  end: number,
): void {
  const some = part(values, start, end);
  if (some instanceof Uint8Array) inputBytes.set(some);
  else if (some instanceof Float64Array) inputDoubles.set(some);
  else if (some instanceof Int32Array) inputInts.set(some);
  else inputUints.set(some);
}

/**
 * Gives the kernel as many of the texts start … end as it takes, but at least one: where that alone
 * is too long, its beginning.
 * @returns how many.
 */
export function giveTexts({ bytes, offsets }: Utf8Values, start: number, end: number): number {
  const from = offsets[start]!;
  let to = Math.min(end, start + MOST_VALUES);
  while (offsets[to]! - from > MOST_TEXT_BYTES && to > start + 1) to--;
  const stop = Math.min(offsets[to]!, from + MOST_TEXT_BYTES);
  inputBytes.set(part(bytes, from, stop));
  inputOffsets.set(part(offsets, start, to + 1));
  inputOffsets[to - start] = stop;
  return to - start;
}

/** The bytes that each of the strings start … end has; undefined where that differs, or there are none. */
export function commonLength(
  { offsets }: Utf8Values,
  start: number,
  end: number,
): number | undefined {
  let common: number | undefined;
  for (let from = start; from < end; from += MOST_VALUES) {
    const to = Math.min(end, from + MOST_VALUES);
    inputOffsets.set(part(offsets, from, to + 1));
    const length = kernel().sameLength(to - from);
    if (length < 0 || (common !== undefined && length !== common)) return undefined;
    common = length;
  }
  return common;
}

/** Writes what the kernel has left before the address `end`. */
export function putOutput(out: ByteBuffer, end: number): void {
  putBytes(out, output.bytes.subarray(0, end - OUTPUT));
}
