import { createMemory } from '../runtime/web-assembly';
import { FIRST_FREE_ADDRESS } from './kernel-module';

/**
 * The memory in which objects are decoded. It never grows, so that arrays over it stay good. Together
 * with the writer's it stays below 64 MiB: where arrays take more than that, V8 begins to collect
 * garbage, which takes longer than a small object does.
 */
const MEMORY_BYTES = 50 << 20;
export const memory = createMemory(MEMORY_BYTES);
const words = new Int32Array(memory.buffer);
const doubles = new Float64Array(memory.buffer);

/** Puts words one behind another, from an address on that is a multiple of four. */
export function putWords(address: number, values: readonly number[]): void {
  words.set(values, address >> 2);
}

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

/** What all blocks are multiples of. */
const GRAIN = 64;
/** Ranges that nobody has, by address; between two of them there is always a block. */
const unused = [{ start: FIRST_FREE_ADDRESS, end: MEMORY_BYTES }];

export function createArena(): Arena {
  /** The size of each block, by its address. */
  const blocks = new Map<number, number>();
  const calls: (() => void)[] = [];

  function allocate(bytes: number): number {
    const size = Math.max(GRAIN, Math.ceil(bytes / GRAIN) * GRAIN);
    const address = take(size);
    blocks.set(address, size);
    return address;
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
    struct(firstWords, lastDoubles = []) {
      const room = firstWords.length + (firstWords.length & 1);
      const address = allocate((room + lastDoubles.length * 2) * 4);
      putWords(address, firstWords);
      doubles.set(lastDoubles, (address + room * 4) >> 3);
      return address;
    },
    release() {
      for (const [address, size] of blocks) giveBack(address, size);
      blocks.clear();
      for (const call of calls) call();
    },
    whenReleased(call) {
      calls.push(call);
    },
  };
}

const shortCalls: (() => void)[] = [];

/** Has `call` called when there is not enough: it may release arenas that nobody uses now. */
export function whenShort(call: () => void): void {
  shortCalls.push(call);
}

function take(size: number): number {
  const range = firstWithRoom(size) ?? makeRoom(size);
  const { start } = range;
  range.start += size;
  if (range.start === range.end) unused.splice(unused.indexOf(range), 1);
  return start;
}

function firstWithRoom(size: number) {
  return unused.find(({ start, end }) => end - start >= size);
}

function makeRoom(size: number) {
  for (const call of shortCalls) call();
  const range = firstWithRoom(size);
  if (range) return range;
  throw new RangeError(
    `${MEMORY_BYTES >> 20} MiB are not enough for the objects that are decoded at the same time`,
  );
}

function giveBack(address: number, size: number): void {
  // Here and not when it is taken: new memory has zeros, and is not touched for them.
  new Uint8Array(memory.buffer, address, size).fill(0);
  const behind = unused.findIndex(({ start }) => start > address);
  const at = behind < 0 ? unused.length : behind;
  const [before, after] = [unused[at - 1], unused[at]];
  const start = before?.end === address ? before.start : address;
  const end = after?.start === address + size ? after.end : address + size;
  const first = start < address ? at - 1 : at;
  unused.splice(first, at - first + Number(end > address + size), { start, end });
}
