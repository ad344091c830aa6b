import { STAGE_ROWS, source } from './byte-source';
import type { Member } from './layout';
import { capacityFor } from './staged-column';

// `null`, as four bytes read at once.
const NULL_WORD = 0x6c6c756e;

/** Which of the staged rows have a value: 1, or 0 for null. Undefined for a required column. */
export type StagedValidity = Uint8Array | undefined;

export function createValidity(nullable: boolean): StagedValidity {
  return nullable ? new Uint8Array(STAGE_ROWS).fill(1) : undefined;
}

/**
 * The member of a column: where the column is nullable, one that may be absent or `null` too;
 * `clear` then puts there what stands in the place of null.
 */
export function memberOf(
  validity: StagedValidity,
  clear: (row: number) => void,
  member: Member,
): Member {
  if (!validity) return member;
  const { view } = source;
  const absent = (row: number): void => {
    clear(row);
    validity[row] = 0;
  };
  return {
    absent,
    read(at, row) {
      if (view.getInt32(at, true) === NULL_WORD) {
        absent(row);
        return at + 4;
      }
      validity[row] = 1;
      return member.read(at, row);
    },
  };
}

export interface ValidityBuffer {
  append(rows: Int32Array, count: number, size: number): void;
  /** To be spread into a vector: without nulls there is no validity. */
  take(): { validity?: Uint8Array };
}

/** The validity of the rows that wait for their batch. */
export function createValidityBuffer(staged: StagedValidity): ValidityBuffer {
  let validity = new Uint8Array(0);
  let hasNulls = false;
  return {
    append(rows, count, size) {
      if (!staged) return;
      if (size === 0) hasNulls = false;
      if (size + count > validity.length) {
        const larger = new Uint8Array(capacityFor(size + count));
        larger.set(validity);
        validity = larger;
      }
      for (let i = 0; i < count; i++) {
        const valid = staged[rows[i]!]!;
        validity[size + i] = valid;
        if (valid === 0) hasNulls = true;
      }
    },
    take: () => (hasNulls ? { validity } : {}),
  };
}
