import { memory, type Arena } from './arena';
import { createKernel, type KernelHost } from './kernel-module';

/** What a reader returns in place of a position where the text is not as simple as it expects. */
export const MISS = -1;

/**
 * Reads what the kernel does not: the value at `at`, which is MISS where the record has no such member.
 * @returns the position behind the value, or MISS.
 */
export type HostedReader = (at: number, row: number) => number;

/** Makes room for a new text of a column. @returns whether it keeps the column's rules. */
export type HostedColumn = (start: number, length: number) => boolean;

const readers = createRegistry<HostedReader>();
const columns = createRegistry<HostedColumn>();

/** What answers any instance of the kernel. */
export const host: KernelHost = {
  readValue: (reader, at, row) => readers.get(reader)(at, row),
  prepareText: (column, start, length) => columns.get(column)(start, length),
};

/** The kernel over the memory in which objects are decoded. */
export const kernel = createKernel(memory, host);

// Nobody can prepare texts that share both hashes. node:crypto would be no safer, as no seed is ever seen
// from outside, and takes longer to load than all of this.
kernel.seedHashes(Math.random(), Math.random());

/** The number by which the kernel knows the reader, until the arena is released. */
export const hostReader = readers.add;
/** The number by which the kernel knows the column, until the arena is released. */
export const hostColumn = columns.add;

function createRegistry<T>() {
  const entries: (T | undefined)[] = [];
  const free: number[] = [];
  return {
    get: (id: number): T => entries[id]!,
    add: (entry: T, arena: Arena): number => {
      const id = free.pop() ?? entries.length;
      entries[id] = entry;
      arena.whenReleased(() => {
        entries[id] = undefined;
        free.push(id);
      });
      return id;
    },
  };
}
