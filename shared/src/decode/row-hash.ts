import type { Arena } from './arena';
import { kernel } from './kernel';
import { STAGE_ROWS } from './kernel-source';
import type { StagedValidity } from './validity';

/** Where the staged values of a column stand, for a hash of them. */
export interface HashedColumn {
  /** `values` is a text's target, or the address of its values, 4 or 8 bytes each. */
  kind: keyof typeof HASHED_KINDS;
  values: number;
  validity: StagedValidity;
  /** Brings the values up to date for so many rows. */
  prepare?: (rows: number) => void;
}

/** See `shared/kernels/decoder/row-hash.ts`. */
const HASHED_KINDS = { text: 0, int32: 1, int64: 2 } as const;
const COLUMN_BYTES = 16;

/** Staged rows, as a key index takes them: one array behind another, in one block. */
export interface KeyedRows {
  /** Two words of a hash of each row's key. */
  keys: Int32Array;
  /** Two words of a hash of all of it, and of its key in another way. */
  whole: Int32Array;
  /** On which line each stands. */
  lines: Uint32Array;
  /** 1 where a row is left out. */
  bad: Uint8Array;
}

/** All of the arrays of KeyedRows. */
export const KEYED_ROWS_BYTES = STAGE_ROWS * (8 + 8 + 4 + 1);

export function createKeyedRows(buffer: ArrayBuffer, address: number): KeyedRows {
  return {
    keys: new Int32Array(buffer, address, STAGE_ROWS * 2),
    whole: new Int32Array(buffer, address + STAGE_ROWS * 8, STAGE_ROWS * 2),
    lines: new Uint32Array(buffer, address + STAGE_ROWS * 16, STAGE_ROWS),
    bad: new Uint8Array(buffer, address + STAGE_ROWS * 20, STAGE_ROWS),
  };
}

/** Puts there the hashes of the first `rows` staged rows. */
export type RowHasher = (rows: number) => void;

/** The hasher of rows with these columns: the key's, and the others. */
export function createRowHasher(
  keyColumns: readonly HashedColumn[],
  otherColumns: readonly HashedColumn[],
  { keys, whole }: KeyedRows,
  arena: Arena,
): RowHasher {
  const columns = [...keyColumns, ...otherColumns];
  const plan = columns.flatMap(({ kind, values, validity }, i) => [
    HASHED_KINDS[kind],
    values,
    validity?.byteOffset ?? 0,
    Number(i < keyColumns.length),
  ]);
  const first = arena.struct(plan);
  const behind = first + columns.length * COLUMN_BYTES;
  const prepared = columns.flatMap(({ prepare }) => prepare ?? []);
  return (rows) => {
    for (const prepare of prepared) prepare(rows);
    kernel.hashRows(first, behind, rows, keys.byteOffset, whole.byteOffset);
  };
}
