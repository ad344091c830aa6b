import { createMemory } from '../runtime/web-assembly';
import { FIRST_FREE_ADDRESS } from './kernel-module';

/**
 * The memory in which objects are decoded. It never grows, so that arrays over it stay good; what
 * was never used of it costs nothing.
 */
const MEMORY_BYTES = 128 << 20;
export const memory = createMemory(MEMORY_BYTES);

/** Memory of one owner, which is given back as a whole. Blocks have zeros in them at first. */
export interface Arena {
  /** @returns the address. @throws RangeError where there is not as much. */
  allocate(bytes: number): number;
  free(address: number): void;
  bytes(length: number): Uint8Array<ArrayBuffer>;
  int32s(length: number): Int32Array<ArrayBuffer>;
  uint32s(length: number): Uint32Array<ArrayBuffer>;
  doubles(length: number): Float64Array<ArrayBuffer>;
  /** Words as an @unmanaged class of the kernel has them, and behind them doubles. */
  struct(words: readonly number[], doubles?: readonly number[]): number;
  /** Gives all of it back, and calls what wants to know. */
  release(): void;
  whenReleased(call: () => void): void;
}

// Blocks are powers of two, so that one which was given back fits another owner.
const LEAST_BITS = 6;
const freed: number[][] = [];
let top = FIRST_FREE_ADDRESS;

export function createArena(): Arena {
  /** By its address, of which size each block is. */
  const blocks = new Map<number, number>();
  const calls: (() => void)[] = [];

  function allocate(bytes: number): number {
    const bits = Math.max(LEAST_BITS, 32 - Math.clz32(bytes - 1));
    const address = freed[bits]?.pop() ?? takeNew(2 ** bits);
    blocks.set(address, bits);
    return address;
  }

  function giveBack(address: number, bits: number): void {
    // Here and not when it is taken: new memory has zeros, and is not touched for them.
    new Uint8Array(memory.buffer, address, 2 ** bits).fill(0);
    (freed[bits] ??= []).push(address);
  }

  return {
    allocate,
    free(address) {
      giveBack(address, blocks.get(address)!);
      blocks.delete(address);
    },
    bytes: (length) => new Uint8Array(memory.buffer, allocate(length), length),
    int32s: (length) => new Int32Array(memory.buffer, allocate(length * 4), length),
    uint32s: (length) => new Uint32Array(memory.buffer, allocate(length * 4), length),
    doubles: (length) => new Float64Array(memory.buffer, allocate(length * 8), length),
    struct(words, doubles = []) {
      const room = words.length + (words.length & 1);
      const address = allocate((room + doubles.length * 2) * 4);
      new Int32Array(memory.buffer, address).set(words);
      new Float64Array(memory.buffer, address + room * 4, doubles.length).set(doubles);
      return address;
    },
    release() {
      for (const [address, bits] of blocks) giveBack(address, bits);
      blocks.clear();
      for (const call of calls) call();
    },
    whenReleased(call) {
      calls.push(call);
    },
  };
}

function takeNew(bytes: number): number {
  if (top + bytes > MEMORY_BYTES) {
    throw new RangeError(
      `${MEMORY_BYTES >> 20} MiB are not enough for the objects that are decoded at the same time`,
    );
  }
  const address = top;
  top += bytes;
  return address;
}
