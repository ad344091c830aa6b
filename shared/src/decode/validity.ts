import { grown } from '../parquet/grown';
import type { Arena } from './arena';
import { STAGE_ROWS } from './kernel-source';

/** Which of the staged rows have a value: 1, or 0 for null. Undefined for a required column. */
export type StagedValidity = Uint8Array | undefined;

export function createValidity(nullable: boolean, arena: Arena): StagedValidity {
  return nullable ? arena.bytes(STAGE_ROWS).fill(1) : undefined;
}

export interface ValidityBuffer {
  append(rows: Int32Array, count: number, size: number): void;
  /** Begins a batch with what another has taken of `size` rows. */
  set(taken: { validity?: Uint8Array }, size: number): void;
  /** Of the first `size` rows, to be spread into a vector: without nulls there is no validity. */
  take(size: number): { validity?: Uint8Array };
}

/** The validity of the rows that wait for their batch. */
export function createValidityBuffer(staged: StagedValidity): ValidityBuffer {
  let validity = new Uint8Array(0);
  let hasNulls = false;
  return {
    append(rows, count, size) {
      if (!staged) return;
      if (size === 0) hasNulls = false;
      validity = grown(validity, size + count);
      for (let i = 0; i < count; i++) {
        const valid = staged[rows[i]!]!;
        validity[size + i] = valid;
        if (valid === 0) hasNulls = true;
      }
    },
    set(taken, size) {
      if (!staged) return;
      hasNulls = taken.validity !== undefined;
      validity = grown(validity, size);
      if (taken.validity) validity.set(taken.validity);
      else validity.fill(1, 0, size);
    },
    take: (size) => (hasNulls ? { validity: validity.subarray(0, size) } : {}),
  };
}
