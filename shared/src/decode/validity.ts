import type { Arena } from './arena';
import { STAGE_ROWS, source } from './byte-source';
import { hostReader } from './kernel';
import type { Member } from './layout';
import { capacityFor } from './staged-column';

/** Which of the staged rows have a value: 1, or 0 for null. Undefined for a required column. */
export type StagedValidity = Uint8Array | undefined;

export function createValidity(nullable: boolean, arena: Arena): StagedValidity {
  return nullable ? arena.bytes(STAGE_ROWS).fill(1) : undefined;
}

// `null`, as four bytes read at once.
const NULL_WORD = 0x6c6c756e;

export function isNullAt(at: number): boolean {
  return source.bytes.readInt32LE(at) === NULL_WORD;
}

/**
 * The member of a column that the kernel has no reader for, or not for all of its rules: where the
 * column is nullable, one that may be absent or `null` too; `clear` then puts there what stands in the
 * place of null.
 */
export function hostedMember(
  validity: StagedValidity,
  clear: (row: number) => void,
  read: (at: number, row: number) => number,
  arena: Arena,
): Member {
  const absent = (row: number): void => {
    clear(row);
    if (validity) validity[row] = 0;
  };
  const reader = {
    absent,
    read(at: number, row: number): number {
      if (!validity) return read(at, row);
      if (isNullAt(at)) {
        absent(row);
        return at + 4;
      }
      validity[row] = 1;
      return read(at, row);
    },
  };
  const optional = validity !== undefined;
  return { kind: 'hosted', target: hostReader(reader, arena), validity: undefined, optional };
}

export interface ValidityBuffer {
  append(rows: Int32Array, count: number, size: number): void;
  /** As of a ColumnBuffer. */
  reorder(places: Uint32Array): void;
  /** Of the rows start … end, to be spread into a vector: without nulls there is no validity. */
  take(start: number, end: number): { validity?: Uint8Array };
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
    reorder(places) {
      if (!hasNulls) return;
      const before = validity;
      validity = new Uint8Array(before.length);
      for (let i = 0; i < places.length; i++) validity[places[i]!] = before[i]!;
    },
    take: (start, end) => (hasNulls ? { validity: validity.subarray(start, end) } : {}),
  };
}
