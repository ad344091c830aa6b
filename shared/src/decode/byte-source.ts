import { createArena, memory } from './arena';

/** The largest record that is read. A larger one is rejected, and is never in memory as a whole. */
export const RECORD_BYTES = 16 << 20;
/** As much is decoded at once: what stays in the caches of the processor. */
export const PIECE_BYTES = 128 * 1024;
/** How many bytes may be read behind the end of the records. */
export const PADDING = 64;

const size = RECORD_BYTES + PIECE_BYTES + PADDING;

/**
 * The bytes that are being decoded. Decoding never waits in between, so that every object can use
 * the same.
 */
export const source = {
  /** All of the memory, so that positions are addresses. */
  bytes: Buffer.from(memory.buffer),
  /** The address of the first. */
  start: createArena().allocate(size),
  /** Behind the last that was put there. */
  end: 0,
  /** Where text may be put that a record has only in escaped form: over the record itself. */
  spare: 0,
};

/** How many rows are decoded together: their values and their text stay in the caches. */
export const STAGE_ROWS = 1024;
