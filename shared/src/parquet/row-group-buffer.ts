import type { Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector, Utf8Values } from './column-batch';
import { grown } from './grown';
import { createUtf8Dictionary, type Utf8Dictionary } from './utf8-dictionary';
import { vectorKinds } from './vector-kind';

/**
 * Batches of any size in; out come row groups of at most the size asked for and, but for the last,
 * of at least half of it.
 */
export interface RowGroupBuffer {
  readonly rowCount: number;
  readonly byteSize: number;
  /**
   * Yields the row groups that the batch makes, and keeps a copy of the rows that are left. A row
   * group that is yielded is only good until the next is asked for. Where nothing is held yet,
   * enough rows for half a row group are one as they are: copying them costs more than it saves.
   * @throws TypeError where the batch is not one of the contract.
   */
  add(batch: ColumnBatch): Generator<ColumnBatch, void>;
  /** The rows that are left, which the next add overwrites; undefined where there are none. */
  rest(): ColumnBatch | undefined;
}

export function createRowGroupBuffer(
  contract: TableContract,
  rowGroupRows: number,
): RowGroupBuffer {
  if (!(Number.isInteger(rowGroupRows) && rowGroupRows >= 1)) {
    throw new RangeError(`A row group must have at least one row, not ${rowGroupRows}`);
  }
  const entries = columnEntries(contract);
  const buffers = entries.map(([, column]) => createColumnBuffer(column));
  let rowCount = 0;

  const take = (): ColumnBatch => {
    const batch = { rowCount, columns: buffers.map((buffer) => buffer.take(rowCount)) };
    rowCount = 0;
    return batch;
  };

  return {
    get rowCount() {
      return rowCount;
    },
    get byteSize() {
      return buffers.reduce((total, buffer) => total + buffer.byteSize(rowCount), 0);
    },
    *add(batch) {
      checkBatch(entries, batch);
      let start = 0;
      while (start < batch.rowCount) {
        const end = Math.min(batch.rowCount, start + rowGroupRows - rowCount);
        if (rowCount === 0 && end - start >= rowGroupRows / 2) {
          yield start === 0 && end === batch.rowCount ? batch : sliceBatch(batch, start, end);
        } else {
          for (const [i, buffer] of buffers.entries()) {
            buffer.append(batch.columns[i]!, start, end, rowCount);
          }
          rowCount += end - start;
          if (rowCount === rowGroupRows) yield take();
        }
        start = end;
      }
    },
    rest: () => (rowCount === 0 ? undefined : take()),
  };
}

function checkBatch(entries: [string, Column][], { rowCount, columns }: ColumnBatch): void {
  if (columns.length !== entries.length) {
    throw new TypeError(`The batch has ${columns.length} columns, the contract ${entries.length}`);
  }
  for (const [i, [name, { type, nullable }]] of entries.entries()) {
    const vector = columns[i]!;
    if (!vectorKinds(type).includes(vector.kind)) {
      throw new TypeError(
        `Column ${name} is ${vector.kind}, not ${vectorKinds(type).join(' or ')}`,
      );
    }
    if (vector.validity && !nullable && vector.validity.subarray(0, rowCount).includes(0)) {
      throw new TypeError(`Column ${name} is required, but has nulls`);
    }
  }
}

/** The rows start … end of a batch, as views of its arrays. */
export function sliceBatch(batch: ColumnBatch, start: number, end: number): ColumnBatch {
  const columns = batch.columns.map((vector): ColumnVector => {
    const validity = vector.validity && { validity: vector.validity.subarray(start, end) };
    switch (vector.kind) {
      case 'dictionary':
        return { ...vector, codes: vector.codes.subarray(start, end), ...validity };
      case 'utf8': {
        const { bytes, offsets } = vector.values;
        const values = { bytes, offsets: offsets.subarray(start, end + 1) };
        return { ...vector, values, ...validity };
      }
      case 'int32':
        return { ...vector, values: vector.values.subarray(start, end), ...validity };
      case 'int64':
        return { ...vector, values: vector.values.subarray(start, end), ...validity };
      case 'bigint':
        return { ...vector, values: vector.values.slice(start, end), ...validity };
    }
  });
  return { rowCount: end - start, columns };
}

interface ColumnBuffer {
  /** Adds rows start … end behind the `rowCount` that are held, of which `held` tells the nulls. */
  append(
    vector: ColumnVector,
    start: number,
    end: number,
    rowCount: number,
    held?: Uint8Array,
  ): void;
  take(rowCount: number): ColumnVector;
  byteSize(rowCount: number): number;
}

function createColumnBuffer({ type }: Column): ColumnBuffer {
  const values = type.kind === 'string' ? createStringBuffer() : createNumberBuffer(type);
  let validity = new Uint8Array(0);
  let hasNulls = false;
  return {
    append(vector, start, end, rowCount) {
      values.append(vector, start, end, rowCount, hasNulls ? validity : undefined);
      if (vector.validity) {
        validity = grown(validity, rowCount + end - start);
        if (!hasNulls) validity.fill(1, 0, rowCount);
        validity.set(vector.validity.subarray(start, end), rowCount);
        hasNulls = true;
      } else if (hasNulls) {
        validity = grown(validity, rowCount + end - start);
        validity.fill(1, rowCount, rowCount + end - start);
      }
    },
    take(rowCount) {
      const vector = values.take(rowCount);
      if (hasNulls) vector.validity = validity.subarray(0, rowCount);
      hasNulls = false;
      return vector;
    },
    byteSize: (rowCount) => values.byteSize(rowCount) + (hasNulls ? rowCount : 0),
  };
}

function createNumberBuffer(type: Column['type']): ColumnBuffer {
  switch (vectorKinds(type)[0]) {
    case 'int32': {
      let values = new Int32Array(0);
      return {
        append(vector, start, end, rowCount) {
          if (vector.kind !== 'int32') return;
          values = grown(values, rowCount + end - start);
          values.set(vector.values.subarray(start, end), rowCount);
        },
        take: (rowCount) => ({ kind: 'int32', values: values.subarray(0, rowCount) }),
        byteSize: (rowCount) => rowCount * 4,
      };
    }
    case 'int64': {
      let values = new Float64Array(0);
      return {
        append(vector, start, end, rowCount) {
          if (vector.kind !== 'int64') return;
          values = grown(values, rowCount + end - start);
          values.set(vector.values.subarray(start, end), rowCount);
        },
        take: (rowCount) => ({ kind: 'int64', values: values.subarray(0, rowCount) }),
        byteSize: (rowCount) => rowCount * 8,
      };
    }
    default: {
      let values: bigint[] = [];
      return {
        append(vector, start, end) {
          if (vector.kind !== 'bigint') return;
          for (let i = start; i < end; i++) values.push(vector.values[i]!);
        },
        take() {
          const taken = values;
          values = [];
          return { kind: 'bigint', values: taken };
        },
        byteSize: (rowCount) => rowCount * 32,
      };
    }
  }
}

/**
 * Keeps codes as long as every batch brings a dictionary, and the text itself once a batch does
 * not. The first batch's dictionary is kept as it is, as many files are of one batch; only a second
 * batch makes one of its own, into which both go.
 */
function createStringBuffer(): ColumnBuffer {
  let first: Utf8Values | undefined;
  let merged: Utf8Dictionary | undefined;
  let codes = new Uint32Array(0);
  let bytes = new Uint8Array(0);
  let offsets = new Uint32Array(1);
  let asText = false;

  const words = (): Utf8Values => first ?? merged!.values();

  function mergedWords(): Utf8Dictionary {
    merged ??= createUtf8Dictionary();
    if (first) {
      const { bytes: from, offsets: ends } = first;
      // Each gets the code that it has.
      for (let i = 1; i < ends.length; i++) merged.codeOf(from, ends[i - 1]!, ends[i]!);
      first = undefined;
    }
    return merged;
  }

  /** The words of codes start … end behind `row` rows of text; null is no text. */
  function appendWords(
    { bytes: words, offsets: ends }: Utf8Values,
    wordCodes: Uint32Array,
    start: number,
    end: number,
    row: number,
    valid: Uint8Array | undefined,
  ): void {
    offsets = grown(offsets, row + end - start + 1);
    let at = offsets[row]!;
    for (let i = start; i < end; i++) {
      if (valid?.[i] !== 0) {
        const from = ends[wordCodes[i]!]!;
        const length = ends[wordCodes[i]! + 1]! - from;
        bytes = grown(bytes, at + length);
        for (let k = 0; k < length; k++) bytes[at + k] = words[from + k]!;
        at += length;
      }
      offsets[row + i - start + 1] = at;
    }
  }

  function forgetWords(): void {
    first = undefined;
    merged?.clear();
  }

  return {
    append(vector, start, end, rowCount, held) {
      if (rowCount === 0) asText = vector.kind === 'utf8';
      if (vector.kind === 'utf8') {
        if (!asText) {
          appendWords(words(), codes, 0, rowCount, 0, held);
          forgetWords();
          asText = true;
        }
        const { bytes: from, offsets: ends } = vector.values;
        const [first, last, at] = [ends[start]!, ends[end]!, offsets[rowCount]!];
        bytes = grown(bytes, at + last - first);
        bytes.set(from.subarray(first, last), at);
        offsets = grown(offsets, rowCount + end - start + 1);
        shiftOffsets(offsets, rowCount, ends, start, end, at - first);
      } else if (vector.kind === 'dictionary') {
        if (asText) {
          appendWords(vector.dictionary, vector.codes, start, end, rowCount, vector.validity);
          return;
        }
        codes = grown(codes, rowCount + end - start);
        if (rowCount === 0 && vector.dictionary.offsets.length - 1 <= end - start) {
          codes.set(vector.codes.subarray(start, end));
          first = copyOf(vector.dictionary);
        } else mergeCodes(mergedWords(), codes, rowCount, vector, start, end);
      }
    },
    take(rowCount) {
      if (asText) {
        return { kind: 'utf8', values: { bytes, offsets: offsets.subarray(0, rowCount + 1) } };
      }
      const dictionary = first ?? copyOf(merged!.values());
      forgetWords();
      return { kind: 'dictionary', codes: codes.subarray(0, rowCount), dictionary };
    },
    byteSize: (rowCount) =>
      asText
        ? offsets[rowCount]! + rowCount * 4
        : rowCount * 4 + (first?.bytes.length ?? merged?.byteLength ?? 0),
  };
}

function copyOf({ bytes, offsets }: Utf8Values): Utf8Values {
  return { bytes: bytes.slice(0, offsets[offsets.length - 1]), offsets: offsets.slice() };
}

function shiftOffsets(
  into: Uint32Array,
  row: number,
  ends: Uint32Array,
  start: number,
  end: number,
  shift: number,
): void {
  for (let i = start; i < end; i++) into[row + i - start + 1] = ends[i + 1]! + shift;
}

// Adding never waits in between, so every column of every file can use the same.
let newCodes = new Uint32Array(0);

/** Puts the codes start … end of a vector behind `row` others, as codes of `dictionary`. */
function mergeCodes(
  dictionary: Utf8Dictionary,
  into: Uint32Array,
  row: number,
  { codes, dictionary: words, validity }: ColumnVector & { kind: 'dictionary' },
  start: number,
  end: number,
): void {
  const { bytes, offsets } = words;
  // Counted from 1: 0 stands for a word that was not met yet, lest unused words be taken over.
  newCodes = grown(newCodes, offsets.length);
  const known = newCodes;
  known.fill(0, 0, offsets.length);
  for (let i = start; i < end; i++) {
    let newCode = 1;
    if (validity === undefined || validity[i] === 1) {
      const code = codes[i]!;
      newCode = known[code]!;
      if (newCode === 0) {
        newCode = dictionary.codeOf(bytes, offsets[code]!, offsets[code + 1]!) + 1;
        known[code] = newCode;
      }
    }
    into[row + i - start] = newCode - 1;
  }
}
