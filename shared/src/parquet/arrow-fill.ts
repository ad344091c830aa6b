import type { ColumnType } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector, Utf8Values } from './column-batch';

/** Where a column's buffers begin in memory; 0 where it has none. */
export interface ColumnBuffers {
  /** A bit a row, the first row in the lowest bit. */
  validity: number;
  /** The values, or where each string begins and the last ends. */
  values: number;
  /** The strings' bytes. */
  text: number;
}

type StringVector = ColumnVector & { kind: 'dictionary' | 'utf8' };

/** Words are copied eight bytes at a time, so up to seven bytes behind the last are written. */
const OVERRUN = 8;

/** Bytes of text that `fillColumns` needs room for. */
export function textBytes(vector: ColumnVector, length: number): number {
  switch (vector.kind) {
    case 'utf8':
      return vector.values.offsets[length]! - vector.values.offsets[0]! + OVERRUN;
    case 'dictionary': {
      const { codes, dictionary, validity } = vector;
      const { offsets: ends } = dictionary;
      let bytes = OVERRUN;
      for (let i = 0; i < length; i++) {
        if (validity && validity[i] === 0) continue;
        bytes += ends[codes[i]! + 1]! - ends[codes[i]!]!;
      }
      return bytes;
    }
    default:
      return 0;
  }
}

export function nullCount({ validity }: ColumnVector, length: number): number {
  let nulls = 0;
  if (validity) for (let i = 0; i < length; i++) nulls += Number(validity[i] === 0);
  return nulls;
}

/** Writes a batch's rows as Arrow lays them out. */
export function fillColumns(
  memory: ArrayBuffer,
  buffers: readonly ColumnBuffers[],
  contract: TableContract,
  { columns, rowCount }: ColumnBatch,
): void {
  for (const [i, [, { type }]] of columnEntries(contract).entries()) {
    fillColumn(memory, buffers[i]!, type, columns[i]!, rowCount);
  }
}

function fillColumn(
  memory: ArrayBuffer,
  buffers: ColumnBuffers,
  type: ColumnType,
  vector: ColumnVector,
  length: number,
): void {
  if (buffers.validity !== 0) fillValidity(memory, buffers.validity, vector.validity, length);
  const at = buffers.values;
  switch (vector.kind) {
    case 'dictionary':
    case 'utf8':
      return fillStrings(memory, buffers, vector, length);
    case 'int32':
      return new Int32Array(memory, at, length).set(vector.values.subarray(0, length));
    case 'int64':
      return type.kind === 'decimal'
        ? fillDecimals(new Int32Array(memory, at, length * 4), vector.values)
        : fillLongs(new Int32Array(memory, at, length * 2), vector.values);
    case 'bigint':
      return fillBigints(new BigInt64Array(memory, at, length * 2), vector.values);
  }
}

function fillValidity(
  memory: ArrayBuffer,
  at: number,
  validity: Uint8Array | undefined,
  length: number,
): void {
  const bits = new Uint8Array(memory, at, (length + 7) >> 3);
  bits.fill(validity ? 0 : 0xff);
  if (!validity) return;
  for (let i = 0; i < length; i++) if (validity[i] !== 0) bits[i >> 3]! |= 1 << (i & 7);
}

/**
 * All strings as text. Arrow has dictionaries too, but the encoder hashes each row's string either
 * way, and is slower to look it up first; and a file of dictionaries would have another schema.
 */
function fillStrings(
  memory: ArrayBuffer,
  { values, text }: ColumnBuffers,
  vector: StringVector,
  length: number,
): void {
  const offsets = new Int32Array(memory, values, length + 1);
  if (vector.kind === 'dictionary') {
    spellOut(new DataView(memory, text), offsets, vector.codes, vector.dictionary, vector.validity);
    return;
  }
  const { bytes, offsets: ends } = vector.values;
  const first = ends[0]!;
  for (let i = 0; i <= length; i++) offsets[i] = ends[i]! - first;
  new Uint8Array(memory, text, ends[length]! - first).set(bytes.subarray(first, ends[length]));
}

function spellOut(
  text: DataView,
  offsets: Int32Array,
  codes: Uint32Array,
  { bytes, offsets: ends }: Utf8Values,
  validity: Uint8Array | undefined,
): void {
  const padded = new Uint8Array(ends[ends.length - 1]! + OVERRUN);
  padded.set(bytes.subarray(0, padded.length - OVERRUN));
  const words = new DataView(padded.buffer);
  let at = 0;
  offsets[0] = 0;
  for (let i = 0; i + 1 < offsets.length; i++) {
    if (!validity || validity[i] !== 0) {
      const code = codes[i]!;
      const from = ends[code]!;
      const size = ends[code + 1]! - from;
      // Doubles are the fastest way to move eight bytes, and safe: a NaN, whose bits might not
      // survive, has bytes next to each other that UTF-8 never has.
      for (let k = 0; k < size; k += 8) {
        text.setFloat64(at + k, words.getFloat64(from + k, true), true);
      }
      at += size;
    }
    offsets[i + 1] = at;
  }
}

const TWO_32 = 2 ** 32;

/** 64 bits in two's complement, as two little-endian words. */
function fillLongs(words: Int32Array, values: Float64Array): void {
  for (let i = 0; i * 2 < words.length; i++) {
    const value = values[i]!;
    words[i * 2] = value;
    words[i * 2 + 1] = Math.floor(value / TWO_32);
  }
}

/** 128 bits, as four words. */
function fillDecimals(words: Int32Array, values: Float64Array): void {
  for (let i = 0; i * 4 < words.length; i++) {
    const value = values[i]!;
    const high = Math.floor(value / TWO_32);
    words[i * 4] = value;
    words[i * 4 + 1] = high;
    words[i * 4 + 2] = words[i * 4 + 3] = high >> 31;
  }
}

function fillBigints(words: BigInt64Array, values: readonly bigint[]): void {
  for (let i = 0; i * 2 < words.length; i++) {
    const value = values[i]!;
    words[i * 2] = BigInt.asIntN(64, value);
    words[i * 2 + 1] = value >> 64n;
  }
}
