import fc from 'fast-check';
import { gatherChunks } from '../src/gather-chunks';

/** Chunks of these sizes, of which no two bytes next to each other are alike. */
function chunksOf(sizes: number[]): Uint8Array[] {
  let at = 0;
  return sizes.map((size) => Uint8Array.from({ length: size }, () => at++ % 251));
}

async function* sourceOf(chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function gather(chunks: Uint8Array[]): Promise<Uint8Array[]> {
  const gathered: Uint8Array[] = [];
  for await (const chunk of gatherChunks(sourceOf(chunks))) gathered.push(new Uint8Array(chunk));
  return gathered;
}

describe('gathering chunks', () => {
  it('gives the same bytes whatever the sizes', async () => {
    const size = fc.oneof(
      fc.nat({ max: 40 }),
      fc.nat({ max: 20_000 }),
      fc.integer({ min: 32_000, max: 140_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(size, { maxLength: 12 }), async (sizes) => {
        const chunks = chunksOf(sizes);
        const gathered = await gather(chunks);
        expect(Buffer.compare(Buffer.concat(gathered), Buffer.concat(chunks))).toBe(0);
      }),
      { seed: 15, numRuns: 60 },
    );
  });

  it('makes chunks of 128 KiB of those that TLS gives', async () => {
    const gathered = await gather(chunksOf(Array.from({ length: 20 }, () => 16_384)));
    expect(gathered.map((chunk) => chunk.length)).toEqual([131_072, 131_072, 65_536]);
  });

  it('passes large chunks on as they are', async () => {
    const chunks = chunksOf([65_536, 32_768]);
    const given: Uint8Array[] = [];
    for await (const chunk of gatherChunks(sourceOf(chunks))) given.push(chunk);
    expect(given[0]).toBe(chunks[0]);
    expect(given[1]).toBe(chunks[1]);
  });

  it('gives nothing of an empty source', async () => {
    expect(await gather([])).toEqual([]);
  });

  it('throws what the source throws', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(new Uint8Array(10));
      throw new Error('the connection was reset');
    }
    const all = (async () => {
      for await (const chunk of gatherChunks(broken())) expect(chunk.length).toBeGreaterThan(0);
    })();
    await expect(all).rejects.toThrow('the connection was reset');
  });

  it('closes the source where no more is wanted', async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(new Uint8Array(40_000));
      } finally {
        isClosed = true;
      }
    }
    for await (const chunk of gatherChunks(endless())) {
      expect(chunk.length).toBe(40_000);
      break;
    }
    expect(isClosed).toBe(true);
  });
});
