import type { ColumnVector, Utf8Values } from './column-batch';
import type { ColumnBuffer } from './column-buffer';
import { copyBytes } from './copy-bytes';
import { grown } from './grown';
import { createUtf8Dictionary, type Utf8Dictionary } from './utf8-dictionary';

/**
 * Keeps codes as long as every batch brings a dictionary, and the text itself once a batch does
 * not. As long as each dictionary begins with the one before, as those of one object do, it is kept as
 * it is; only then there is one of its own, into which all go.
 */
export function createStringBuffer(): ColumnBuffer {
  let given: Utf8Values | undefined;
  let merged: Utf8Dictionary | undefined;
  let codes = new Uint32Array(0);
  let bytes = new Uint8Array(0);
  let offsets = new Uint32Array(1);
  let asText = false;

  const words = (): Utf8Values => given ?? merged!.values();

  function mergedWords(): Utf8Dictionary {
    merged ??= createUtf8Dictionary();
    if (given) {
      const { bytes: from, offsets: ends } = given;
      // Each gets the code that it has.
      for (let i = 1; i < ends.length; i++) merged.codeOf(from, ends[i - 1]!, ends[i]!);
      given = undefined;
    }
    return merged;
  }

  /** The words of codes start … end behind `row` rows of text; null is no text. */
  function appendWords(
    { bytes: words, offsets: ends }: Utf8Values,
    wordCodes: Uint32Array,
    start: number,
    end: number,
    row: number,
    valid: Uint8Array | undefined,
  ): void {
    offsets = grown(offsets, row + end - start + 1);
    let at = offsets[row]!;
    for (let i = start; i < end; i++) {
      if (valid?.[i] !== 0) {
        const from = ends[wordCodes[i]!]!;
        const length = ends[wordCodes[i]! + 1]! - from;
        bytes = grown(bytes, at + length);
        for (let k = 0; k < length; k++) bytes[at + k] = words[from + k]!;
        at += length;
      }
      offsets[row + i - start + 1] = at;
    }
  }

  function forgetWords(): void {
    given = undefined;
    merged?.clear();
  }

  return {
    append(vector, start, end, rowCount, held) {
      if (rowCount === 0) asText = vector.kind === 'utf8';
      if (vector.kind === 'utf8') {
        if (!asText) {
          appendWords(words(), codes, 0, rowCount, 0, held);
          forgetWords();
          asText = true;
        }
        const { bytes: from, offsets: ends } = vector.values;
        const [first, last, at] = [ends[start]!, ends[end]!, offsets[rowCount]!];
        bytes = grown(bytes, at + last - first);
        bytes.set(from.subarray(first, last), at);
        offsets = grown(offsets, rowCount + end - start + 1);
        shiftOffsets(offsets, rowCount, ends, start, end, at - first);
      } else if (vector.kind === 'dictionary') {
        if (asText) {
          appendWords(vector.dictionary, vector.codes, start, end, rowCount, vector.validity);
          return;
        }
        codes = grown(codes, rowCount + end - start);
        const { dictionary } = vector;
        const size = dictionary.offsets.length - 1;
        const goesOn = rowCount === 0 || (given !== undefined && startsWith(dictionary, given));
        if (goesOn && size <= rowCount + end - start) {
          codes.set(vector.codes.subarray(start, end), rowCount);
          if (size + 1 !== given?.offsets.length) given = copyOf(dictionary);
        } else mergeCodes(mergedWords(), codes, rowCount, vector, start, end);
      }
    },
    take(rowCount) {
      if (asText) {
        return { kind: 'utf8', values: { bytes, offsets: offsets.subarray(0, rowCount + 1) } };
      }
      const dictionary = words();
      forgetWords();
      return { kind: 'dictionary', codes: codes.subarray(0, rowCount), dictionary };
    },
    byteSize: (rowCount) =>
      asText
        ? offsets[rowCount]! + rowCount * 4
        : rowCount * 4 + (given?.bytes.length ?? merged?.byteLength ?? 0),
  };
}

function copyOf({ bytes, offsets }: Utf8Values): Utf8Values {
  return { bytes: copyBytes(bytes, 0, offsets.at(-1)!), offsets: offsets.slice() };
}

function startsWith(longer: Utf8Values, shorter: Utf8Values): boolean {
  const count = shorter.offsets.length;
  return (
    longer.offsets.length >= count &&
    Buffer.compare(bytesOf(longer.offsets, count), bytesOf(shorter.offsets, count)) === 0 &&
    Buffer.compare(longer.bytes.subarray(0, shorter.bytes.length), shorter.bytes) === 0
  );
}

function bytesOf({ buffer, byteOffset }: Uint32Array, length: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length * Uint32Array.BYTES_PER_ELEMENT);
}

function shiftOffsets(
  into: Uint32Array,
  row: number,
  ends: Uint32Array,
  start: number,
  end: number,
  shift: number,
): void {
  for (let i = start; i < end; i++) into[row + i - start + 1] = ends[i + 1]! + shift;
}

// Adding never waits in between, so every column of every file can use the same.
let newCodes = new Uint32Array(0);

/** Puts the codes start … end of a vector behind `row` others, as codes of `dictionary`. */
function mergeCodes(
  dictionary: Utf8Dictionary,
  into: Uint32Array,
  row: number,
  { codes, dictionary: words, validity }: ColumnVector & { kind: 'dictionary' },
  start: number,
  end: number,
): void {
  const { bytes, offsets } = words;
  // Counted from 1: 0 stands for a word that was not met yet, lest unused words be taken over.
  newCodes = grown(newCodes, offsets.length);
  const known = newCodes;
  known.fill(0, 0, offsets.length);
  for (let i = start; i < end; i++) {
    let newCode = 1;
    if (validity === undefined || validity[i] === 1) {
      const code = codes[i]!;
      newCode = known[code]!;
      if (newCode === 0) {
        newCode = dictionary.codeOf(bytes, offsets[code]!, offsets[code + 1]!) + 1;
        known[code] = newCode;
      }
    }
    into[row + i - start] = newCode - 1;
  }
}
