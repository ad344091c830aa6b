import type { Column } from '../contract/column';
import type { ColumnVector } from '../parquet/column-batch';
import { STAGE_ROWS, source } from './byte-source';
import { hashText } from './hash-text';
import { createTextGuess, readText, resetGuess, takeText, type TextTarget } from './read-text';
import { capacityFor, isRun, type ColumnBuffer, type StagedColumn } from './staged-column';
import { createTextBytes } from './text-bytes';
import {
  NO_TEXT,
  allTexts,
  createTextDictionary,
  emptied,
  textsOf,
  type TextDictionary,
} from './text-dictionary';
import { createValidity, createValidityBuffer, memberOf } from './validity';

/** Distinct texts of a column above which it is no longer kept as a dictionary. */
const DICTIONARY_SIZE = 65_536;
/** After that many distinct texts a column must have shown that they repeat. */
const TEXTS_TO_JUDGE = 4096;

interface TextBuffer extends ColumnBuffer {
  /** Replaces the codes by their texts. */
  spellOut(dictionary: TextDictionary): void;
}

export interface TextColumn extends StagedColumn {
  /** Of each staged row the code of its text, where there is a dictionary. */
  codes: Uint32Array;
}

/**
 * A column of strings: codes into a dictionary of all of the object's values, until it shows that
 * they hardly repeat, and ranges in the record's own bytes from then on. `unique` says that they
 * cannot repeat; `before` is the text column that records mostly have before it.
 */
export function createTextColumn(
  column: Column<string>,
  unique: boolean,
  before: TextColumn | undefined,
): TextColumn {
  const start = new Int32Array(STAGE_ROWS);
  const end = new Int32Array(STAGE_ROWS);
  const codes = new Uint32Array(STAGE_ROWS);
  const hashes = new Int32Array(STAGE_ROWS * 3);
  const validity = createValidity(column.nullable);
  const buffers = new Set<TextBuffer>();
  let kept: TextDictionary | undefined = unique ? undefined : createTextDictionary();
  const guess = before && !unique ? createTextGuess(before.codes) : undefined;
  const target: TextTarget = {
    dictionary: kept,
    codes,
    start,
    end,
    hashes,
    ...textRules(column),
    guess,
  };
  let rowsSettled = 0;

  function setNull(row: number): void {
    codes[row] = NO_TEXT;
    start[row] = 0;
    end[row] = 0;
  }

  return {
    codes,
    member: memberOf(validity, setNull, {
      kind: unique ? 'uniqueText' : 'text',
      target,
      read: (at, row) => readText(target, at, row),
    }),
    set(row, value) {
      if (validity) validity[row] = value === null ? 0 : 1;
      if (value === null) {
        setNull(row);
        return;
      }
      const from = source.spare;
      source.spare += source.bytes.write(value as string, from);
      hashText(source.view, from, source.spare);
      takeText(target, from, source.spare, row);
    },
    hashed: { kind: 'text', target, validity },
    createBuffer() {
      return createTextBuffer();
    },
    settled(rows) {
      rowsSettled += rows;
      const { dictionary } = target;
      if (!dictionary || dictionary.size < TEXTS_TO_JUDGE) return;
      if (dictionary.size <= DICTIONARY_SIZE && rowsSettled >= dictionary.size * 1.05) return;
      for (const buffer of buffers) buffer.spellOut(dictionary);
      target.dictionary = undefined;
      target.guess = undefined;
    },
    reset() {
      rowsSettled = 0;
      if (!unique) target.dictionary = kept = emptied(kept);
      target.guess = guess;
      if (guess) resetGuess(guess);
    },
  };

  function createTextBuffer(): TextBuffer {
    const validities = createValidityBuffer(validity);
    const texts = createTextBytes();
    let waiting = new Uint32Array(0);
    let size = 0;
    let asTexts = false;
    const buffer: TextBuffer = {
      append(rows, count, at) {
        if (at === 0) {
          buffers.add(buffer);
          asTexts = target.dictionary === undefined;
        }
        validities.append(rows, count, at);
        size = at + count;
        if (asTexts) {
          texts.append(target, rows, count, at);
          return;
        }
        if (size > waiting.length) {
          const larger = new Uint32Array(capacityFor(size));
          larger.set(waiting);
          waiting = larger;
        }
        const into = waiting;
        if (isRun(rows, count)) into.set(codes.subarray(rows[0], rows[0]! + count), at);
        else for (let i = 0; i < count; i++) into[at + i] = codes[rows[i]!]!;
      },
      spellOut(dictionary) {
        if (asTexts) return;
        texts.set(textsOf(dictionary, waiting, size));
        asTexts = true;
      },
      take(rowCount) {
        buffers.delete(buffer);
        const vector: ColumnVector = asTexts
          ? { kind: 'utf8', values: texts.take(rowCount) }
          : withDictionary(target.dictionary!, waiting, rowCount, column.nullable);
        return { ...vector, ...validities.take() };
      },
    };
    return buffer;
  }
}

/** Codes into the object's own dictionary where values appear twice in these rows on average. */
function withDictionary(
  dictionary: TextDictionary,
  codes: Uint32Array,
  rowCount: number,
  nullable: boolean,
): ColumnVector {
  const { size } = dictionary;
  if (size * 2 > rowCount || size === 0) return withOwnDictionary(dictionary, codes, rowCount);
  if (nullable) {
    for (let i = 0; i < rowCount; i++) if (codes[i] === NO_TEXT) codes[i] = 0;
  }
  return { kind: 'dictionary', codes, dictionary: allTexts(dictionary) };
}

/** Codes into a dictionary of these rows alone, where a value appears twice on average. */
function withOwnDictionary(
  dictionary: TextDictionary,
  codes: Uint32Array,
  rowCount: number,
): ColumnVector {
  // Own codes plus one, by code.
  const own = new Uint32Array(dictionary.size);
  const used = new Uint32Array(Math.min(dictionary.size, rowCount));
  const ownCodes = new Uint32Array(rowCount);
  let size = 0;
  for (let i = 0; i < rowCount; i++) {
    const code = codes[i]!;
    if (code === NO_TEXT) continue;
    let ownCode = own[code]!;
    if (ownCode === 0) {
      used[size++] = code;
      own[code] = ownCode = size;
    }
    ownCodes[i] = ownCode - 1;
  }
  return size > 0 && size * 2 <= rowCount
    ? { kind: 'dictionary', codes: ownCodes, dictionary: textsOf(dictionary, used, size) }
    : { kind: 'utf8', values: textsOf(dictionary, codes, rowCount) };
}

/** The rules of a column, by the bytes of a text. */
function textRules({
  rules: { minLength = 0, maxLength = Infinity, allowed, pattern },
}: Column<string>): Pick<TextTarget, 'leastBytes' | 'mostBytes' | 'keepsRules'> {
  // A UTF-16 code unit takes one to three bytes of UTF-8, so most lengths need no counting.
  const leastBytes = minLength * 3;
  const mostBytes = maxLength;
  const needsText = allowed !== undefined || pattern !== undefined;
  return {
    // With such a rule no length is enough to know.
    leastBytes: needsText ? Infinity : leastBytes,
    mostBytes,
    keepsRules(start, end) {
      const { bytes } = source;
      if (end - start < leastBytes || end - start > mostBytes) {
        const units = utf16Length(bytes, start, end);
        if (units < minLength || units > maxLength) return false;
      }
      if (!needsText) return true;
      const text = bytes.toString('utf8', start, end);
      return pattern?.test(text) !== false && allowed?.includes(text) !== false;
    },
  };
}

function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    // A character counts at its first byte; one of four bytes is a pair of surrogates.
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
