import { PIECE_BYTES } from '@saleslake/shared/decode/byte-source';

/** Chunks of that many bytes are decoded nearly as fast as larger ones, and copying them would cost more. */
const LEAST_BYTES = 1 << 15;

/**
 * The same bytes in chunks of up to PIECE_BYTES, where they come in small ones: TLS gives at most
 * 16 KiB at once (https://www.rfc-editor.org/rfc/rfc8446#section-5.1), and an object takes a third
 * longer to decode so.
 * What is gathered is overwritten when the next chunk is asked for.
 * @throws what the source throws.
 */
export async function* gatherChunks(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gathered = new Uint8Array(PIECE_BYTES);
  let size = 0;
  for await (const chunk of source) {
    const isLarge = chunk.length >= LEAST_BYTES;
    if (size > 0 && (isLarge || size + chunk.length > PIECE_BYTES)) {
      yield gathered.subarray(0, size);
      size = 0;
    }
    if (isLarge) {
      yield chunk;
      continue;
    }
    gathered.set(chunk, size);
    size += chunk.length;
  }
  if (size > 0) yield gathered.subarray(0, size);
}
