import type { ColumnBatch, ColumnVector, Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { createRowMover, type RowMover } from './row-mover';

/**
 * Takes rows out of a batch and puts them into an order: row rows[i], which ascend, comes to
 * places[i]. The arrays are good until the next call.
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
  return ({ columns }, rows, places) => {
    const mover = createRowMover(rows, places);
    return {
      rowCount: rows.length,
      columns: columns.map((vector, i) => {
        const room = (rooms[i] ??= createRoom());
        const arranged = arrangeValues(vector, rows, places, mover, room);
        if (!vector.validity) return arranged;
        const into = (room.validity = grown(room.validity, rows.length));
        for (let k = 0; k < rows.length; k++) into[places[k]!] = vector.validity[rows[k]!]!;
        return { ...arranged, validity: into };
      }),
    };
  };
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
  mover: RowMover,
  room: Room,
): ColumnVector {
  const count = rows.length;
  switch (vector.kind) {
    case 'dictionary': {
      const { codes, dictionary } = vector;
      room.codes = grown(room.codes, count);
      mover.codes(codes, room.codes);
      return { kind: 'dictionary', codes: room.codes, dictionary };
    }
    case 'int32':
      room.ints = grown(room.ints, count);
      mover.ints(vector.values, room.ints);
      return { kind: 'int32', values: room.ints };
    case 'int64':
      room.doubles = grown(room.doubles, count);
      mover.doubles(vector.values, room.doubles);
      return { kind: 'int64', values: room.doubles };
    case 'utf8':
      mover.texts(vector.values, room.texts);
      return { kind: 'utf8', values: { ...room.texts } };
    case 'bigint': {
      const values: bigint[] = new Array<bigint>(count);
      for (let i = 0; i < count; i++) values[places[i]!] = vector.values[rows[i]!]!;
      return { kind: 'bigint', values };
    }
  }
}
