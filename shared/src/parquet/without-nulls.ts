import type { ColumnVector } from './column-batch';

/** The first `rowCount` values without those of rows that are null; views where none is. */
export function withoutNulls<V extends ColumnVector>(vector: V, rowCount: number): V;
export function withoutNulls(vector: ColumnVector, rowCount: number): ColumnVector {
  if (vector.validity) return compacted(vector, vector.validity, rowCount);
  if (vector.kind !== 'bigint') return vector;
  return { kind: 'bigint', values: vector.values.slice(0, rowCount) };
}

function compacted(vector: ColumnVector, validity: Uint8Array, rowCount: number): ColumnVector {
  switch (vector.kind) {
    case 'dictionary': {
      const codes = gathered(vector.codes, validity, new Uint32Array(rowCount), rowCount);
      return { kind: 'dictionary', codes, dictionary: vector.dictionary };
    }
    case 'utf8': {
      const { bytes, offsets: ends } = vector.values;
      const offsets = new Uint32Array(rowCount + 1);
      let count = 0;
      // A row that is null is an empty string: its neighbours touch.
      for (let i = 0; i < rowCount; i++) if (validity[i] === 1) offsets[count++] = ends[i]!;
      offsets[count] = ends[rowCount]!;
      return { kind: 'utf8', values: { bytes, offsets: offsets.subarray(0, count + 1) } };
    }
    case 'int32':
      return {
        kind: 'int32',
        values: gathered(vector.values, validity, new Int32Array(rowCount), rowCount),
      };
    case 'int64':
      return {
        kind: 'int64',
        values: gathered(vector.values, validity, new Float64Array(rowCount), rowCount),
      };
    case 'bigint':
      return {
        kind: 'bigint',
        values: vector.values.slice(0, rowCount).filter((_, i) => validity[i] === 1),
      };
  }
}

function gathered<A extends Uint32Array | Int32Array | Float64Array>(
  values: A,
  validity: Uint8Array,
  into: A,
  rowCount: number,
): A {
  let count = 0;
  for (let i = 0; i < rowCount; i++) if (validity[i] === 1) into[count++] = values[i]!;
  return into;
}
