import type { Utf8Values } from './column-batch';
import { grown } from './grown';
import {
  give,
  giveTexts,
  kernel,
  lastPages,
  MOST_TEXT_BYTES,
  MOST_VALUES,
  newWords,
  output,
  outputInts,
  pickedEnds,
  pickedTexts,
} from './kernel';

// Encoding never waits in between, so every column of every file can use the same.
let wordCodes = new Uint32Array(0);
let wordBytes = new Uint8Array(0);
let wordOffsets = new Uint32Array(1);
let newCodes = new Uint32Array(0);

/**
 * The first `count` codes with a dictionary of the words that they use, of at most MOST_WORDS, in order of
 * appearance. Both are overwritten by the next.
 */
export function usedWords(
  dictionary: Utf8Values,
  codes: Uint32Array,
  count: number,
): { dictionary: Utf8Values; codes: Uint32Array } {
  const size = renumber(dictionary.offsets.length - 1, codes, count);
  return { dictionary: wordsOf(dictionary, wordCodes, size), codes: newCodes };
}

/** Leaves the new codes, and the words that have one. @returns how many. */
function renumber(words: number, codes: Uint32Array, count: number): number {
  wordCodes = grown(wordCodes, count);
  newCodes = grown(newCodes, count);
  lastPages.fill(0, 0, words);
  let size = 0;
  for (let start = 0; start < count; start += MOST_VALUES) {
    const end = Math.min(start + MOST_VALUES, count);
    give(codes, start, end);
    const known = size;
    size = kernel().renumberWords(end - start, known);
    wordCodes.set(newWords.subarray(0, size - known), known);
    newCodes.set(outputInts.subarray(0, end - start), start);
  }
  return size;
}

/** The words of the first `size` codes. */
function wordsOf(words: Utf8Values, codes: Uint32Array, size: number): Utf8Values {
  const { bytes, offsets } = words;
  const count = offsets.length - 1;
  wordOffsets = grown(wordOffsets, size + 1);
  if (count <= MOST_VALUES && offsets[count]! - offsets[0]! <= MOST_TEXT_BYTES) {
    giveTexts(words, 0, count);
    pickedTexts.set(codes.subarray(0, size));
    kernel().pickTexts(size);
    wordOffsets.set(pickedEnds.subarray(0, size), 1);
    wordBytes = grown(wordBytes, wordOffsets[size]!);
    wordBytes.set(output.bytes.subarray(0, wordOffsets[size]));
  } else {
    for (let i = 0, end = 0; i < size; i++) {
      const code = codes[i]!;
      wordOffsets[i + 1] = end += offsets[code + 1]! - offsets[code]!;
    }
    wordBytes = grown(wordBytes, wordOffsets[size]!);
    for (let i = 0; i < size; i++) {
      const code = codes[i]!;
      wordBytes.set(bytes.subarray(offsets[code], offsets[code + 1]), wordOffsets[i]);
    }
  }
  return {
    bytes: wordBytes.subarray(0, wordOffsets[size]),
    offsets: wordOffsets.subarray(0, size + 1),
  };
}
