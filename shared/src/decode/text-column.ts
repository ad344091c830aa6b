import type { Column } from '../contract/column';
import type { ColumnVector } from '../parquet/column-batch';
import {
  STAGE_ROWS,
  createHashes,
  mixA,
  mixB,
  mixBytes,
  mixC,
  mixD,
  type ByteSource,
} from './byte-source';
import { hashOf, readText, type TextTarget } from './read-text';
import { capacityFor, isRun, type ColumnBuffer, type StagedColumn } from './staged-column';
import { createTextBytes, type TextBytes } from './text-bytes';
import {
  NO_TEXT,
  addText,
  createTextDictionary,
  findText,
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

/**
 * A column of strings: codes into a dictionary of all of the object's values, until it shows that
 * they hardly repeat, and ranges in the record's own bytes from then on. `unique` says that they
 * cannot repeat.
 */
export function createTextColumn(
  source: ByteSource,
  column: Column<string>,
  unique: boolean,
  seed: number,
): StagedColumn {
  const start = new Int32Array(STAGE_ROWS);
  const end = new Int32Array(STAGE_ROWS);
  const codes = new Uint32Array(STAGE_ROWS);
  const validity = createValidity(column.nullable);
  const buffers = new Set<TextBuffer>();
  const target: TextTarget = {
    dictionary: unique ? undefined : createTextDictionary(),
    codes,
    start,
    end,
    seed,
    ...textRules(column),
  };
  let rowsSettled = 0;
  const one = createHashes();
  const other = createHashes();

  function setNull(row: number): void {
    codes[row] = NO_TEXT;
    start[row] = 0;
    end[row] = 0;
  }

  function codeOf(dictionary: TextDictionary, from: number, to: number): number {
    const hash = hashOf(source.view, from, to, seed);
    const code = findText(dictionary, hash, source.view, from, to - from);
    return code >= 0 ? code : addText(dictionary, hash, source.bytes, from, to, -1 - code);
  }

  /** The four words that a dictionary keeps of a text. */
  function hashTexts(rows: number): void {
    for (const lane of [one.a, one.b, other.a, other.b]) lane.fill(0, 0, rows);
    const { view } = source;
    for (let row = 0; row < rows; row++) mixBytes(view, start[row]!, end[row]!, one, other, row);
  }

  return {
    member: memberOf(source, validity, setNull, {
      ...(!validity && { kind: 'text', text: target }),
      read: (at, row) => readText(target, source.bytes, source.view, at, row),
    }),
    set(row, value) {
      if (validity) validity[row] = value === null ? 0 : 1;
      if (value === null) {
        setNull(row);
        return;
      }
      const from = source.spare;
      source.spare += source.bytes.write(value as string, from);
      start[row] = from;
      end[row] = source.spare;
      if (target.dictionary) codes[row] = codeOf(target.dictionary, from, source.spare);
    },
    mixInto({ a, b }, rows) {
      if (!target.dictionary) hashTexts(rows);
      const words = target.dictionary?.words;
      if (words && !validity) {
        for (let row = 0; row < rows; row++) {
          const at = codes[row]! * 4;
          a[row] = mixA(a[row]!, words[at]!);
          b[row] = mixB(b[row]!, words[at + 1]!);
        }
        return;
      }
      for (let row = 0; row < rows; row++) {
        if (validity && validity[row] === 0) {
          a[row] = mixA(a[row]!, 0);
          continue;
        }
        const at = codes[row]! * 4;
        a[row] = mixA(a[row]!, words ? words[at]! : one.a[row]!);
        b[row] = mixB(b[row]!, words ? words[at + 1]! : one.b[row]!);
      }
    },
    mixKeyInto(key, rowHashes, rows) {
      if (!target.dictionary) hashTexts(rows);
      const words = target.dictionary?.words;
      for (let row = 0; row < rows; row++) {
        const at = codes[row]! * 4;
        key.a[row] = mixA(key.a[row]!, words ? words[at]! : one.a[row]!);
        key.b[row] = mixB(key.b[row]!, words ? words[at + 1]! : one.b[row]!);
        rowHashes.a[row] = mixC(rowHashes.a[row]!, words ? words[at + 2]! : other.a[row]!);
        rowHashes.b[row] = mixD(rowHashes.b[row]!, words ? words[at + 3]! : other.b[row]!);
      }
    },
    createBuffer() {
      const buffer = createTextBuffer();
      buffers.add(buffer);
      return buffer;
    },
    settled(rows) {
      rowsSettled += rows;
      const { dictionary } = target;
      if (!dictionary || dictionary.size < TEXTS_TO_JUDGE) return;
      if (dictionary.size <= DICTIONARY_SIZE && rowsSettled >= dictionary.size * 1.05) return;
      for (const buffer of buffers) buffer.spellOut(dictionary);
      target.dictionary = undefined;
    },
  };

  function createTextBuffer(): TextBuffer {
    const validities = createValidityBuffer(validity);
    let waiting = new Uint32Array(0);
    let size = 0;
    let texts: TextBytes | undefined = target.dictionary ? undefined : createTextBytes();
    const buffer: TextBuffer = {
      append(rows, count, at) {
        validities.append(rows, count, at);
        size = at + count;
        if (texts) {
          texts.append(source, target, rows, count, at);
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
        texts = createTextBytes(textsOf(dictionary, waiting, size));
        waiting = new Uint32Array(0);
      },
      take(rowCount) {
        buffers.delete(buffer);
        const vector: ColumnVector = texts
          ? { kind: 'utf8', values: texts.take(rowCount) }
          : withOwnDictionary(target.dictionary!, waiting, rowCount);
        return { ...vector, ...validities.take() };
      },
    };
    return buffer;
  }
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
    keepsRules(bytes, start, end) {
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
