import type { ColumnBatch, ColumnVector, Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { arrangeTexts } from './arrange-texts';
import type { RowOrder } from './day-groups';

/**
 * Takes rows out of a batch and puts them into an order. The arrays are good until the next call.
 */
export type RowArranger = (batch: ColumnBatch, order: RowOrder) => ColumnBatch;

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
  return ({ columns }, order) => {
    const rowCount = order.rows.length;
    return {
      rowCount,
      columns: columns.map((vector, i) => {
        const room = (rooms[i] ??= createRoom());
        const arranged = arrangeValues(vector, order, room);
        if (vector.validity) {
          arranged.validity = room.validity = grown(room.validity, rowCount);
          arrange(vector.validity, order, room.validity);
        }
        return arranged;
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

function arrangeValues(vector: ColumnVector, order: RowOrder, room: Room): ColumnVector {
  const count = order.rows.length;
  switch (vector.kind) {
    case 'dictionary':
      room.codes = grown(room.codes, count);
      arrange(vector.codes, order, room.codes);
      return { kind: 'dictionary', codes: room.codes, dictionary: vector.dictionary };
    case 'int32':
      room.ints = grown(room.ints, count);
      arrange(vector.values, order, room.ints);
      return { kind: 'int32', values: room.ints };
    case 'int64':
      room.doubles = grown(room.doubles, count);
      arrange(vector.values, order, room.doubles);
      return { kind: 'int64', values: room.doubles };
    case 'utf8':
      arrangeTexts(vector.values, order, room.texts);
      return { kind: 'utf8', values: { ...room.texts } };
    case 'bigint':
      return { kind: 'bigint', values: arrangeBigints(vector.values, order) };
  }
}

// V8 makes a loop fast for four kinds of arrays at most: these.
function arrange<A extends Uint8Array | Int32Array | Uint32Array | Float64Array>(
  values: A,
  { rows, places }: RowOrder,
  into: A,
): void {
  const count = rows.length;
  for (let i = 0; i < count; i++) into[places[i]!] = values[rows[i]!]!;
}

function arrangeBigints(values: readonly bigint[], { rows, places }: RowOrder): bigint[] {
  const into = new Array<bigint>(rows.length);
  for (const [i, row] of rows.entries()) into[places[i]!] = values[row]!;
  return into;
}
