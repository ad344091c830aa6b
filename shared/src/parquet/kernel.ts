import { compileModule, createMemory, instantiate } from '../runtime/web-assembly';
import { putBytes, type ByteBuffer } from './byte-buffer';
import { KERNEL_CODE } from './kernel-code';

/**
 * The inner loops of the writer, as WebAssembly: see `shared/kernel-encoder` for what each function
 * does. It takes one page of values at a time, by `give`.
 */
interface Kernel {
  findRange: (count: number) => void;
  toOffsets: (count: number, base: number) => void;
  putHybrid: (count: number, width: number, base: number) => number;
  putDeltas: (count: number) => number;
  putWideDeltas: (count: number) => number;
  putIds: (length: number, rows: number) => number;
}

interface Addresses {
  INPUT: { value: number };
  OUTPUT: { value: number };
  RANGE: { value: number };
}

/** Most values that the kernel takes at a time. */
export const MOST_VALUES = 1 << 14;
/** And most bytes of each. */
export const LONGEST_VALUE = 60;

// Encoding never waits in between, so every column of every file can use the same.
const memory = createMemory(2.25 * 2 ** 20);
export const kernel = instantiate(compileModule(KERNEL_CODE), { env: { memory } }) as Kernel;
const { INPUT, OUTPUT, RANGE } = kernel as unknown as Addresses;

const inputs = {
  bytes: new Uint8Array(memory.buffer, INPUT.value, MOST_VALUES * LONGEST_VALUE),
  int32s: new Int32Array(memory.buffer, INPUT.value, MOST_VALUES),
  doubles: new Float64Array(memory.buffer, INPUT.value, MOST_VALUES),
};
const output = new Uint8Array(memory.buffer, OUTPUT.value);

/** What the kernel has left for each value that it was given. */
export const outputInts = new Int32Array(memory.buffer, OUTPUT.value, MOST_VALUES);
/** The least and the greatest value that the kernel was given. */
export const outputRange = new Int32Array(memory.buffer, RANGE.value, 2);

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
  if (some instanceof Uint8Array) inputs.bytes.set(some);
  else if (some instanceof Int32Array) inputs.int32s.set(some);
  else inputs.doubles.set(some);
}

/** Writes what the kernel has left before the address `end`. */
export function putOutput(out: ByteBuffer, end: number): void {
  putBytes(out, output.subarray(0, end - OUTPUT.value));
}
