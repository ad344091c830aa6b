import { capacityFor, isRun, type ColumnBuffer } from './staged-column';
import { createValidityBuffer, type StagedValidity } from './validity';

/** Rows of 32-bit numbers that wait for their batch. */
export function createInt32Buffer(
  staged: Int32Array,
  stagedValidity: StagedValidity,
): ColumnBuffer {
  const validity = createValidityBuffer(stagedValidity);
  let values = new Int32Array(0);
  return {
    append(rows, count, size) {
      if (size + count > values.length) {
        const larger = new Int32Array(capacityFor(size + count));
        larger.set(values);
        values = larger;
      }
      const into = values;
      if (isRun(rows, count)) into.set(staged.subarray(rows[0], rows[0]! + count), size);
      else for (let i = 0; i < count; i++) into[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'int32', values, ...validity.take() }),
  };
}

/** Rows of numbers that a double holds exactly. */
export function createInt64Buffer(
  staged: Float64Array,
  stagedValidity: StagedValidity,
): ColumnBuffer {
  const validity = createValidityBuffer(stagedValidity);
  let values = new Float64Array(0);
  return {
    append(rows, count, size) {
      if (size + count > values.length) {
        const larger = new Float64Array(capacityFor(size + count));
        larger.set(values);
        values = larger;
      }
      const into = values;
      if (isRun(rows, count)) into.set(staged.subarray(rows[0], rows[0]! + count), size);
      else for (let i = 0; i < count; i++) into[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'int64', values, ...validity.take() }),
  };
}
