import { readAhead } from '@saleslake/shared/decode/read-ahead';
import { textOf } from './decoding';

/** Gives each text in the same array, over the one before; and tells when it is asked no more. */
async function* overwriting(texts: string[], ended = () => {}): AsyncGenerator<Uint8Array> {
  const shared = Buffer.alloc(10);
  try {
    for (const text of texts) {
      await Promise.resolve();
      yield shared.subarray(0, shared.write(text));
    }
  } finally {
    ended();
  }
}

const texts = ['one', 'two', 'three', 'four'];

describe('what is read ahead of a source', () => {
  it.each([
    [1, 'one', false],
    [3, 'one', false],
    [4, 'onetwo', false],
    [15, 'onetwothreefour', false],
    [16, 'onetwothreefour', true],
  ])('is the chunks with the first %d bytes', async (bytes, text, isAll) => {
    const { head } = await readAhead(overwriting(texts), bytes);
    expect(Buffer.from(head).toString()).toBe(text);
    expect(head.length < bytes).toBe(isAll);
  });

  it.each([1, 4, 16])('comes again with all others (%d)', async (bytes) => {
    const { chunks } = await readAhead(overwriting(texts), bytes);
    expect(await textOf(chunks)).toBe('onetwothreefour');
  });

  it('is nothing of an empty source', async () => {
    const { head, chunks } = await readAhead(overwriting([]), 1);
    expect({ head: head.length, text: await textOf(chunks) }).toEqual({ head: 0, text: '' });
  });

  it('leaves the source when the rest is not wanted', async () => {
    const ended = jest.fn();
    const { chunks } = await readAhead(overwriting(texts, ended), 4);
    for await (const chunk of chunks) if (chunk.length > 0) break;
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('passes on what the source throws', async () => {
    const failing = (async function* () {
      yield await Promise.resolve(Buffer.from('one'));
      throw new Error('connection reset');
    })();
    await expect(readAhead(failing, 4)).rejects.toThrow('connection reset');
  });
});
