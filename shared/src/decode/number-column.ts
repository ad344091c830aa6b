import type { Column } from '../contract/column';
import { STAGE_ROWS, mixA, mixB, type ByteSource, type Hashes } from './byte-source';
import { decimalReader, int32Reader } from './read-number';
import { dateReader, timestampReader } from './read-timestamp';
import {
  MISS,
  capacityFor,
  type ColumnBuffer,
  type StagedColumn,
  type ValueReader,
} from './staged-column';
import { createValidity, createValidityBuffer, orNull, type StagedValidity } from './validity';

/** A column whose values are whole numbers that a double holds exactly. */
export interface NumberColumn extends StagedColumn {
  values: Float64Array;
  validity: StagedValidity;
}

/** A staged column of int32, date, timestamp, or decimal of at most 15 digits. */
export function createNumberColumn(source: ByteSource, column: Column): NumberColumn {
  const { type, nullable, rules } = column;
  const values = new Float64Array(STAGE_ROWS);
  const words = new Int32Array(values.buffer);
  const validity = createValidity(nullable);
  const minimum = rules.minimum === undefined ? -Infinity : Number(rules.minimum);
  const maximum = rules.maximum === undefined ? Infinity : Number(rules.maximum);
  const allowed = rules.allowed && new Set(rules.allowed.map(Number));
  const hasBounds = minimum !== -Infinity || maximum !== Infinity;

  function setNull(row: number): void {
    values[row] = 0;
    validity![row] = 0;
  }

  function mixInto({ a, b }: Hashes, rows: number): void {
    for (let row = 0; row < rows; row++) {
      const low = words[2 * row]!;
      const high = words[2 * row + 1]! + (validity ? validity[row]! : 1);
      a[row] = mixA(mixA(a[row]!, low), high);
      b[row] = mixB(mixB(b[row]!, low), high);
    }
  }

  return {
    values,
    validity,
    read: orNull(source, validity, valueReader(source, column, values), setNull),
    setNull,
    set(row, value) {
      if (value === null) {
        setNull(row);
        return;
      }
      values[row] = Number(value);
      if (validity) validity[row] = 1;
    },
    check(rows, bad) {
      if (!hasBounds && !allowed) return;
      for (let row = 0; row < rows; row++) {
        const value = values[row]!;
        if (value >= minimum && value <= maximum && (!allowed || allowed.has(value))) continue;
        if (!validity || validity[row] === 1) bad[row] = 1;
      }
    },
    mixInto,
    mixAgain: mixInto,
    createBuffer: () =>
      type.kind === 'int32' || type.kind === 'date'
        ? createInt32Buffer(values, validity)
        : createInt64Buffer(values, validity),
  };
}

function valueReader(source: ByteSource, { type, derivedFrom }: Column, values: Float64Array) {
  if (derivedFrom) return neverRead;
  switch (type.kind) {
    case 'int32':
      return int32Reader(source, values);
    case 'date':
      return dateReader(source, values);
    case 'timestamp':
      return timestampReader(source, values);
    case 'decimal':
      return decimalReader(source, values, type.precision, type.scale);
    case 'string':
      throw new TypeError('a string is no number');
  }
}

/** A derived column is computed. */
const neverRead: ValueReader = () => MISS;

function createInt32Buffer(staged: Float64Array, stagedValidity: StagedValidity): ColumnBuffer {
  let values = new Int32Array(0);
  const validity = createValidityBuffer(stagedValidity);
  return {
    append(rows, count, size) {
      if (size + count > values.length) {
        const larger = new Int32Array(capacityFor(size + count));
        larger.set(values);
        values = larger;
      }
      const target = values;
      for (let i = 0; i < count; i++) target[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'int32', values, ...validity.take() }),
  };
}

function createInt64Buffer(staged: Float64Array, stagedValidity: StagedValidity): ColumnBuffer {
  let values = new Float64Array(0);
  const validity = createValidityBuffer(stagedValidity);
  return {
    append(rows, count, size) {
      if (size + count > values.length) {
        const larger = new Float64Array(capacityFor(size + count));
        larger.set(values);
        values = larger;
      }
      const target = values;
      for (let i = 0; i < count; i++) target[size + i] = staged[rows[i]!]!;
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'int64', values, ...validity.take() }),
  };
}
