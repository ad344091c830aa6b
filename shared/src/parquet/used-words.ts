import type { Utf8Values } from './column-batch';
import { grown } from './grown';

// New codes plus one, by code, and all 0 in between: a dictionary may have many words and a column
// few rows, so it is not made for each. Encoding never waits in between.
let newCodeOf = new Uint32Array(0);

/** The first `count` codes with a dictionary of the words that they use, in order of appearance. */
export function usedWords(
  { bytes, offsets }: Utf8Values,
  codes: Uint32Array,
  count: number,
): { dictionary: Utf8Values; codes: Uint32Array } {
  const words = offsets.length - 1;
  newCodeOf = grown(newCodeOf, words);
  const newCodes = newCodeOf;
  const used = new Uint32Array(Math.min(words, count));
  const newOffsets = new Uint32Array(used.length + 1);
  const recoded = new Uint32Array(count);
  let size = 0;
  for (let i = 0; i < count; i++) {
    const code = codes[i]!;
    let newCode = newCodes[code]!;
    if (newCode === 0) {
      newOffsets[size + 1] = newOffsets[size]! + offsets[code + 1]! - offsets[code]!;
      used[size++] = code;
      newCodes[code] = newCode = size;
    }
    recoded[i] = newCode - 1;
  }
  const newBytes = new Uint8Array(newOffsets[size]!);
  let to = 0;
  for (let i = 0; i < size; i++) {
    const code = used[i]!;
    newCodes[code] = 0;
    const end = offsets[code + 1]!;
    for (let from = offsets[code]!; from < end; from++) newBytes[to++] = bytes[from]!;
  }
  const dictionary = { bytes: newBytes, offsets: newOffsets.subarray(0, size + 1) };
  return { dictionary, codes: recoded };
}
