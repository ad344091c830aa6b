import {
  compileModule,
  instantiate,
  MEMORY_PAGE_BYTES,
  type KernelMemory,
} from '../runtime/web-assembly';
import { KERNEL_CODE } from './kernel-code';

/**
 * The inner loops of the decoder, as WebAssembly: see `shared/kernels/decoder` for what each function does.
 * Positions are addresses in the memory of the instance.
 */
export interface Kernel {
  seedHashes: (a: number, b: number) => void;
  resetLayout: (layout: number) => void;
  renewCodes: () => void;
  readRecord: (layout: number, start: number, row: number) => number;
  readLines: (
    layout: number,
    rows: number,
    start: number,
    end: number,
    firstLine: number,
    rowsAtMost: number,
  ) => number;
  readInt: (target: number, at: number, row: number) => number;
  readDecimal: (target: number, at: number, row: number) => number;
  readDate: (target: number, at: number, row: number) => number;
  readTimestamp: (target: number, at: number, row: number) => number;
  takeText: (target: number, start: number, length: number, row: number) => void;
  clearText: (target: number, row: number) => void;
  fillBuckets: (dictionary: number) => void;
  packTexts: (
    base: number,
    starts: number,
    ends: number,
    numbers: number,
    count: number,
    into: number,
    room: number,
    packedEnds: number,
    first: number,
  ) => number;
  checkProduct: (
    totals: number,
    totalIsInt32: boolean,
    ones: number,
    oneIsInt32: boolean,
    others: number,
    otherIsInt32: boolean,
    rows: number,
    bad: number,
  ) => void;
  hoursOf: (millis: number, rows: number, into: number) => void;
  weekdaysOf: (days: number, rows: number, into: number) => void;
  isOneDay: (days: number, bad: number, rows: number) => number;
  recordBytes: (starts: number, ends: number, rows: number) => number;
  hashRows: (
    columns: number,
    behindColumns: number,
    rows: number,
    keys: number,
    whole: number,
  ) => void;
  addKeys: (
    entries: number,
    size: number,
    slots: number,
    mask: number,
    rows: number,
    keys: number,
    whole: number,
    bad: number,
    places: number,
    repeated: number,
  ) => number;
  behindRun: (lines: number, bad: number, row: number, rows: number) => number;
  fillSlots: (entries: number, size: number, slots: number, mask: number) => void;
}

/** What the kernel asks for: see `shared/kernels/decoder/host.ts`. */
export interface KernelHost {
  readValue(reader: number, at: number, row: number): number;
  prepareText(column: number, start: number, length: number): boolean;
}

/** What is below belongs to the kernel. */
export const FIRST_FREE_ADDRESS = MEMORY_PAGE_BYTES;

const compiled = compileModule(KERNEL_CODE);

export function createKernel(memory: KernelMemory, host: KernelHost): Kernel {
  return instantiate(compiled, { env: { memory }, host }) as Kernel;
}
