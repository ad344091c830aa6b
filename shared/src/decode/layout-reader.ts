import { source } from './byte-source';
import type { Field, Layout } from './layout';
import { readDecimal, readInt } from './read-number';
import { readText, readUniqueText } from './read-text';
import { readTimestamp } from './read-timestamp';

/**
 * Reads the record at `start` into `row` where it has the layout.
 * @returns the position behind the record, or MISS.
 */
export type LayoutReader = (start: number, row: number) => number;

const readers = {
  text: readText,
  uniqueText: readUniqueText,
  int: readInt,
  decimal: readDecimal,
  timestamp: readTimestamp,
};

/**
 * The reader of a layout, as JavaScript made for it: the bytes between two values become numbers
 * in its code, and each value's reader a call by name. That takes half the time of a loop over the
 * fields. The text has no word of the input in it, only numbers.
 */
export function createLayoutReader(layout: Layout): LayoutReader {
  // Where the first member must be there, each of the others has a comma before it.
  const hasFirst = layout[0]?.member.absent === undefined;
  const steps = layout.map((field, i) => step(field, i, hasFirst));
  const code = `
    'use strict';
    const { text, uniqueText, int, decimal, timestamp } = readers;
    const { bytes, view } = source;
    ${layout.map((_, i) => `const { target: t${i}, read: r${i}, absent: a${i} } = members[${i}];`).join('\n')}
    return (start, row) => {
      let at = start;
      ${steps.join('\n')}
      return bytes[at] === ${CLOSE_BRACE} ? at + 1 : -1;
    };`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- no word of the input is in it
  const create = new Function('readers', 'source', 'members', code) as (
    ...given: unknown[]
  ) => LayoutReader;
  return create(
    readers,
    source,
    layout.map(({ member }) => member),
  );
}

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;

function step({ literal, member }: Field, i: number, hasFirst: boolean): string {
  const before = i === 0 ? OPEN_BRACE : COMMA;
  const matches = hasFirst
    ? matching(Uint8Array.of(before, ...literal), 0)
    : `bytes[at] === (at === start ? ${OPEN_BRACE} : ${COMMA}) && ${matching(literal, 1)}`;
  const value = `(at + ${literal.length + 1}) | 0`;
  const read =
    member.kind === undefined
      ? `at = r${i}(${value}, row);`
      : `at = ${member.kind}(t${i}, ${value}, row);`;
  return member.absent
    ? `if (${matches}) { ${read} if (at < 0) return -1; } else a${i}(row);`
    : `if (!(${matches})) return -1; ${read} if (at < 0) return -1;`;
}

/**
 * The expression for whether the literal stands `shift` bytes behind `at`. Eight bytes of text
 * compare as one double: text is never one of two zeros, and where it is no NaN, doubles are equal
 * just where their bytes are.
 */
function matching(literal: Uint8Array, shift: number): string {
  const { length } = literal;
  const padded = new DataView(new ArrayBuffer(length + 8));
  for (const [i, byte] of literal.entries()) padded.setUint8(i, byte);
  const checks: string[] = [];
  for (let from = 0; from < length;) {
    // The last check goes back over bytes that were checked, rather than beyond the literal.
    const at = Math.min(from, Math.max(0, length - 8));
    const double = padded.getFloat64(at, true);
    if (length - at >= 8 && !Number.isNaN(double)) {
      checks.push(`view.getFloat64((at + ${shift + at}) | 0, true) === ${double}`);
      from = at + 8;
    } else if (length - from >= 4) {
      checks.push(
        `view.getInt32((at + ${shift + from}) | 0, true) === ${padded.getInt32(from, true)}`,
      );
      from += 4;
    } else {
      checks.push(`bytes[at + ${shift + from}] === ${literal[from]}`);
      from += 1;
    }
  }
  return checks.join(' && ');
}
