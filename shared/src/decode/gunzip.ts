import { SaleslakeError } from '../runtime/errors';
import { freeMemory } from '../runtime/free-memory';
import { PIECE_BYTES } from './byte-source';
import { readAhead } from './read-ahead';

/** The bytes say that they are gzip, but they are damaged or end too early. */
export class GzipError extends SaleslakeError {
  constructor(cause: Error) {
    super('GzipError', `broken gzip: ${cause.message}`, { cause });
  }
}

/**
 * The bytes as they were before gzip, where the source is gzip (of one member or several), and
 * unchanged where it is not: its first two bytes tell, whatever the object is called. A chunk is good
 * until the next is asked for.
 * https://www.rfc-editor.org/rfc/rfc1952#page-6
 * @throws GzipError where gzip is damaged or cut; an error of the source as it is.
 */
export async function* gunzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { head, chunks } = await readAhead(source, 2);
  yield* head[0] === 0x1f && head[1] === 0x8b ? inflate(chunks) : chunks;
}

async function* inflate(gzip: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Only where it is needed: loading both takes longer than decoding a small object.
  const [{ Readable, pipeline }, { createGunzip }] = await Promise.all([
    import('node:stream'),
    import('node:zlib'),
  ]);
  // As much as is decoded at once: the default of 16 KiB takes half as long again, and several chunks wait.
  const inflated = createGunzip({ chunkSize: PIECE_BYTES });
  // Without a callback pipeline throws; the error itself reaches the loop below.
  pipeline(Readable.from(gzip, { objectMode: false }), inflated, () => undefined);
  try {
    for await (const chunk of inflated) {
      const piece = chunk as Uint8Array<ArrayBuffer>;
      yield piece;
      if (isLastOfBuffer(piece)) freeMemory(piece.buffer);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_')) throw new GzipError(error as Error);
    throw error;
  }
}

/** Whether zlib has filled one of its buffers, which it then has no more use for. */
function isLastOfBuffer({ buffer, byteOffset, length }: Uint8Array): boolean {
  return buffer.byteLength === PIECE_BYTES && byteOffset + length === PIECE_BYTES;
}
