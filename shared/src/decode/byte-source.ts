/** The largest record that is read. A larger one is rejected, and is never in memory as a whole. */
export const RECORD_BYTES = 16 << 20;
/** As much is decoded at once: what stays in the caches of the processor. */
export const PIECE_BYTES = 256 * 1024;
/** How many bytes may be read behind the end of the records. */
export const PADDING = 64;

/**
 * The bytes that are being decoded. Decoding never waits in between, so that every object can use
 * the same; and code that always reads the same bytes, known when it is compiled, takes half the
 * time of code that has to ask which they are and how many. Memory that is not touched costs nothing.
 *
 * For the compiler to know, functions must have it from a constant around them that is no global
 * one: bundling makes variables of those.
 */
export const source: ByteSource = createByteSource(RECORD_BYTES + PIECE_BYTES + PADDING);

export interface ByteSource {
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Behind the last that was put there. */
  end: number;
  /** Where text may be put that a record has only in escaped form: over the record itself. */
  spare: number;
}

function createByteSource(size: number): ByteSource {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size), end: 0, spare: 0 };
}

/** How many rows are decoded together: their values and their text stay in the caches. */
export const STAGE_ROWS = 256;
