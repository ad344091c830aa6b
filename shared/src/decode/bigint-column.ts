import type { Column } from '../contract/column';
import { STAGE_ROWS, mixA, mixB, type ByteSource, type Hashes } from './byte-source';
import { bigDecimalReader } from './read-number';
import type { ColumnBuffer, StagedColumn } from './staged-column';
import { createValidity, createValidityBuffer, orNull, type StagedValidity } from './validity';

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

  function setNull(row: number): void {
    values[row] = 0n;
    validity![row] = 0;
  }

  const breaksRule = (value: bigint): boolean =>
    (minimum !== undefined && value < minimum) ||
    (maximum !== undefined && value > maximum) ||
    (allowed !== undefined && !allowed.includes(value));

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
    read: orNull(source, validity, bigDecimalReader(source, values, precision, scale), setNull),
    setNull,
    set(row, value) {
      if (value === null) {
        setNull(row);
        return;
      }
      values[row] = value as bigint;
      if (validity) validity[row] = 1;
    },
    check(rows, bad) {
      for (let row = 0; row < rows; row++) {
        if (breaksRule(values[row]!) && (!validity || validity[row] === 1)) bad[row] = 1;
      }
    },
    mixInto,
    mixAgain: mixInto,
    createBuffer: () => createBigintBuffer(values, validity),
  };
}

function createBigintBuffer(staged: bigint[], stagedValidity: StagedValidity): ColumnBuffer {
  const values: bigint[] = [];
  const validity = createValidityBuffer(stagedValidity);
  return {
    append(rows, count, size) {
      for (let i = 0; i < count; i++) values.push(staged[rows[i]!]!);
      validity.append(rows, count, size);
    },
    take: () => ({ kind: 'bigint', values, ...validity.take() }),
  };
}
