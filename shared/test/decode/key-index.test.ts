import { STAGE_ROWS } from '@saleslake/shared/decode/byte-source';
import { hashText, textHash } from '@saleslake/shared/decode/hash-text';
import { ENTRY_WORDS, createKeyIndex, type KeyIndex } from '@saleslake/shared/decode/key-index';

/** Adds texts as keys on lines 1, 2, …; the content of each row is its key's length. */
function addAll(index: KeyIndex, texts: string[], firstLine = 1): [string, boolean, number][] {
  const repeated: [string, boolean, number][] = [];
  for (let from = 0; from < texts.length; from += STAGE_ROWS) {
    const stage = texts.slice(from, from + STAGE_ROWS);
    const { words, first } = index.room(stage.length);
    stage.forEach((text, row) => {
      const bytes = Buffer.alloc(text.length + 8);
      bytes.write(text);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      hashText(view, 0, text.length);
      words.set(
        [textHash.a, textHash.b, text.length, 0, firstLine + from + row],
        first + row * ENTRY_WORDS,
      );
    });
    const bad = new Uint8Array(stage.length);
    index.add(stage.length, bad, (row, same, line) => {
      repeated.push([stage[row]!, same, line]);
    });
  }
  return repeated;
}

describe('the key index', () => {
  it('takes none of many similar keys for another, while it grows', () => {
    const keys = Array.from({ length: 250_000 }, (_, i) => `T-2026-${String(i).padStart(8, '0')}`);
    const index = createKeyIndex();
    expect(addAll(index, keys)).toEqual([]);
    const again = keys.filter((_, i) => i % 50_000 === 7);
    expect(addAll(index, again, 1_000_000)).toEqual(
      again.map((key, i) => [key, true, i * 50_000 + 8]),
    );
  });

  it('knows no key any more when it was cleared, of few keys or of many', () => {
    const index = createKeyIndex();
    for (const count of [220_000, 10, 3000]) {
      const keys = Array.from({ length: count }, (_, i) => `k${i}`);
      expect(addAll(index, keys)).toEqual([]);
      expect(addAll(index, ['k7'])).toEqual([['k7', true, 8]]);
      index.clear();
    }
  });

  it('finds a key that repeats within the rows that are added together', () => {
    expect(addAll(createKeyIndex(), ['a', 'b', 'a'])).toEqual([['a', true, 1]]);
  });

  it('tells rows of the same key apart by their contents', () => {
    const index = createKeyIndex();
    const { words, first } = index.room(2);
    words.set([0, 0, 0, 0, 1, 0, 0, 0, 1, 2], first);
    const repeated: boolean[] = [];
    index.add(2, new Uint8Array(2), (_, same) => repeated.push(same));
    expect(repeated).toEqual([false]);
  });
});
