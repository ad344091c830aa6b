import { compileModule, createMemory, instantiate, type Constant } from '../runtime/web-assembly';
import { putBytes, type ByteBuffer } from './byte-buffer';
import { KERNEL_CODE } from './kernel-code';

/**
 * The inner loops of the writer, as WebAssembly: see `shared/kernels/encoder` for what each function
 * does. It takes one page of values at a time, by `give`.
 */
interface Kernel {
  lookUp: (count: number, least: number, size: number) => number;
  forget: (size: number) => void;
  meetWords: (count: number, page: number) => void;
  findKeyRange: (size: number, page: number) => void;
  findWord: (start: number, size: number, page: number, key: number) => number;
  findRange: (count: number) => void;
  toOffsets: (count: number, base: number) => void;
  putHybrid: (count: number, width: number, base: number) => number;
  putDeltas: (count: number) => number;
  putWideDeltas: (count: number) => number;
  putBlock: (length: number) => number;
  putIds: (length: number, rows: number, at: number) => number;
}

/** Most values that the kernel takes at a time. */
export const MOST_VALUES = 1 << 14;
/** And most bytes of each. */
export const LONGEST_VALUE = 60;

// Encoding never waits in between, so every column of every file can use the same.
const memory = createMemory(6 << 20);
const instance = instantiate(compileModule(KERNEL_CODE), { env: { memory } });

export const kernel = instance as Kernel;

/** Addresses and limits, as shared/kernels/encoder/memory.ts tells of them. */
type ConstantName =
  | 'DISTINCT'
  | 'INPUT'
  | 'KEY_RANGE'
  | 'KEYS'
  | 'LAST_PAGES'
  | 'MOST_CODES'
  | 'MOST_DISTINCT'
  | 'MOST_WORDS'
  | 'OUTPUT'
  | 'RANGE';

const constant = (name: ConstantName): number =>
  (instance as Record<ConstantName, Constant>)[name].value;

const INPUT = constant('INPUT');
export const OUTPUT = constant('OUTPUT');
export const MOST_CODES = constant('MOST_CODES');
export const MOST_DISTINCT = constant('MOST_DISTINCT');
export const MOST_WORDS = constant('MOST_WORDS');

const inputBytes = new Uint8Array(memory.buffer, INPUT, MOST_VALUES * LONGEST_VALUE);
const inputInts = new Int32Array(memory.buffer, INPUT, MOST_VALUES);
const inputDoubles = new Float64Array(memory.buffer, INPUT, MOST_VALUES);

/** What the kernel leaves, and where it does. */
export const output: ByteBuffer = {
  bytes: new Uint8Array(memory.buffer, OUTPUT),
  view: new DataView(memory.buffer, OUTPUT),
  length: 0,
};
/** What the kernel leaves for each value that it is given. */
export const outputInts = new Int32Array(memory.buffer, OUTPUT, MOST_VALUES);
/** The least and the greatest value that the kernel was given. */
export const outputRange = new Int32Array(memory.buffer, constant('RANGE'), 2);
/** The numbers that have a code, less the least of the range. */
export const distinctOffsets = new Int32Array(memory.buffer, constant('DISTINCT'), MOST_DISTINCT);

/** Of each word of a dictionary the page, counted from 1, that met it last. */
export const lastPages = new Uint32Array(memory.buffer, constant('LAST_PAGES'), MOST_WORDS);
/** Of each word a number that orders it. */
export const wordKeys = new Float64Array(memory.buffer, constant('KEYS'), MOST_WORDS);
/** The least and the greatest key that was found. */
export const keyRange = new Float64Array(memory.buffer, constant('KEY_RANGE'), 2);

/**
 * Gives the kernel values start … end.
 * @throws RangeError where they are more than it takes.
 */
export function give(
  values: Uint8Array | Int32Array | Float64Array,
  start: number,
  end: number,
): void {
  const some = values.subarray(start, end);
  if (some instanceof Uint8Array) inputBytes.set(some);
  else if (some instanceof Int32Array) inputInts.set(some);
  else inputDoubles.set(some);
}

/** Writes what the kernel has left before the address `end`. */
export function putOutput(out: ByteBuffer, end: number): void {
  putBytes(out, output.bytes.subarray(0, end - OUTPUT));
}
