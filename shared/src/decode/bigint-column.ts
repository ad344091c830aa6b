import type { Column } from '../contract/column';
import { STAGE_ROWS } from './byte-source';
import { mixA, mixB } from './hash-text';
import { readBigDecimal } from './read-number';
import type { ColumnBuffer, StagedColumn } from './staged-column';
import { createValidity, createValidityBuffer, memberOf, type StagedValidity } from './validity';

/** A column of decimals of more than 15 digits. */
export interface BigintColumn extends StagedColumn {
  values: bigint[];
  validity: StagedValidity;
}

export function createBigintColumn(
  column: Column<bigint>,
  precision: number,
  scale: number,
): BigintColumn {
  const { minimum, maximum, allowed } = column.rules;
  const values = Array.from({ length: STAGE_ROWS }, () => 0n);
  const validity = createValidity(column.nullable);

  const limit = 10n ** BigInt(precision);
  const keepsRules = (value: bigint): boolean =>
    value < limit &&
    value > -limit &&
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    allowed?.includes(value) !== false;

  /** Two words for each value: 38 digits fit 128 bits. */
  const words = new Int32Array(STAGE_ROWS * 2);
  function prepare(rows: number): void {
    for (let row = 0; row < rows; row++) {
      let rest = BigInt.asUintN(128, values[row]!);
      let a = 0;
      let b = 0;
      for (let word = 0; word < 4; word++, rest >>= 32n) {
        const bits = Number(rest & 0xffffffffn) | 0;
        a = mixA(a, bits);
        b = mixB(b, bits);
      }
      words[row * 2] = a;
      words[row * 2 + 1] = b;
    }
  }

  return {
    values,
    validity,
    member: memberOf(validity, (row) => (values[row] = 0n), {
      read: (at, row) =>
        readBigDecimal(at, scale, (value) => {
          values[row] = value;
          return keepsRules(value);
        }),
    }),
    set(row, value) {
      values[row] = (value as bigint | null) ?? 0n;
      if (validity) validity[row] = value === null ? 0 : 1;
    },
    hashed: { kind: 'words', values: words, prepare, validity },
    createBuffer: () => createBigintBuffer(values, validity),
  };
}

function createBigintBuffer(staged: bigint[], stagedValidity: StagedValidity): ColumnBuffer {
  let values: bigint[] = [];
  const validity = createValidityBuffer(stagedValidity);
  return {
    append(rows, count, size) {
      if (size === 0) values = [];
      for (let i = 0; i < count; i++) values.push(staged[rows[i]!]!);
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'bigint', values, ...validity.take() }),
  };
}
