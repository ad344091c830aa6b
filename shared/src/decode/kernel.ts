import { memory, type Arena } from './arena';
import { createKernel, type KernelHost } from './kernel-module';

/** What a reader returns in place of a position where the text is not as simple as it expects. */
export const MISS = -1;

/** Reads what the kernel does not. Both are as the kernel's own readers. */
export interface HostedReader {
  /** @returns the position behind the value, or MISS. */
  read(at: number, row: number): number;
  /** Called where the record has no such member. */
  absent(row: number): void;
}

/** What the kernel asks about the texts of a column. */
export interface HostedColumn {
  keepsRules(start: number, length: number): boolean;
  /** Makes room in the dictionary for one more text, of so many bytes. */
  makeRoom(length: number): void;
}

const readers = createRegistry<HostedReader>();
const columns = createRegistry<HostedColumn>();

/** What answers any instance of the kernel. */
export const host: KernelHost = {
  readValue: (reader, at, row) => readers.get(reader).read(at, row),
  noValue: (reader, row) => readers.get(reader).absent(row),
  keepsRules: (column, start, length) => columns.get(column).keepsRules(start, length),
  makeRoom: (column, length) => columns.get(column).makeRoom(length),
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
