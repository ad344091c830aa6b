import type { Arena } from './arena';
import { hostReader, MISS, type HostedReader } from './kernel';
import { source } from './kernel-source';
import type { Member } from './layout';
import type { StagedValidity } from './validity';

// `null`, as four bytes read at once.
const NULL_WORD = 0x6c6c756e;

/** Whether the value is null, or there is none. */
export function isNullAt(at: number): boolean {
  return at === MISS || source.bytes.readInt32LE(at) === NULL_WORD;
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
  const reader: HostedReader = (at, row) => {
    if (!validity) return read(at, row);
    const isNull = isNullAt(at);
    validity[row] = isNull ? 0 : 1;
    if (!isNull) return read(at, row);
    clear(row);
    return at + 4;
  };
  const optional = validity !== undefined;
  return { kind: 'hosted', target: hostReader(reader, arena), validity: undefined, optional };
}
