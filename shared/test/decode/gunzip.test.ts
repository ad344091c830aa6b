import { gzipSync } from 'node:zlib';
import { PIECE_BYTES } from '@saleslake/shared/decode/byte-source';
import { gunzip, GzipError } from '@saleslake/shared/decode/gunzip';
import { transactions } from '@saleslake/shared/tables/transactions';
import { cut, decode, sale, textOf } from './decoding';

async function* stream(chunks: Uint8Array[], failure?: Error): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) {
    await Promise.resolve();
    yield chunk;
  }
  if (failure) throw failure;
}

describe('gunzip', () => {
  it.each([1, 2, 1000])('unpacks gzip in chunks of %i bytes', async (size) => {
    const chunks = cut(gzipSync('some text'), size);
    expect(await textOf(gunzip(stream(chunks)))).toBe('some text');
  });

  it.each([1000, 16_384, 1 << 20])('unpacks much in chunks of %i bytes', async (size) => {
    const text = Array.from({ length: 200_000 }, (_, i) => `${i * 7919} `).join('');
    expect(await textOf(gunzip(stream(cut(gzipSync(text), size))))).toBe(text);
  });

  it('frees the memory of what was read', async () => {
    const packed = gzipSync(Buffer.alloc(20 * PIECE_BYTES));
    const read: Uint8Array[] = [];
    for await (const chunk of gunzip(stream([packed]))) read.push(chunk);
    expect(read.filter(({ length }) => length === PIECE_BYTES).length).toBeLessThan(2);
  });

  it('unpacks gzip of several members', async () => {
    const members = Buffer.concat([gzipSync('one '), gzipSync('two')]);
    expect(await textOf(gunzip(stream([members])))).toBe('one two');
  });

  it.each(['', '{', 'plain text'])('leaves %j as it is', async (text) => {
    expect(await textOf(gunzip(stream(cut(text, 1))))).toBe(text);
  });

  it.each(['{}', 'plain text'])(
    'reads %j from a source that overwrites each byte',
    async (text) => {
      async function* bytes(): AsyncGenerator<Uint8Array> {
        const byte = Buffer.alloc(1);
        for (const character of text) {
          await Promise.resolve();
          byte.write(character);
          yield byte;
        }
      }
      let read = '';
      for await (const chunk of gunzip(bytes())) read += Buffer.from(chunk).toString();
      expect(read).toBe(text);
    },
  );

  it('says that gzip is cut off', async () => {
    const cutOff = gzipSync('some text').subarray(0, 20);
    await expect(textOf(gunzip(stream([cutOff])))).rejects.toThrow(GzipError);
  });

  it('does not take a failing source for broken gzip', async () => {
    const source = stream([gzipSync('some text').subarray(0, 12)], new Error('connection reset'));
    await expect(textOf(gunzip(source))).rejects.toThrow('connection reset');
  });

  it('makes an object with broken gzip unusable as a whole', async () => {
    const packed = gzipSync(sale('a'));
    packed[packed.length - 6]! ^= 1;
    const result = await decode(gunzip(stream([packed])), transactions);
    expect(result).toMatchObject({
      records: 0,
      unusable: 'broken gzip: incorrect data check',
    });
  });
});
