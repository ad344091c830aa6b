/** The largest record that is read. A larger one is rejected, and is never in memory as a whole. */
export const RECORD_BYTES = 16 << 20;
/** As much is decoded at once: what stays in the caches of the processor. */
export const PIECE_BYTES = 128 * 1024;
/** How many bytes may be read behind the end of the records. */
export const PADDING = 64;

/** Where the bytes of an object are decoded, from `start` on. */
export interface ByteSource {
  readonly bytes: Buffer;
  readonly start: number;
}
