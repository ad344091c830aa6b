import { STAGE_ROWS, type ByteSource } from './byte-source';
import { capacityFor, type ValueReader } from './staged-column';

// `null`, as four bytes read at once.
const NULL_WORD = 0x6c6c756e;

/** Which of the staged rows have a value: 1, or 0 for null. Undefined for a required column. */
export type StagedValidity = Uint8Array | undefined;

export function createValidity(nullable: boolean): StagedValidity {
  return nullable ? new Uint8Array(STAGE_ROWS).fill(1) : undefined;
}

/** Lets a reader take `null` as well, where the column is nullable. */
export function orNull(
  source: ByteSource,
  validity: StagedValidity,
  read: ValueReader,
  setNull: (row: number) => void,
): ValueReader {
  if (!validity) return read;
  return (at, row) => {
    if (source.view.getInt32(at, true) === NULL_WORD) {
      setNull(row);
      return at + 4;
    }
    validity[row] = 1;
    return read(at, row);
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
