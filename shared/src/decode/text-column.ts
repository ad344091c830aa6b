import type { Column } from '../contract/column';
import type { ColumnVector } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { memory, type Arena } from './arena';
import { hostColumn, kernel } from './kernel';
import { STAGE_ROWS, source } from './kernel-source';
import { NO_TEXT } from './pack-texts';
import { isRun, runOf } from './row-runs';
import type { ColumnBuffer, StagedColumn } from './staged-column';
import { createTextBytes, type TextBytes } from './text-bytes';
import { createTextDictionary, type TextDictionary } from './text-dictionary';
import { createValidity, createValidityBuffer, type ValidityBuffer } from './validity';

/** After that many distinct texts a column must have shown that they repeat. */
const TEXTS_TO_JUDGE = 4096;
/** How much of distinct texts a column may have to be kept as a dictionary; one alone too. */
export interface DictionaryLimits {
  texts: number;
  bytes: number;
}

const MOST: DictionaryLimits = { texts: 32_768, bytes: 1 << 20 };
/** For so many columns with as much there is memory. */
const FULL_DICTIONARIES = 5;

/** The limits of each of so many columns of a table. */
export function dictionaryLimits(columns: number): DictionaryLimits {
  const share = Math.min(1, FULL_DICTIONARIES / columns);
  return { texts: Math.floor(MOST.texts * share), bytes: Math.floor(MOST.bytes * share) };
}

interface TextBuffer extends ColumnBuffer {
  readonly held: HeldTexts;
  /** Replaces the codes by their texts. */
  spellOut(dictionary: TextDictionary): void;
}

interface HeldTexts {
  /** Whether they are held as `texts`; as `codes` otherwise. */
  asTexts: boolean;
  texts: TextBytes;
  codes: Uint32Array<ArrayBuffer>;
  validities: ValidityBuffer;
}

/**
 * A column of strings: codes into a dictionary of all of the object's values, until it shows that
 * they hardly repeat or are more than the limits, and ranges in the record's own bytes from then on.
 * Without limits they cannot repeat.
 */
export function createTextColumn(
  column: Column<string>,
  limits: DictionaryLimits | undefined,
  arena: Arena,
): StagedColumn {
  const starts = arena.int32s(STAGE_ROWS);
  const ends = arena.int32s(STAGE_ROWS);
  const codes = arena.uint32s(STAGE_ROWS);
  const hashes = arena.int32s(STAGE_ROWS * 4);
  const validity = createValidity(column.nullable, arena);
  let waiting: TextBuffer | undefined;
  const kept = limits && createTextDictionary(arena);
  let dictionary = kept;
  const { leastBytes, mostBytes, keepsRules } = textRules(column);
  const hosted = hostColumn((start, length) => {
    if (dictionary) {
      if (length > limits!.bytes) return false;
      dictionary.makeRoom(length);
    }
    return keepsRules(start, length);
  }, arena);
  // As the kernel's TextTarget.
  const target = arena.struct([
    codes.byteOffset,
    starts.byteOffset,
    ends.byteOffset,
    hashes.byteOffset,
    dictionary?.address ?? 0,
    leastBytes,
    Math.min(mostBytes, limits?.bytes ?? mostBytes),
    hosted,
  ]);
  const DICTIONARY_WORD = 4;
  const words = new Int32Array(memory.buffer, target);
  let rowsSettled = 0;

  return {
    member: { kind: 'text', target, validity, optional: column.nullable },
    set(row, value) {
      if (validity) validity[row] = value === null ? 0 : 1;
      if (value === null) {
        kernel.clearText(target, row);
        return;
      }
      const length = source.bytes.write(value as string, source.spare);
      if (dictionary && length > limits!.bytes) giveUp(dictionary);
      kernel.takeText(target, source.spare, length, row);
      source.spare += length;
    },
    hashed: { kind: 'text', values: target, validity },
    createBuffer() {
      return createTextBuffer();
    },
    settled(rows) {
      rowsSettled += rows;
      if (!dictionary || !limits) return;
      const { size, textBytes } = dictionary;
      const repeats = size < TEXTS_TO_JUDGE || rowsSettled >= size * 1.05;
      if (repeats && size <= limits.texts && textBytes <= limits.bytes) return;
      giveUp(dictionary);
    },
    reset() {
      rowsSettled = 0;
      waiting = undefined;
      kept?.clear();
      dictionary = kept;
      words[DICTIONARY_WORD] = kept?.address ?? 0;
    },
  };

  /** Where no row is staged that has a code. */
  function giveUp(given: TextDictionary): void {
    waiting?.spellOut(given);
    given.clear();
    dictionary = undefined;
    words[DICTIONARY_WORD] = 0;
  }

  /** Codes into the dictionary of the object where its values appear twice on average. */
  function withDictionary(dictionary: TextDictionary, codes: Uint32Array): ColumnVector {
    const { size } = dictionary;
    if (size * 2 > rowsSettled || size === 0) return withOwnDictionary(dictionary, codes);
    if (column.nullable) {
      for (let i = 0; i < codes.length; i++) if (codes[i] === NO_TEXT) codes[i] = 0;
    }
    return { kind: 'dictionary', codes, dictionary: dictionary.all() };
  }

  function createTextBuffer(): TextBuffer {
    const held: HeldTexts = {
      asTexts: false,
      texts: createTextBytes(),
      codes: new Uint32Array(0),
      validities: createValidityBuffer(validity),
    };
    const { texts, validities } = held;
    let size = 0;
    function begin(asTexts: boolean): void {
      waiting = buffer;
      held.asTexts = asTexts;
    }
    const buffer: TextBuffer = {
      held,
      append(rows, count, at) {
        if (at === 0) begin(dictionary === undefined);
        validities.append(rows, count, at);
        size = at + count;
        if (held.asTexts) {
          texts.append({ base: 0, starts, ends }, rows, count, at);
          return;
        }
        const into = grown(held.codes, size);
        held.codes = into;
        if (isRun(rows, count)) into.set(runOf(codes, rows[0]!, count), at);
        else for (let i = 0; i < count; i++) into[at + i] = codes[rows[i]!]!;
      },
      spellOut(dictionary) {
        if (held.asTexts) return;
        texts.append(dictionary.ranges(), held.codes, size, 0);
        held.asTexts = true;
      },
      takeOver(other, count) {
        const from = (other as TextBuffer).held;
        begin(from.asTexts);
        size = count;
        if (from.asTexts) texts.set(from.texts.take(size));
        else {
          held.codes = grown(held.codes, size);
          held.codes.set(from.codes.subarray(0, size));
        }
        validities.set(from.validities.take(size), size);
      },
      take(count) {
        if (waiting === buffer) waiting = undefined;
        const vector: ColumnVector = held.asTexts
          ? { kind: 'utf8', values: texts.take(count) }
          : withDictionary(dictionary!, held.codes.subarray(0, count));
        return { ...vector, ...validities.take(count) };
      },
    };
    return buffer;
  }
}

// Own codes plus one, by code, and all 0 in between: a day may have few rows and the dictionary many
// texts, so it is not made for each.
let ownCodeOf = new Uint32Array(0);

/** Codes into a dictionary of these rows alone, where a value appears twice on average. */
function withOwnDictionary(dictionary: TextDictionary, codes: Uint32Array): ColumnVector {
  const rowCount = codes.length;
  if (ownCodeOf.length < dictionary.size) ownCodeOf = new Uint32Array(dictionary.size * 2);
  const own = ownCodeOf;
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
  for (let i = 0; i < size; i++) own[used[i]!] = 0;
  return size > 0 && size * 2 <= rowCount
    ? { kind: 'dictionary', codes: ownCodes, dictionary: dictionary.textsOf(used, size) }
    : { kind: 'utf8', values: dictionary.textsOf(codes, rowCount) };
}

/** More than any text has. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * The rules of a column, by the bytes of a text: from how many to how many keep the rules on length
 * and have no other rule to keep; and what judges all others.
 */
function textRules({
  rules: { minLength = 0, maxLength = Infinity, allowed, pattern },
}: Column<string>) {
  // A UTF-16 code unit takes one to three bytes of UTF-8, so most lengths need no counting.
  const leastBytes = minLength * 3;
  const mostBytes = maxLength;
  const needsText = allowed !== undefined || pattern !== undefined;
  return {
    // With such a rule no length is enough to know.
    leastBytes: needsText ? MOST_BYTES : Math.min(leastBytes, MOST_BYTES),
    mostBytes: Math.min(mostBytes, MOST_BYTES),
    keepsRules: (start: number, length: number): boolean => {
      const { bytes } = source;
      const end = start + length;
      if (length < leastBytes || length > mostBytes) {
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
