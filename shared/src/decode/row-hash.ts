import { mixA, mixB, mixC } from './hash-text';
import { ENTRY_WORDS, type Entries } from './key-index';
import type { TextTarget } from './read-text';
import type { StagedValidity } from './validity';

/** Where the staged values of a column stand, for a hash of them. */
export type HashedColumn = { validity: StagedValidity } & (
  | { kind: 'text'; target: TextTarget }
  | { kind: 'int32'; values: Int32Array }
  /** Two words a row, that `prepare` brings up to date for so many rows. */
  | { kind: 'words'; values: Int32Array; prepare?: (rows: number) => void }
);

/**
 * Puts there a hash of each staged row's key, one of its whole and its line, for the first `rows`
 * rows. No two keys that share the first are likely to share the second.
 */
export type RowHasher = (into: Entries, lines: Uint32Array, rows: number) => void;

/**
 * The hasher of rows with these columns, as JavaScript made for it: a row's state then stays in
 * registers over all columns. The text has no word of the input in it.
 */
export function createRowHasher(
  keyColumns: readonly HashedColumn[],
  otherColumns: readonly HashedColumn[],
): RowHasher {
  const columns = [...keyColumns, ...otherColumns];
  const source = `
    'use strict';
    const { mixA, mixB, mixC } = mixers;
    ${columns.map(declaration).join('\n')}
    return ({ words, first }, lines, rows) => {
      ${columns.map(preparation).join('\n')}
      for (let row = 0, to = first; row < rows; row++, to += ${ENTRY_WORDS}) {
        let keyA = 0, keyB = 0, a = 0, b = 0;
        ${keyColumns.map(keyStep).join('\n')}
        ${otherColumns.map((column, i) => step(column, keyColumns.length + i, 'a', 'b')).join('\n')}
        words[to] = keyA;
        words[to + 1] = keyB;
        words[to + 2] = a;
        words[to + 3] = b;
        words[to + 4] = lines[row];
      }
    };`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- no word of the input is in it
  const create = new Function('mixers', 'columns', source) as (...given: unknown[]) => RowHasher;
  return create({ mixA, mixB, mixC }, columns);
}

function declaration({ kind }: HashedColumn, i: number): string {
  return kind === 'text'
    ? `const { validity: valid${i}, target: text${i} } = columns[${i}];`
    : `const { validity: valid${i}, values: values${i}, prepare: prepare${i} } = columns[${i}];`;
}

function preparation(column: HashedColumn, i: number): string {
  if (column.kind === 'text') {
    return `
      const coded${i} = text${i}.dictionary !== undefined;
      const hashes${i} = coded${i} ? text${i}.dictionary.hashes : text${i}.hashes;
      const codes${i} = text${i}.codes;`;
  }
  return column.kind === 'words' && column.prepare ? `prepare${i}(rows);` : '';
}

/** Takes a column of the key into both hashes: a text with one word of its hash kept for the second. */
function keyStep(column: HashedColumn, i: number): string {
  if (column.kind !== 'text') {
    return step(column, i, 'keyA', 'keyB') + step(column, i, 'a', 'b');
  }
  return `{
    const at = ${place(i)};
    keyA = mixA(keyA, hashes${i}[at]);
    keyB = mixB(keyB, hashes${i}[at + 1]);
    a = mixC(a, hashes${i}[at + 2]);
  }`;
}

function step({ kind, validity }: HashedColumn, i: number, a: string, b: string): string {
  const mixed =
    kind === 'text'
      ? `const at = ${place(i)};
         ${a} = mixA(${a}, hashes${i}[at]);
         ${b} = mixB(${b}, hashes${i}[at + 1]);`
      : kind === 'int32'
        ? `const word = values${i}[row];
           ${a} = mixA(${a}, word);
           ${b} = mixB(${b}, word);`
        : `const low = values${i}[2 * row];
           const high = values${i}[2 * row + 1];
           ${a} = mixA(${a}, low ^ Math.imul(high, 0x2c1b3c6d));
           ${b} = mixB(${b}, high ^ Math.imul(low, 0x297a2d39));`;
  // Null is told from the value in its place.
  return validity
    ? `if (valid${i}[row] === 1) { ${mixed} ${a} = mixA(${a}, 1); } else ${a} = mixA(${a}, 0);`
    : `{ ${mixed} }`;
}

function place(i: number): string {
  return `coded${i} ? codes${i}[row] * 3 : row * 3`;
}
