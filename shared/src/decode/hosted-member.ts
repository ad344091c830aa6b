import type { Arena } from './arena';
import { source } from './byte-source';
import { hostReader } from './kernel';
import type { Member } from './layout';
import type { StagedValidity } from './validity';

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
