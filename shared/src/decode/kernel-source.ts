import { createArena, memory } from './arena';
import { PADDING, PIECE_BYTES, RECORD_BYTES, type ByteSource } from './byte-source';

interface KernelSource extends ByteSource {
  /** Where text may be put that a record has only in escaped form: over the record itself. */
  spare: number;
}

/**
 * The bytes that the kernel decodes. Decoding never waits in between, so that every object can use
 * the same.
 */
export const source: KernelSource = {
  // All of the memory, so that positions are addresses.
  bytes: Buffer.from(memory.buffer),
  start: createArena().allocate(RECORD_BYTES + PIECE_BYTES + PADDING),
  spare: 0,
};

/** How many rows are decoded together: their values and their text stay in the caches. */
export const STAGE_ROWS = 1024;
