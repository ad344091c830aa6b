import type { ColumnVector, Utf8Values } from './column-batch';

/** The first `length` strings of a column as text, whether it came with a dictionary or not. */
export function utf8Values(
  vector: ColumnVector & { kind: 'dictionary' | 'utf8' },
  length: number,
): Utf8Values {
  if (vector.kind === 'utf8') {
    return { bytes: vector.values.bytes, offsets: vector.values.offsets.subarray(0, length + 1) };
  }
  const { codes, dictionary, validity } = vector;
  const { bytes: words, offsets: ends } = dictionary;
  const offsets = new Uint32Array(length + 1);
  let end = 0;
  for (let i = 0; i < length; i++) {
    const code = codes[i]!;
    if (!validity || validity[i] === 1) end += ends[code + 1]! - ends[code]!;
    offsets[i + 1] = end;
  }
  const bytes = new Uint8Array(end);
  for (let i = 0; i < length; i++) {
    const stop = offsets[i + 1]!;
    for (let to = offsets[i]!, from = ends[codes[i]!]!; to < stop; to++, from++) {
      bytes[to] = words[from]!;
    }
  }
  return { bytes, offsets };
}
