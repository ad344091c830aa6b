import type { Column } from '../contract/column';
import type { ColumnVector, Utf8Values } from '../parquet/column-batch';
import {
  STAGE_ROWS,
  createHashes,
  hashBytes,
  mixA,
  mixB,
  mixC,
  mixD,
  type ByteSource,
} from './byte-source';
import { MISS, capacityFor, type ColumnBuffer, type StagedColumn } from './staged-column';
import { NO_TEXT, createTextDictionary, type TextDictionary } from './text-dictionary';
import { createValidity, createValidityBuffer, orNull } from './validity';

const QUOTE = 0x22;
/** Distinct texts of a column above which it is no longer kept as a dictionary. */
const DICTIONARY_SIZE = 65_536;
/** After that many distinct texts a column must have shown that they repeat. */
const ENTRIES_TO_JUDGE = 4096;

interface TextBuffer extends ColumnBuffer {
  /** Replaces the codes by their texts. */
  spellOut(dictionary: TextDictionary): void;
}

/**
 * A column of strings: ranges in the record's own bytes while staged, then codes into a dictionary
 * of all of the object's values, until it shows that they hardly repeat, and UTF-8 from then on.
 * `unique` says that they cannot repeat.
 */
export function createTextColumn(
  source: ByteSource,
  column: Column<string>,
  unique: boolean,
  seeds: readonly [number, number],
): StagedColumn {
  const start = new Int32Array(STAGE_ROWS);
  const end = new Int32Array(STAGE_ROWS);
  const codes = new Uint32Array(STAGE_ROWS);
  const hashes = createHashes();
  const { a: hashA, b: hashB } = hashes;
  const [seedA, seedB] = seeds;
  const validity = createValidity(column.nullable);
  const breaksRule = ruleBreaker(source, column);
  const buffers = new Set<TextBuffer>();
  let dictionary = unique ? undefined : createTextDictionary(source, breaksRule);
  let checked = 0;

  /**
   * Finds the end of a string and hashes it in the same pass, four bytes at a time. In a word w,
   * (w - 0x01…) & ~w has the top bit of the lowest zero byte set; so a quote, a backslash and, with
   * 0x20 in place of 0x01, a control character are found without looking at single bytes.
   */
  function readText(quote: number, row: number): number {
    const { bytes, view } = source;
    if (bytes[quote] !== QUOTE) return MISS;
    let a = seedA;
    let b = seedB;
    let at = quote + 1;
    let word: number;
    let special: number;
    for (;;) {
      word = view.getInt32(at, true);
      const quotes = word ^ 0x22222222;
      const slashes = word ^ 0x5c5c5c5c;
      special =
        (((quotes - 0x01010101) & ~quotes) |
          ((slashes - 0x01010101) & ~slashes) |
          ((word - 0x20202020) & ~word)) &
        0x80808080;
      if (special !== 0) break;
      a = mixA(a, word);
      b = mixB(b, word);
      at += 4;
    }
    const rest = 31 - Math.clz32(special & -special) - 7;
    at += rest >> 3;
    if (bytes[at] !== QUOTE) return MISS;
    const tail = word & ((1 << rest) - 1);
    start[row] = quote + 1;
    end[row] = at;
    hashA[row] = mixA(mixA(a, tail), at - quote - 1);
    hashB[row] = mixB(mixB(b, tail), at - quote - 1);
    return at + 1;
  }

  function setNull(row: number): void {
    start[row] = 0;
    end[row] = 0;
    hashA[row] = 0;
    hashB[row] = 0;
    validity![row] = 0;
  }

  /** A column of which hardly a value has repeated is not worth its dictionary. */
  function judgeDictionary(): void {
    if (!dictionary || dictionary.size < ENTRIES_TO_JUDGE) return;
    if (dictionary.size > DICTIONARY_SIZE || checked < dictionary.size * 1.05) spellOut();
  }

  function spellOut(): void {
    for (const buffer of buffers) buffer.spellOut(dictionary!);
    dictionary = undefined;
  }

  return {
    read: orNull(source, validity, readText, setNull),
    setNull,
    set(row, value) {
      if (value === null) {
        setNull(row);
        return;
      }
      const from = source.spare;
      source.spare += source.bytes.write(value as string, from);
      start[row] = from;
      end[row] = source.spare;
      hashBytes(source.view, from, source.spare, seedA, seedB, hashes, row);
      if (validity) validity[row] = 1;
    },
    check(rows, bad) {
      judgeDictionary();
      checked += rows;
      if (!dictionary) {
        for (let row = 0; row < rows; row++) {
          if (validity?.[row] !== 0 && breaksRule(start[row]!, end[row]!)) bad[row] = 1;
        }
        return;
      }
      for (let row = 0; row < rows; row++) {
        if (validity && validity[row] === 0) {
          codes[row] = NO_TEXT;
          continue;
        }
        const code = dictionary.codeOf(hashA[row]!, start[row]!, end[row]!);
        codes[row] = code;
        if (dictionary.bad[code] === 1) bad[row] = 1;
      }
    },
    mixInto({ a, b }, rows) {
      for (let row = 0; row < rows; row++) {
        a[row] = mixA(a[row]!, hashA[row]!);
        b[row] = mixB(b[row]!, hashB[row]!);
      }
    },
    mixAgain({ a, b }, rows) {
      const { view } = source;
      for (let row = 0; row < rows; row++) {
        let x = a[row]!;
        let y = b[row]!;
        const last = end[row]!;
        let at = start[row]!;
        for (; at + 4 <= last; at += 4) {
          const word = view.getInt32(at, true);
          x = mixC(x, word);
          y = mixD(y, word);
        }
        const tail = view.getInt32(at, true) & ((1 << ((last - at) << 3)) - 1);
        a[row] = mixC(x, tail);
        b[row] = mixD(y, tail);
      }
    },
    createBuffer() {
      const buffer = createTextBuffer();
      buffers.add(buffer);
      return buffer;
    },
  };

  function createTextBuffer(): TextBuffer {
    const validities = createValidityBuffer(validity);
    let waiting = new Uint32Array(0);
    let size = 0;
    let texts: TextBytes | undefined = dictionary ? undefined : createTextBytes();
    const buffer: TextBuffer = {
      append(rows, count, at) {
        validities.append(rows, count, at);
        size = at + count;
        if (texts) {
          texts.append(source, start, end, rows, count, at);
          return;
        }
        if (size > waiting.length) {
          const larger = new Uint32Array(capacityFor(size));
          larger.set(waiting);
          waiting = larger;
        }
        for (let i = 0; i < count; i++) waiting[at + i] = codes[rows[i]!]!;
      },
      spellOut(of) {
        texts = createTextBytes(of.textsOf(waiting, size), size);
        waiting = new Uint32Array(0);
      },
      take(rowCount) {
        buffers.delete(buffer);
        const vector: ColumnVector = texts
          ? { kind: 'utf8', values: texts.take(rowCount) }
          : withOwnDictionary(dictionary!, waiting, rowCount);
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
    ? { kind: 'dictionary', codes: ownCodes, dictionary: dictionary.textsOf(used, size) }
    : { kind: 'utf8', values: dictionary.textsOf(codes, rowCount) };
}

interface TextBytes {
  append(
    source: ByteSource,
    start: Int32Array,
    end: Int32Array,
    rows: Int32Array,
    count: number,
    size: number,
  ): void;
  take(rowCount: number): Utf8Values;
}

/** Texts one behind another, growing. */
function createTextBytes(first?: Utf8Values, count = 0): TextBytes {
  let bytes = Buffer.alloc(first ? first.bytes.length * 2 + 4096 : 4096);
  let offsets = new Uint32Array(capacityFor(count + 1));
  if (first) {
    bytes.set(first.bytes);
    offsets.set(first.offsets);
  }
  let view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

  function reserve(needed: number, rows: number): void {
    if (needed > bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, bytes.length * 2));
      bytes.copy(larger);
      bytes = larger;
      view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    if (rows + 1 > offsets.length) {
      const larger = new Uint32Array(capacityFor(rows + 1));
      larger.set(offsets);
      offsets = larger;
    }
  }

  return {
    append(source, start, end, rows, count, size) {
      let to = offsets[size]!;
      let needed = to + 8;
      for (let i = 0; i < count; i++) needed += end[rows[i]!]! - start[rows[i]!]!;
      reserve(needed, size + count);
      const from = source.view;
      for (let i = 0; i < count; i++) {
        const first = start[rows[i]!]!;
        const length = end[rows[i]!]! - first;
        if (length > 64) source.bytes.copy(bytes, to, first, first + length);
        else {
          // Up to three bytes too many, which the next text or nobody overwrites.
          for (let j = 0; j < length; j += 4) {
            view.setInt32(to + j, from.getInt32(first + j, true), true);
          }
        }
        to += length;
        offsets[size + i + 1] = to;
      }
    },
    take: (rowCount) => ({ bytes: bytes.subarray(0, offsets[rowCount]), offsets }),
  };
}

/** Tells whether the text from `start` to `end` breaks one of the column's rules. */
function ruleBreaker(
  source: ByteSource,
  { rules: { minLength = 0, maxLength = Infinity, allowed, pattern } }: Column<string>,
): (start: number, end: number) => boolean {
  const needsText = allowed !== undefined || pattern !== undefined;
  return (start, end) => {
    const length = end - start;
    // A UTF-16 code unit takes one to three bytes of UTF-8, so most lengths need no counting.
    if (length > maxLength || length < minLength * 3) {
      const units = utf16Length(source.bytes, start, end);
      if (units < minLength || units > maxLength) return true;
    }
    if (!needsText) return false;
    const text = source.bytes.toString('utf8', start, end);
    return pattern?.test(text) === false || allowed?.includes(text) === false;
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
