import type { Column } from '../contract/column';
import type { Arena } from './arena';
import { hostedMember } from './hosted-member';
import { STAGE_ROWS } from './kernel-source';
import { readBigDecimal } from './read-big-decimal';
import type { ColumnBuffer, StagedColumn } from './staged-column';
import { createValidity, createValidityBuffer, type StagedValidity } from './validity';

/** A column of decimals of more than 15 digits. */
export interface BigintColumn extends StagedColumn {
  values: bigint[];
  validity: StagedValidity;
}

/** An odd number of no structure. */
const FOLDING_FACTOR = 0x9e3779b97f4a7c15n;

export function createBigintColumn(
  column: Column<bigint>,
  precision: number,
  scale: number,
  arena: Arena,
): BigintColumn {
  const { minimum, maximum, allowed } = column.rules;
  const values = Array.from({ length: STAGE_ROWS }, () => 0n);
  const validity = createValidity(column.nullable, arena);

  const limit = 10n ** BigInt(precision);
  const keepsRules = (value: bigint): boolean =>
    value < limit &&
    value > -limit &&
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    allowed?.includes(value) !== false;

  /** What is hashed of each value: 38 digits fit 128 bits, and these are folded to 64. */
  const folded = arena.doubles(STAGE_ROWS);
  const words = new BigUint64Array(folded.buffer, folded.byteOffset, STAGE_ROWS);
  function prepare(rows: number): void {
    for (let row = 0; row < rows; row++) {
      const bits = BigInt.asUintN(128, values[row]!);
      words[row] = BigInt.asUintN(64, bits ^ ((bits >> 64n) * FOLDING_FACTOR));
    }
  }

  return {
    values,
    validity,
    member: hostedMember(
      validity,
      (row) => (values[row] = 0n),
      (at, row) =>
        readBigDecimal(at, scale, (value) => {
          values[row] = value;
          return keepsRules(value);
        }),
      arena,
    ),
    set(row, value) {
      values[row] = (value as bigint | null) ?? 0n;
      if (validity) validity[row] = value === null ? 0 : 1;
    },
    hashed: { kind: 'int64', values: words.byteOffset, prepare, validity },
    createBuffer: () => createBigintBuffer(values, validity),
  };
}

function createBigintBuffer(
  staged: bigint[],
  stagedValidity: StagedValidity,
): ColumnBuffer<'bigint'> {
  let values: bigint[] = [];
  const validity = createValidityBuffer(stagedValidity);
  return {
    append(rows, count, size) {
      if (size === 0) values = [];
      for (let i = 0; i < count; i++) values.push(staged[rows[i]!]!);
      validity.append(rows, count, size);
    },
    takeOver(other, size) {
      const taken = other.take(size);
      values = taken.values;
      validity.set(taken, size);
    },
    take: (size) => ({ kind: 'bigint', values, ...validity.take(size) }),
  };
}
