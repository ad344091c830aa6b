import { grown } from '../parquet/grown';
import { isRun, runOf } from './row-runs';
import type { ColumnBuffer } from './staged-column';
import { createValidityBuffer, type StagedValidity } from './validity';

/** Rows of 32-bit numbers that wait for their batch. */
export function createInt32Buffer(
  staged: Int32Array,
  stagedValidity: StagedValidity,
): ColumnBuffer<'int32'> {
  const validity = createValidityBuffer(stagedValidity);
  let values = new Int32Array(0);
  return {
    append(rows, count, size) {
      values = grown(values, size + count);
      const into = values;
      if (isRun(rows, count)) into.set(runOf(staged, rows[0]!, count), size);
      else for (let i = 0; i < count; i++) into[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    takeOver(other, size) {
      const taken = other.take(size);
      values = grown(values, size);
      values.set(taken.values);
      validity.set(taken, size);
    },
    take: (size) => ({ kind: 'int32', values: values.subarray(0, size), ...validity.take(size) }),
  };
}

/** Rows of numbers that a double holds exactly. */
export function createInt64Buffer(
  staged: Float64Array,
  stagedValidity: StagedValidity,
): ColumnBuffer<'int64'> {
  const validity = createValidityBuffer(stagedValidity);
  let values = new Float64Array(0);
  return {
    append(rows, count, size) {
      values = grown(values, size + count);
      const into = values;
      if (isRun(rows, count)) into.set(runOf(staged, rows[0]!, count), size);
      else for (let i = 0; i < count; i++) into[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    takeOver(other, size) {
      const taken = other.take(size);
      values = grown(values, size);
      values.set(taken.values);
      validity.set(taken, size);
    },
    take: (size) => ({ kind: 'int64', values: values.subarray(0, size), ...validity.take(size) }),
  };
}
