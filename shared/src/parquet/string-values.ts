import { putByte, reserve, type ByteBuffer } from './byte-buffer';
import type { ColumnVector, Utf8Values } from './column-batch';
import { compareBytes, sortKey } from './compare-bytes';
import { copyBytes } from './copy-bytes';
import { MOST_WORDS } from './kernel';
import { Encoding } from './parquet-format';
import { codeWidth, putHybrid } from './rle-bit-packed';
import { utf8Values } from './utf8-values';
import type { PageRows, ValueEncoding, ValueRange } from './value-encoding';
import { wordUsage, type WordUsage } from './word-usage';

/**
 * Strings that came with a dictionary are written with it, as long as it is smaller and has no more
 * than MOST_WORDS; all others plain: DELTA_LENGTH_BYTE_ARRAY is not readable everywhere.
 */
export function encodeStrings(
  vector: ColumnVector & { kind: 'dictionary' | 'utf8' },
  pages: PageRows[],
): ValueEncoding<Uint8Array> {
  if (vector.kind === 'utf8') return encodePlain(vector.values, pages);
  const count = pages.at(-1)!.end;
  if (vector.dictionary.offsets.length - 1 > MOST_WORDS) {
    return encodePlain(utf8Values(vector, count), pages);
  }
  const given = new Int32Array(vector.codes.buffer, vector.codes.byteOffset, count);
  const usage = wordUsage(vector.dictionary, given, pages);
  const { dictionary, codes } = withoutUnused(vector.dictionary, given, count, usage);
  const { ranges } = usage;
  const size = dictionary.offsets.length - 1;
  const width = codeWidth(size);
  const dictionaryBytes = plainBytes(dictionary) + (count * width) / 8;
  if (size * 3 > count && dictionaryBytes >= plainBytesOf(dictionary, codes, count)) {
    const plain = utf8Values(vector, count);
    return { ...encodePlain(plain, []), ranges };
  }
  return {
    encoding: Encoding.RLE_DICTIONARY,
    dictionary: { size, put: (out) => putPlain(out, dictionary, 0, size) },
    put(out, start, end) {
      putByte(out, width);
      putHybrid(out, codes, start, end, width);
    },
    ranges,
  };
}

function encodePlain(values: Utf8Values, pages: PageRows[]): ValueEncoding<Uint8Array> {
  return {
    encoding: Encoding.PLAIN,
    put: (out, start, end) => putPlain(out, values, start, end),
    strings: values,
    ranges: pages.map(({ start, end }) => rangeOf(values, start, end)),
  };
}

const LENGTH_BYTES = 4;

function plainBytes({ offsets }: Utf8Values): number {
  const count = offsets.length - 1;
  return offsets[count]! - offsets[0]! + count * LENGTH_BYTES;
}

/** Of the strings that the codes stand for. */
function plainBytesOf({ offsets }: Utf8Values, codes: Int32Array, count: number): number {
  let bytes = count * LENGTH_BYTES;
  for (let i = 0; i < count; i++) bytes += offsets[codes[i]! + 1]! - offsets[codes[i]!]!;
  return bytes;
}

/** Each value behind its length. */
function putPlain(out: ByteBuffer, values: Utf8Values, start: number, end: number): void {
  const { bytes, offsets } = values;
  reserve(out, offsets[end]! - offsets[start]! + (end - start) * LENGTH_BYTES + 8);
  const source = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lastWord = bytes.byteLength - 8;
  const { bytes: target, view } = out;
  let at = out.length;
  let from = offsets[start]!;
  for (let i = start; i < end; i++) {
    const to = offsets[i + 1]!;
    const length = to - from;
    view.setUint32(at, length, true);
    at += LENGTH_BYTES;
    if (to <= lastWord) {
      // Up to seven bytes too many: the next value overwrites them. Doubles are the fastest way to
      // move eight bytes, and safe: a NaN, whose bits might not survive, needs the bytes f0 … ff,
      // 7f or ff next to each other, which UTF-8 never has.
      for (let k = 0; k < length; k += 8) {
        view.setFloat64(at + k, source.getFloat64(from + k, true), true);
      }
    } else for (let k = 0; k < length; k++) target[at + k] = bytes[from + k]!;
    at += length;
    from = to;
  }
  out.length = at;
}

function rangeOf(
  { bytes, offsets }: Utf8Values,
  start: number,
  end: number,
): ValueRange<Uint8Array> | undefined {
  if (start === end) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLess = (a: number, b: number): boolean =>
    compareBytes(bytes, offsets[a]!, offsets[a + 1]!, bytes, offsets[b]!, offsets[b + 1]!) < 0;
  let lowest = start;
  let highest = start;
  let lowestKey = sortKey(bytes, view, offsets[start]!, offsets[start + 1]!);
  let highestKey = lowestKey;
  for (let i = start + 1; i < end; i++) {
    const key = sortKey(bytes, view, offsets[i]!, offsets[i + 1]!);
    if (key > lowestKey && key < highestKey) continue;
    if (key < lowestKey || (key === lowestKey && isLess(i, lowest))) {
      lowest = i;
      lowestKey = key;
    }
    if (key > highestKey || (key === highestKey && isLess(highest, i))) {
      highest = i;
      highestKey = key;
    }
  }
  const word = (i: number): Uint8Array => copyBytes(bytes, offsets[i]!, offsets[i + 1]!);
  return { minimum: word(lowest), maximum: word(highest) };
}

/** Fewer words than these of a dictionary are not worth writing every code anew. */
const MANY_UNUSED = 1 / 8;

/** The dictionary and codes without the words that no code uses, where those are many. */
function withoutUnused(
  { bytes, offsets }: Utf8Values,
  codes: Int32Array,
  count: number,
  { used, isUsed }: WordUsage,
): { dictionary: Utf8Values; codes: Int32Array } {
  const size = offsets.length - 1;
  if (size - used <= size * MANY_UNUSED && codeWidth(used) === codeWidth(size)) {
    return { dictionary: { bytes, offsets }, codes };
  }
  const newCodes = new Int32Array(size);
  const newOffsets = new Uint32Array(used + 1);
  const newBytes = new Uint8Array(bytes.length);
  let next = 0;
  for (let code = 0; code < size; code++) {
    if (!isUsed(code)) continue;
    const start = offsets[code]!;
    const end = offsets[code + 1]!;
    const at = newOffsets[next]!;
    for (let i = start; i < end; i++) newBytes[at + i - start] = bytes[i]!;
    newOffsets[next + 1] = at + end - start;
    newCodes[code] = next++;
  }
  const remapped = new Int32Array(count);
  for (let i = 0; i < count; i++) remapped[i] = newCodes[codes[i]!]!;
  return { dictionary: { bytes: newBytes, offsets: newOffsets }, codes: remapped };
}
