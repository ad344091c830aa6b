import { putByte, putBytes, putUint32, reserve, type ByteBuffer } from './byte-buffer';
import type { ColumnVector, Utf8Values } from './column-batch';
import { encodeFewStrings, FEW_VALUES } from './few-values';
import { giveTexts, kernel, MOST_TEXT_BYTES, putOutput } from './kernel';
import { MOST_WORDS } from './kernel-code';
import { Encoding } from './parquet-format';
import { codeWidth, putHybrid } from './rle-bit-packed';
import { idLength, snappyIds } from './snappy-ids';
import { foundRange, textRange } from './text-range';
import { utf8Values } from './utf8-values';
import type { PageRows, ValueEncoding, ValueRange } from './value-encoding';
import { usedWords } from './used-words';
import { wordUsage } from './word-usage';

/**
 * Strings that came with a dictionary are written with it, as long as it is smaller and has no more
 * than MOST_WORDS; all others plain: DELTA_LENGTH_BYTE_ARRAY is not readable everywhere.
 */
export function encodeStrings(
  vector: ColumnVector & { kind: 'dictionary' | 'utf8' },
  pages: PageRows[],
): ValueEncoding<Uint8Array> {
  const count = pages.at(-1)!.end;
  if (count <= FEW_VALUES) return encodeFewStrings(utf8Values(vector, count));
  if (vector.kind === 'utf8') return encodePlain(vector.values, count);
  const words = vector.dictionary.offsets.length - 1;
  if (words > MOST_WORDS) return encodePlain(utf8Values(vector, count), count);
  // The dictionary of all of an object: it is not looked through for a few rows.
  const given = words * 2 > count ? usedWords(vector.dictionary, vector.codes, count) : vector;
  const usage = wordUsage(given.dictionary, given.codes, pages);
  const { dictionary, codes } = hasManyUnused(given.dictionary.offsets.length - 1, usage.used)
    ? usedWords(given.dictionary, given.codes, count)
    : given;
  const size = dictionary.offsets.length - 1;
  const width = codeWidth(size);
  const wordBytes = plainBytes(dictionary);
  // Where words are used a few times each, those that are used more are of no other length on average.
  if (size * 3 > count && wordBytes + (count * width) / 8 >= (wordBytes / size) * count) {
    return encodePlain(utf8Values(vector, count), count);
  }
  return {
    encoding: Encoding.RLE_DICTIONARY,
    dictionary: { size, put: (out) => putWords(out, dictionary, size) },
    put(out, start, end) {
      putByte(out, width);
      putHybrid(out, codes, start, end, width);
    },
    ranges: usage.ranges,
  };
}

/** The first `count` strings. */
function encodePlain(values: Utf8Values, count: number): ValueEncoding<Uint8Array> {
  const length = idLength(values, 0, count);
  const ranges: ValueEncoding<Uint8Array>['ranges'] = [];
  return {
    encoding: Encoding.PLAIN,
    put(out, start, end) {
      ranges.push(putPlain(out, values, start, end));
    },
    snappyIds:
      length === undefined
        ? undefined
        : (head, start, end) => {
            const content = snappyIds(head, values, length, start, end);
            kernel().findTextRange(end - start);
            ranges.push(foundRange(values, start));
            return content;
          },
    ranges,
  };
}

const LENGTH_BYTES = 4;

function plainBytes({ offsets }: Utf8Values): number {
  const count = offsets.length - 1;
  return offsets[count]! - offsets[0]! + count * LENGTH_BYTES;
}

/** Writes each value behind its length, and tells their range. */
function putPlain(
  out: ByteBuffer,
  values: Utf8Values,
  start: number,
  end: number,
): ValueRange<Uint8Array> | undefined {
  reservePlain(out, values, start, end);
  return textRange(values, start, end, (count, first) => {
    putGiven(out, values, first, count);
    kernel().findTextRange(count);
  });
}

/** The same of all words of a dictionary, whose range is known already. */
function putWords(out: ByteBuffer, words: Utf8Values, size: number): void {
  reservePlain(out, words, 0, size);
  for (let first = 0; first < size;) {
    const count = giveTexts(words, first, size);
    putGiven(out, words, first, count);
    first += count;
  }
}

function reservePlain(out: ByteBuffer, { offsets }: Utf8Values, start: number, end: number): void {
  reserve(out, offsets[end]! - offsets[start]! + (end - start) * LENGTH_BYTES);
}

/** Writes the texts that the kernel was given. */
function putGiven(
  out: ByteBuffer,
  { bytes, offsets }: Utf8Values,
  first: number,
  count: number,
): void {
  const from = offsets[first]!;
  const to = offsets[first + count]!;
  if (to - from <= MOST_TEXT_BYTES) putOutput(out, kernel().putTexts(count));
  else {
    putUint32(out, to - from);
    putBytes(out, bytes.subarray(from, to));
  }
}

/** Fewer words than these of a dictionary are not worth writing every code anew. */
const MANY_UNUSED = 1 / 8;

function hasManyUnused(size: number, used: number): boolean {
  return size - used > size * MANY_UNUSED || codeWidth(used) < codeWidth(size);
}
