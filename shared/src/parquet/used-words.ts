import type { Utf8Values } from './column-batch';
import { grown } from './grown';

// Encoding never waits in between, so every column of every file can use the same.
/** New codes plus one, by code; all 0 in between, as a dictionary may have many words and a column few rows. */
let newCodeOf = new Uint32Array(0);
let wordCodes = new Uint32Array(0);
let wordBytes = new Uint8Array(0);
let wordOffsets = new Uint32Array(1);
let newCodes = new Uint32Array(0);

/**
 * The first `count` codes with a dictionary of the words that they use, in order of appearance. Both
 * are overwritten by the next.
 */
export function usedWords(
  { bytes, offsets }: Utf8Values,
  codes: Uint32Array,
  count: number,
): { dictionary: Utf8Values; codes: Uint32Array } {
  const words = offsets.length - 1;
  if (newCodeOf.length < words) newCodeOf = new Uint32Array(words * 2);
  wordCodes = grown(wordCodes, count);
  newCodes = grown(newCodes, count);
  const [known, used, into] = [newCodeOf, wordCodes, newCodes];
  let size = 0;
  let length = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    let newCode = known[code]!;
    if (newCode === 0) {
      length += offsets[code + 1]! - offsets[code]!;
      used[size++] = code;
      known[code] = newCode = size;
    }
    into[i] = newCode - 1;
  }
  wordBytes = grown(wordBytes, length);
  wordOffsets = grown(wordOffsets, size + 1);
  const [toBytes, toOffsets] = [wordBytes, wordOffsets];
  let to = 0;
  for (let i = 0; i < size; i++) {
    const code = used[i]!;
    known[code] = 0;
    const end = offsets[code + 1]!;
    for (let from = offsets[code]!; from < end; from++) toBytes[to++] = bytes[from]!;
    toOffsets[i + 1] = to;
  }
  const dictionary = {
    bytes: toBytes.subarray(0, length),
    offsets: toOffsets.subarray(0, size + 1),
  };
  return { dictionary, codes: into };
}
