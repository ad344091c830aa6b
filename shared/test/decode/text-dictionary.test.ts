import { createArena, memory, type Arena } from '@saleslake/shared/decode/arena';
import { STAGE_ROWS, source } from '@saleslake/shared/decode/kernel-source';
import { hostColumn, kernel, MISS } from '@saleslake/shared/decode/kernel';
import { putLayout } from '@saleslake/shared/decode/layout-plan';
import { NO_TEXT } from '@saleslake/shared/decode/pack-texts';
import {
  createTextDictionary,
  type TextDictionary,
} from '@saleslake/shared/decode/text-dictionary';
import type { Utf8Values } from '@saleslake/shared/parquet/column-batch';
import { below, oneOf, randomOf, type Random } from './random-records';

let arena: Arena;
beforeEach(() => {
  arena = createArena();
});
afterEach(() => arena.release());

interface Texts {
  dictionary: TextDictionary;
  /** The code of a text that stands so many bytes behind the start of the source. */
  take: (text: string | Uint8Array, offset?: number) => number;
  /** The code of a text that is read as a JSON string; MISS where it is none. */
  read: (text: string | Uint8Array, offset?: number) => number;
}

/** A dictionary behind a TextTarget of the kernel. */
function createTexts(): Texts {
  const dictionary = createTextDictionary(arena);
  const codes = arena.uint32s(STAGE_ROWS);
  const ranges = arena.int32s(STAGE_ROWS);
  const column = hostColumn((_start, length) => {
    dictionary.makeRoom(length);
    return true;
  }, arena);
  const { byteOffset } = ranges;
  const target = arena.struct([
    codes.byteOffset,
    byteOffset,
    byteOffset,
    0,
    dictionary.address,
    0,
    2 ** 31 - 1,
    column,
  ]);
  const member = { kind: 'text', target, validity: undefined, optional: false } as const;
  const layout = putLayout([{ literal: '"a":', member }], arena);
  const row = STAGE_ROWS - 1;
  /** Puts it between bytes that are not of the text. */
  function put(text: Uint8Array, offset: number): number {
    const at = source.start + offset;
    source.bytes.fill(oneOf(noise, [0, 0x61, 0xff]), at, at + text.length + 32);
    source.bytes.set(text, at);
    return at;
  }
  return {
    dictionary,
    take(text, offset = 0) {
      const bytes = Buffer.from(text);
      kernel.takeText(target, put(bytes, offset), bytes.length, row);
      return codes[row]!;
    },
    read(text, offset = 0) {
      const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(text), Buffer.from('"}')]);
      const behind = kernel.readRecord(layout, put(bytes, offset), row);
      return behind < 0 ? -1 : codes[row]!;
    },
  };
}

const noise = randomOf(99);

const textsIn = ({ bytes, offsets }: Utf8Values): string[] =>
  Array.from({ length: offsets.length - 1 }, (_, i) =>
    Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString('latin1'),
  );

/** As texts are compared here: by their bytes. */
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const EDGES = [0, 1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 47, 48, 49, 64, 70];

/** A text of 0 to 70 bytes that has much in common with the others. */
function similar(random: Random, characters: string[]): string {
  const length = random() < 0.7 ? oneOf(random, EDGES) : below(random, 71);
  const base = oneOf(random, characters).repeat(length);
  if (length === 0 || random() < 0.3) return base;
  const at = random() < 0.5 ? length - 1 : below(random, length);
  return base.slice(0, at) + oneOf(random, characters) + base.slice(at + 1);
}

describe('the dictionary of texts', () => {
  describe.each([1, 2, 3, 4, 5])('seed %i', (seed) => {
    it('has one code for equal texts and others for others', () => {
      const random = randomOf(seed);
      const { dictionary, take } = createTexts();
      const codes = new Map<string, number>();
      for (let i = 0; i < 5000; i++) {
        const text = similar(random, ['a', 'b', '\0', '\x01', '\x80', '\xff']);
        const expected = codes.get(text) ?? codes.size;
        codes.set(text, expected);
        expect([text, take(latin1(text), below(random, 40))]).toEqual([text, expected]);
      }
      expect(dictionary.size).toBe(codes.size);
      expect(codes.size).toBeGreaterThan(256);
      expect(textsIn(dictionary.all())).toEqual([...codes.keys()]);
      expect(dictionary.textBytes).toBe([...codes.keys()].join('').length);
    });

    it('has the same code for a text that is taken and one that is read', () => {
      const random = randomOf(seed + 100);
      const { dictionary, take, read } = createTexts();
      const codes = new Map<string, number>();
      for (let i = 0; i < 5000; i++) {
        const text = similar(random, ['a', 'b', '\x7f', '\x80', ' ']);
        const expected = codes.get(text) ?? codes.size;
        codes.set(text, expected);
        const code = (random() < 0.5 ? take : read)(latin1(text), below(random, 40));
        expect([text, code]).toEqual([text, expected]);
      }
      expect(textsIn(dictionary.all())).toEqual([...codes.keys()]);
    });
  });

  it('tells texts apart that differ in one byte, or by a NUL behind', () => {
    const { dictionary, take } = createTexts();
    let count = 0;
    for (let length = 0; length <= 70; length++) {
      expect(take('\0'.repeat(length))).toBe(count++);
      if (length === 0) continue;
      const text = 'x'.repeat(length);
      expect(take(text)).toBe(count++);
      for (let at = 0; at < length; at++) {
        const other = Buffer.from(text);
        other[at] = 0x79;
        expect(take(other)).toBe(count++);
      }
    }
    expect(dictionary.size).toBe(count);
  });

  it.each(['a\\n', '\\', 'C:\\new', '\t', 'a line\n', 'sixteen and more: \\n'])(
    'does not take the bytes of the text %j for a string that is written so',
    (text) => {
      const { take, read } = createTexts();
      expect(take(text)).toBe(0);
      expect(take(text)).toBe(0);
      expect(read(text)).not.toBe(0);
      expect(take(text)).toBe(0);
    },
  );

  it.each([
    ['a quote', 'Desk \\"lamp\\"'],
    ['each short escape', '\\"\\\\\\/\\b\\f\\n\\r\\t'],
    ['characters of one to four bytes', '\\u0041\\u00e9\\u20AC\\uD83D\\uded2'],
    ['NUL', '\\u0000'],
    ['several, far apart', `${'x'.repeat(100)}\\n${'y'.repeat(50)}\\u00fc`],
    ['nothing but escapes', '\\u0061'.repeat(2000)],
  ])('has the same code for a text that is read with escapes: %s', (_name, escaped) => {
    const { dictionary, take, read } = createTexts();
    const text = JSON.parse(`"${escaped}"`) as string;
    expect(read(escaped)).toBe(0);
    expect(read(escaped, 7)).toBe(0);
    expect(take(text)).toBe(0);
    expect(textsIn(dictionary.all())).toEqual([Buffer.from(text).toString('latin1')]);
  });

  it.each([
    ['is of no kind', '\\x'],
    ['is in capitals', '\\N'],
    ['lacks digits', '\\u12'],
    ['has other letters', '\\u12g4'],
    ['is the first half of a pair', '\\ud83d'],
    ['is the second half of a pair', '\\ude00'],
    ['has two first halves', '\\ud83d\\ud83d'],
    ['has a letter behind the first half', '\\ud83d\\u0061'],
    ['is longer than there is room', 'x'.repeat(1 << 14) + '\\n'],
  ])('leaves a string to others where its escape %s', (_name, escaped) => {
    const { dictionary, read } = createTexts();
    expect(read(escaped)).toBe(MISS);
    expect(dictionary.size).toBe(0);
  });

  it('keeps all texts while it grows', () => {
    const { dictionary, take } = createTexts();
    const texts = Array.from({ length: 20_000 }, (_, i) => `${i % 3 ? '' : 'a text — '}${i}`);
    for (const [i, text] of texts.entries()) {
      const code = take(text);
      if (code !== i) throw new Error(`${text} has code ${code}`);
      // Where its arrays grow the first text is soon lost, if any.
      if (take(texts[0]!) !== 0) throw new Error(`the first text is lost with ${text}`);
    }
    expect(texts.map((text) => take(text))).toEqual(texts.map((_, i) => i));
    const { bytes, offsets } = dictionary.all();
    expect(Buffer.from(bytes).toString()).toBe(texts.join(''));
    expect(offsets).toHaveLength(texts.length + 1);
  });

  it.each([255, 256, 257, 511, 512, 4095, 4096, 4097])('has %i texts, and one more', (count) => {
    const { dictionary, take } = createTexts();
    const texts = Array.from({ length: count }, (_, i) => `text ${i}`);
    for (const text of texts) take(text);
    expect(dictionary.size).toBe(count);
    expect(take('another')).toBe(count);
    expect(texts.map((text) => take(text))).toEqual(texts.map((_, i) => i));
    expect(textsIn(dictionary.all())).toEqual([...texts, 'another']);
  });

  it('has room for one text that is much larger than all before', () => {
    const { dictionary, take } = createTexts();
    const large = 'ab'.repeat(500_000);
    expect([take('small'), take(large), take(`${large}c`), take('end')]).toEqual([0, 1, 2, 3]);
    expect([take(large), take('small')]).toEqual([1, 0]);
    expect(textsIn(dictionary.all())).toEqual(['small', large, `${large}c`, 'end']);
  });

  it('gives the texts of codes, one behind another, and nothing for none', () => {
    const { dictionary, take } = createTexts();
    for (const text of ['a', '', 'größe', 'b\0']) take(text);
    const codes = Uint32Array.of(3, 0, 0, NO_TEXT, 1, 2, NO_TEXT, 3);
    const { bytes, offsets } = dictionary.textsOf(codes, 7);
    expect(Buffer.from(bytes).toString()).toBe('b\0aagröße');
    expect([...offsets]).toEqual([0, 2, 3, 4, 4, 4, 11, 11]);
    expect(textsIn(dictionary.textsOf(codes, 0))).toEqual([]);
  });

  it('gives the same array of all texts until there is another', () => {
    const { dictionary, take } = createTexts();
    const given = ['a', 'bc', 'd'.repeat(100)].map((text) => {
      take(text);
      return dictionary.all();
    });
    take('a');
    expect(dictionary.all()).toBe(given[2]);
    expect(given.map(textsIn)).toEqual([['a'], ['a', 'bc'], ['a', 'bc', 'd'.repeat(100)]]);
  });

  it('gives texts that stay as they are when it grows or is cleared', () => {
    const { dictionary, take } = createTexts();
    take('first');
    const all = dictionary.all();
    const some = dictionary.textsOf(Uint32Array.of(0), 1);
    dictionary.clear();
    for (let i = 0; i < 1000; i++) take(`other ${i}`);
    expect([textsIn(all), textsIn(some)]).toEqual([['first'], ['first']]);
  });

  it.each([0, 1, 255, 256, 5000, 40_000])(
    'knows nothing when it was cleared, of %i texts',
    (count) => {
      const { dictionary, take } = createTexts();
      for (let i = 0; i < count; i++) take(`text ${i}`);
      dictionary.clear();
      expect([dictionary.size, dictionary.textBytes]).toEqual([0, 0]);
      expect(textsIn(dictionary.all())).toEqual([]);
      // In another order than before.
      for (let i = 0; i < 300; i++) expect(take(`text ${299 - i}`)).toBe(i);
      expect(take('text 0')).toBe(299);
      expect(dictionary.size).toBe(300);
    },
  );

  it('knows nothing when it was cleared, of large texts', () => {
    const { dictionary, take } = createTexts();
    take('x'.repeat(1_000_000));
    dictionary.clear();
    expect([take('y'), take('x'.repeat(5000)), take('y')]).toEqual([0, 1, 0]);
    expect(textsIn(dictionary.all())).toEqual(['y', 'x'.repeat(5000)]);
  });

  it('knows nothing of another dictionary', () => {
    const [one, other] = [createTexts(), createTexts()];
    expect([one.take('a'), one.take('b'), other.take('b'), other.take('a')]).toEqual([0, 1, 0, 1]);
    expect([one.take('a'), other.take('a')]).toEqual([0, 1]);
  });

  it('can be made anew in the memory of one that was given back', () => {
    for (let i = 0; i < 5; i++) {
      const { dictionary, take } = createTexts();
      for (let j = 0; j < 600; j++) expect(take(`${i} ${j}`)).toBe(j);
      expect(dictionary.size).toBe(600);
      arena.release();
      arena = createArena();
    }
    expect(memory.buffer.byteLength).toBe(50 << 20);
  });
});
