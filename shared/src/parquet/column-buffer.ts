import type { Column } from '../contract/column';
import type { ColumnVector } from './column-batch';
import { grown } from './grown';
import { createStringBuffer } from './string-buffer';
import { vectorKinds } from './vector-kind';

/** One column of the rows of several batches. */
export interface ColumnBuffer {
  /** Adds rows start … end behind the `rowCount` that are held, of which `held` tells the nulls. */
  append(
    vector: ColumnVector,
    start: number,
    end: number,
    rowCount: number,
    held?: Uint8Array,
  ): void;
  take(rowCount: number): ColumnVector;
  byteSize(rowCount: number): number;
}

export function createColumnBuffer({ type }: Column): ColumnBuffer {
  const values = type.kind === 'string' ? createStringBuffer() : createNumberBuffer(type);
  let validity = new Uint8Array(0);
  let hasNulls = false;
  return {
    append(vector, start, end, rowCount) {
      values.append(vector, start, end, rowCount, hasNulls ? validity : undefined);
      if (vector.validity) {
        validity = grown(validity, rowCount + end - start);
        if (!hasNulls) validity.fill(1, 0, rowCount);
        validity.set(vector.validity.subarray(start, end), rowCount);
        hasNulls = true;
      } else if (hasNulls) {
        validity = grown(validity, rowCount + end - start);
        validity.fill(1, rowCount, rowCount + end - start);
      }
    },
    take(rowCount) {
      const vector = values.take(rowCount);
      if (hasNulls) vector.validity = validity.subarray(0, rowCount);
      hasNulls = false;
      return vector;
    },
    byteSize: (rowCount) => values.byteSize(rowCount) + (hasNulls ? rowCount : 0),
  };
}

/** About the memory of one. */
export const BIGINT_BYTES = 32;

function createNumberBuffer(type: Column['type']): ColumnBuffer {
  switch (vectorKinds(type)[0]) {
    case 'int32': {
      let values = new Int32Array(0);
      return {
        append(vector, start, end, rowCount) {
          if (vector.kind !== 'int32') return;
          values = grown(values, rowCount + end - start);
          values.set(vector.values.subarray(start, end), rowCount);
        },
        take: (rowCount) => ({ kind: 'int32', values: values.subarray(0, rowCount) }),
        byteSize: (rowCount) => rowCount * 4,
      };
    }
    case 'int64': {
      let values = new Float64Array(0);
      return {
        append(vector, start, end, rowCount) {
          if (vector.kind !== 'int64') return;
          values = grown(values, rowCount + end - start);
          values.set(vector.values.subarray(start, end), rowCount);
        },
        take: (rowCount) => ({ kind: 'int64', values: values.subarray(0, rowCount) }),
        byteSize: (rowCount) => rowCount * 8,
      };
    }
    default: {
      let values: bigint[] = [];
      return {
        append(vector, start, end) {
          if (vector.kind !== 'bigint') return;
          for (let i = start; i < end; i++) values.push(vector.values[i]!);
        },
        take() {
          const taken = values;
          values = [];
          return { kind: 'bigint', values: taken };
        },
        byteSize: (rowCount) => rowCount * BIGINT_BYTES,
      };
    }
  }
}
