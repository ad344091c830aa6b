import { SMALL_OBJECT_BYTES } from '@saleslake/shared/decode/decoder-choice';
import { transactions } from '@saleslake/shared/tables/transactions';
import { cut, decode, sale } from './decoding';

/** Sales and blank lines, so many bytes of them. */
function objectOf(bytes: number): string {
  const lines = ['a', 'b', 'c', 'b'].map((id) => `${sale(id)}\n`).join('') + 'no record\n';
  return lines.padEnd(bytes, '\n');
}

describe('the decoder of an object', () => {
  it.each([
    SMALL_OBJECT_BYTES - 1,
    SMALL_OBJECT_BYTES,
    SMALL_OBJECT_BYTES + 1,
    3 * SMALL_OBJECT_BYTES,
  ])('makes the same of %d bytes, cut anywhere', async (bytes) => {
    const text = objectOf(bytes);
    const expected = await decode(text, transactions, { decoder: 'plain' });
    expect(expected).toMatchObject({ good: 3, duplicates: 1, rejected: 1 });
    for (const size of [1000, SMALL_OBJECT_BYTES, bytes]) {
      expect(await decode(cut(text, size), transactions, { decoder: 'chosen' })).toEqual(expected);
    }
  });

  it('is the plain one of a small object, for which no kernel is compiled', async () => {
    await jest.isolateModulesAsync(async () => {
      jest.doMock('@saleslake/shared/decode/kernel-code', () => {
        throw new Error('the kernel was loaded');
      });
      const { decodeRecords } = await import('@saleslake/shared/decode/decode-records');
      const goodOf = async (bytes: number): Promise<number> => {
        // eslint-disable-next-line @typescript-eslint/require-await -- an asynchronous source of what is there
        const chunks = (async function* () {
          yield Buffer.from(objectOf(bytes));
        })();
        const nothing = { onRows: () => {}, onReject: () => {} };
        return (await decodeRecords(chunks, transactions, nothing)).good;
      };
      expect(await goodOf(SMALL_OBJECT_BYTES)).toBe(3);
      await expect(goodOf(SMALL_OBJECT_BYTES + 1)).rejects.toThrow('the kernel was loaded');
    });
  });
});
