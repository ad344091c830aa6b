import type { ColumnBatch, ColumnVector, Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';

/**
 * Takes rows out of a batch and puts them into an order: row rows[i] comes to places[i]. The arrays are
 * good until the next call.
 */
export type RowArranger = (
  batch: ColumnBatch,
  rows: Uint32Array,
  places: Uint32Array,
) => ColumnBatch;

/** The arrays of one column; of each kind of vector others. */
interface Room {
  ints: Int32Array;
  codes: Uint32Array;
  doubles: Float64Array;
  texts: Utf8Values;
  validity: Uint8Array;
}

export function createRowArranger(): RowArranger {
  const rooms: Room[] = [];
  return ({ columns }, rows, places) => ({
    rowCount: rows.length,
    columns: columns.map((vector, i) => {
      const room = (rooms[i] ??= createRoom());
      const arranged = arrangeValues(vector, rows, places, room);
      if (!vector.validity) return arranged;
      const into = (room.validity = grown(room.validity, rows.length));
      for (let k = 0; k < rows.length; k++) into[places[k]!] = vector.validity[rows[k]!]!;
      return { ...arranged, validity: into };
    }),
  });
}

function createRoom(): Room {
  return {
    ints: new Int32Array(0),
    codes: new Uint32Array(0),
    doubles: new Float64Array(0),
    texts: { bytes: new Uint8Array(0), offsets: new Uint32Array(1) },
    validity: new Uint8Array(0),
  };
}

function arrangeValues(
  vector: ColumnVector,
  rows: Uint32Array,
  places: Uint32Array,
  room: Room,
): ColumnVector {
  const count = rows.length;
  switch (vector.kind) {
    case 'dictionary': {
      const { codes, dictionary } = vector;
      room.codes = grown(room.codes, count);
      arrangeCodes(codes, rows, places, room.codes);
      return { kind: 'dictionary', codes: room.codes, dictionary };
    }
    case 'int32':
      room.ints = grown(room.ints, count);
      arrangeInts(vector.values, rows, places, room.ints);
      return { kind: 'int32', values: room.ints };
    case 'int64':
      room.doubles = grown(room.doubles, count);
      arrangeDoubles(vector.values, rows, places, room.doubles);
      return { kind: 'int64', values: room.doubles };
    case 'utf8':
      arrangeTexts(vector.values, rows, places, room.texts);
      return { kind: 'utf8', values: { ...room.texts } };
    case 'bigint': {
      const values: bigint[] = new Array<bigint>(count);
      for (let i = 0; i < count; i++) values[places[i]!] = vector.values[rows[i]!]!;
      return { kind: 'bigint', values };
    }
  }
}

// One for each kind of array: one for all of them would be slow.

function arrangeCodes(
  from: Uint32Array,
  rows: Uint32Array,
  places: Uint32Array,
  into: Uint32Array,
): void {
  for (let i = 0; i < rows.length; i++) into[places[i]!] = from[rows[i]!]!;
}

function arrangeInts(
  from: Int32Array,
  rows: Uint32Array,
  places: Uint32Array,
  into: Int32Array,
): void {
  for (let i = 0; i < rows.length; i++) into[places[i]!] = from[rows[i]!]!;
}

function arrangeDoubles(
  from: Float64Array,
  rows: Uint32Array,
  places: Uint32Array,
  into: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) into[places[i]!] = from[rows[i]!]!;
}

function arrangeTexts(
  { bytes, offsets }: Utf8Values,
  rows: Uint32Array,
  places: Uint32Array,
  into: Utf8Values,
): void {
  const count = rows.length;
  const ends = (into.offsets = grown(into.offsets, count + 1));
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    ends[places[i]! + 1] = offsets[row + 1]! - offsets[row]!;
  }
  for (let i = 1; i <= count; i++) ends[i]! += ends[i - 1]!;
  into.bytes = grown(into.bytes, ends[count]!);
  const from = new DataView(bytes.buffer, bytes.byteOffset);
  const to = new DataView(into.bytes.buffer);
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    moveText(from, offsets[row]!, offsets[row + 1]!, to, ends[places[i]!]!);
  }
}

/** Copies what stands there from `start` to `end`. */
function moveText(from: DataView, start: number, end: number, to: DataView, at: number): void {
  // Doubles are the fastest way to move eight bytes, and safe: a NaN, whose bits might not survive,
  // needs the bytes f0 … ff, 7f or ff next to each other, which UTF-8 never has.
  const last = end - 8;
  const shift = at - start;
  for (let i = start; i < last; i += 8) to.setFloat64(i + shift, from.getFloat64(i, true), true);
  if (last >= start) to.setFloat64(last + shift, from.getFloat64(last, true), true);
  else for (let i = start; i < end; i++) to.setUint8(i + shift, from.getUint8(i));
}
