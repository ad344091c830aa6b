import type { Column } from '../contract/column';
import { STAGE_ROWS, mixA, mixB, type ByteSource, type Hashes } from './byte-source';
import { readBigDecimal } from './read-number';
import type { ColumnBuffer, StagedColumn } from './staged-column';
import { createValidity, createValidityBuffer, memberOf, type StagedValidity } from './validity';

/** A column of decimals of more than 15 digits. */
export interface BigintColumn extends StagedColumn {
  values: bigint[];
  validity: StagedValidity;
}

export function createBigintColumn(
  source: ByteSource,
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

  function mixInto({ a, b }: Hashes, rows: number): void {
    for (let row = 0; row < rows; row++) {
      // 38 digits fit 128 bits.
      let rest = BigInt.asUintN(128, values[row]!);
      let x = a[row]!;
      let y = b[row]!;
      for (let word = 0; word < 4; word++, rest >>= 32n) {
        const bits = Number(rest & 0xffffffffn) | 0;
        x = mixA(x, bits);
        y = mixB(y, bits);
      }
      const valid = validity ? validity[row]! : 1;
      a[row] = mixA(x, valid);
      b[row] = mixB(y, valid);
    }
  }

  return {
    values,
    validity,
    member: memberOf(source, validity, (row) => (values[row] = 0n), {
      read: (at, row) =>
        readBigDecimal(source.bytes, at, scale, (value) => {
          values[row] = value;
          return keepsRules(value);
        }),
    }),
    set(row, value) {
      values[row] = (value as bigint | null) ?? 0n;
      if (validity) validity[row] = value === null ? 0 : 1;
    },
    mixInto,
    mixKeyInto(key, row, rows) {
      mixInto(key, rows);
      mixInto(row, rows);
    },
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
