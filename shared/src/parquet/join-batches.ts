import type { ColumnBatch, ColumnVector, Utf8Values } from './column-batch';
import { grown } from './grown';
import { createUtf8Dictionary, type Utf8Dictionary } from './utf8-dictionary';
import { utf8Values } from './utf8-values';

interface Part<V extends ColumnVector = ColumnVector> {
  vector: V;
  rowCount: number;
}
type Words = ColumnVector & { kind: 'dictionary' };
type Texts = ColumnVector & { kind: 'dictionary' | 'utf8' };

/** The rows of at least one batch, one behind another, in arrays of their own where it is several. */
export function joinBatches(batches: readonly ColumnBatch[]): ColumnBatch {
  const [first, ...others] = batches;
  if (others.length === 0) return first!;
  const rowCount = batches.reduce((sum, batch) => sum + batch.rowCount, 0);
  const columns = first!.columns.map((_, i) =>
    joinParts(
      batches.map((batch) => ({ vector: batch.columns[i]!, rowCount: batch.rowCount })),
      rowCount,
    ),
  );
  return { rowCount, columns };
}

function joinParts(parts: Part[], rowCount: number): ColumnVector {
  const joined = joinValues(parts, rowCount);
  if (parts.some(({ vector }) => vector.validity)) {
    joined.validity = new Uint8Array(rowCount).fill(1);
    let row = 0;
    for (const { vector, rowCount: rows } of parts) {
      if (vector.validity) joined.validity.set(vector.validity.subarray(0, rows), row);
      row += rows;
    }
  }
  return joined;
}

function joinValues(parts: Part[], rowCount: number): ColumnVector {
  const { kind } = parts[0]!.vector;
  switch (kind) {
    case 'int32':
      return { kind, values: joinArrays(numbersOf(parts, kind), new Int32Array(rowCount)) };
    case 'int64':
      return { kind, values: joinArrays(numbersOf(parts, kind), new Float64Array(rowCount)) };
    case 'bigint':
      return { kind, values: numbersOf(parts, kind).flat() };
    default:
      return joinStrings(parts as Part<Texts>[], rowCount);
  }
}

function numbersOf<K extends 'int32' | 'int64' | 'bigint'>(parts: Part[], kind: K) {
  type Values = (ColumnVector & { kind: K })['values'];
  return parts.map(({ vector, rowCount }) => {
    if (vector.kind !== kind) throw new TypeError(`A column is ${kind} and ${vector.kind}`);
    const values = vector.values as Values;
    return (Array.isArray(values) ? values : values.subarray(0, rowCount)) as Values;
  });
}

function joinArrays<A extends Int32Array | Float64Array | Uint32Array>(arrays: A[], into: A): A {
  let at = 0;
  for (const array of arrays) {
    into.set(array, at);
    at += array.length;
  }
  return into;
}

/** Codes where most rows have them: a few rows that hardly repeat say little of the others. */
function joinStrings(parts: Part<Texts>[], rowCount: number): ColumnVector {
  const withCodes = parts.reduce(
    (sum, part) => sum + (part.vector.kind === 'dictionary' ? part.rowCount : 0),
    0,
  );
  return withCodes * 2 > rowCount ? joinWords(parts, rowCount) : joinTexts(parts, rowCount);
}

function joinTexts(parts: Part<Texts>[], rowCount: number): ColumnVector {
  const texts = parts.map((part) => utf8Values(part.vector, part.rowCount));
  const sizeOf = ({ offsets }: Utf8Values): number => offsets.at(-1)! - offsets[0]!;
  const bytes = new Uint8Array(texts.reduce((sum, some) => sum + sizeOf(some), 0));
  const offsets = new Uint32Array(rowCount + 1);
  let row = 0;
  for (const { bytes: from, offsets: ends } of texts) {
    const at = offsets[row]!;
    const shift = at - ends[0]!;
    bytes.set(from.subarray(ends[0], ends.at(-1)), at);
    for (let i = 1; i < ends.length; i++) offsets[++row] = ends[i]! + shift;
  }
  return { kind: 'utf8', values: { bytes, offsets } };
}

/** With the last dictionary where the others are its beginning; otherwise with a new one. */
function joinWords(parts: Part<Texts>[], rowCount: number): ColumnVector {
  const codes = new Uint32Array(rowCount);
  const last = parts.at(-1)!.vector;
  if (last.kind === 'dictionary' && parts.every((part) => goesOn(part, last.dictionary))) {
    const all = parts.map((part) => (part.vector as Words).codes.subarray(0, part.rowCount));
    return { kind: 'dictionary', codes: joinArrays(all, codes), dictionary: last.dictionary };
  }
  const merged = createUtf8Dictionary();
  let row = 0;
  let before: Utf8Values | undefined;
  for (const { vector, rowCount: rows } of parts) {
    if (vector.kind === 'dictionary') {
      mergeCodes(merged, codes, row, vector, 0, rows, vector.dictionary === before);
      before = vector.dictionary;
    } else lookUpTexts(merged, codes, row, vector, rows);
    row += rows;
  }
  return { kind: 'dictionary', codes, dictionary: merged.values() };
}

function goesOn({ vector }: Part<Texts>, dictionary: Utf8Values): boolean {
  return vector.kind === 'dictionary' && startsWith(dictionary, vector.dictionary);
}

function lookUpTexts(
  dictionary: Utf8Dictionary,
  into: Uint32Array,
  row: number,
  { values: { bytes, offsets }, validity }: ColumnVector & { kind: 'utf8' },
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    if (validity?.[i] === 0) continue;
    into[row + i] = dictionary.codeOf(bytes, offsets[i]!, offsets[i + 1]!);
  }
}

/** Whether each word of the shorter has the same code in the longer. */
export function startsWith(longer: Utf8Values, shorter: Utf8Values): boolean {
  const count = shorter.offsets.length;
  if (longer === shorter) return true;
  return (
    longer.offsets.length >= count &&
    Buffer.compare(bytesOf(longer.offsets, count), bytesOf(shorter.offsets, count)) === 0 &&
    Buffer.compare(
      longer.bytes.subarray(0, shorter.offsets.at(-1)),
      shorter.bytes.subarray(0, shorter.offsets.at(-1)),
    ) === 0
  );
}

function bytesOf({ buffer, byteOffset }: Uint32Array, length: number): Uint8Array {
  return new Uint8Array(buffer, byteOffset, length * Uint32Array.BYTES_PER_ELEMENT);
}

// Joining never waits in between, so every column of every file can use the same.
let newCodes = new Uint32Array(0);

/**
 * Puts the codes start … end of a vector behind `row` others, as codes of `dictionary`. `goesOn` says
 * that the one before had the same words, so that those it used are known.
 */
function mergeCodes(
  dictionary: Utf8Dictionary,
  into: Uint32Array,
  row: number,
  { codes, dictionary: words, validity }: Words,
  start: number,
  end: number,
  goesOn: boolean,
): void {
  const { bytes, offsets } = words;
  // Counted from 1: 0 stands for a word that was not met yet, lest unused words be taken over.
  newCodes = grown(newCodes, offsets.length);
  const known = newCodes;
  if (!goesOn) known.fill(0, 0, offsets.length);
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
