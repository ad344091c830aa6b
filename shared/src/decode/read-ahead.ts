/** The beginning of a source, and the whole of it. */
export interface ReadAhead {
  /** At least as many bytes as were asked for; fewer where these are all. */
  head: Uint8Array;
  /** All chunks, those of `head` too. */
  chunks: AsyncIterable<Uint8Array>;
}

/**
 * Reads the first bytes of a source before the others are asked for.
 * @throws what the source throws.
 */
export async function readAhead(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<ReadAhead> {
  const chunks = source[Symbol.asyncIterator]() as Chunks;
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < bytes) {
    const { done, value } = await chunks.next();
    if (done) break;
    // The source may overwrite what it gave: a copy is kept of what is too short.
    head = head.length === 0 && value.length >= bytes ? value : Buffer.concat([head, value]);
  }
  return { head, chunks: resume(head, chunks) };
}

type Chunks = AsyncIterator<Uint8Array, undefined>;

async function* resume(head: Uint8Array, rest: Chunks): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { done, value } = await rest.next();
      if (done) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}
