import type { Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector, Utf8Values } from './column-batch';
import { copyBytes } from './copy-bytes';
import { joinBatches } from './join-batches';
import { vectorKinds } from './vector-kind';

/**
 * Batches of any size in; out come row groups of at most the size asked for and, but for the last and
 * those of rows that are to go at once, of enough rows.
 */
export interface RowGroupBuffer {
  readonly rowCount: number;
  readonly byteSize: number;
  /**
   * Yields the row groups that the batch makes, and keeps a copy of the rows that are left; none are
   * where they go at once. A row group that is yielded is only good until the next is asked for.
   * @throws TypeError where the batch is not one of the contract.
   */
  add(batch: ColumnBatch, atOnce?: boolean): Generator<ColumnBatch, void>;
  /** The rows that are left; undefined where there are none. */
  rest(): ColumnBatch | undefined;
}

/** Many small pieces take more memory than their rows. */
const MOST_PIECES = 64;

/**
 * Where nothing is held, `enoughRows` are a row group as they are: copying them costs more than it
 * saves. They are half a row group unless told otherwise.
 */
export function createRowGroupBuffer(
  contract: TableContract,
  rowGroupRows: number,
  enoughRows = rowGroupRows / 2,
): RowGroupBuffer {
  if (!(Number.isInteger(rowGroupRows) && rowGroupRows >= 1)) {
    throw new RangeError(`A row group must have at least one row, not ${rowGroupRows}`);
  }
  const entries = columnEntries(contract);
  // Of each batch a copy: only when all rows are there is it known how much room they take together.
  let pieces: ColumnBatch[] = [];
  let rowCount = 0;
  let byteSize = 0;

  function append(batch: ColumnBatch, start: number, end: number): void {
    const before = pieces.at(-1);
    const piece = copyRows(batch, start, end);
    pieces.push(piece);
    rowCount += piece.rowCount;
    byteSize += byteSizeOf(piece, before);
    if (pieces.length === MOST_PIECES) {
      const joined = joinBatches(pieces);
      pieces = [joined];
      byteSize = byteSizeOf(joined, undefined);
    }
  }

  /** All that is held, and behind it rows that need not be copied, as they are written at once. */
  function take(...behind: ColumnBatch[]): ColumnBatch {
    const batch = joinBatches([...pieces, ...behind]);
    pieces = [];
    rowCount = 0;
    byteSize = 0;
    return batch;
  }

  return {
    get rowCount() {
      return rowCount;
    },
    get byteSize() {
      return byteSize;
    },
    *add(batch, atOnce = false) {
      checkBatch(entries, batch);
      let start = 0;
      while (start < batch.rowCount) {
        const end = Math.min(batch.rowCount, start + rowGroupRows - rowCount);
        const isEnough = rowCount + end - start === rowGroupRows || atOnce;
        if (isEnough || (rowCount === 0 && end - start >= enoughRows)) {
          const isAll = start === 0 && end === batch.rowCount;
          yield take(isAll ? batch : sliceBatch(batch, start, end));
        } else append(batch, start, end);
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

/** The rows start … end of a batch, in arrays of their own; but for dictionaries, which stay good. */
function copyRows(batch: ColumnBatch, start: number, end: number): ColumnBatch {
  const columns = batch.columns.map((vector): ColumnVector => {
    const copy = copyValues(vector, start, end);
    if (vector.validity) copy.validity = vector.validity.slice(start, end);
    return copy;
  });
  return { rowCount: end - start, columns };
}

function copyValues(vector: ColumnVector, start: number, end: number): ColumnVector {
  switch (vector.kind) {
    case 'dictionary': {
      const { dictionary } = vector;
      return { kind: 'dictionary', codes: vector.codes.slice(start, end), dictionary };
    }
    case 'utf8': {
      const { bytes, offsets: ends } = vector.values;
      const offsets = ends.slice(start, end + 1);
      const [from, to] = [offsets[0]!, offsets[end - start]!];
      if (from > 0) for (let i = 0; i < offsets.length; i++) offsets[i]! -= from;
      return { kind: 'utf8', values: { bytes: copyBytes(bytes, from, to), offsets } };
    }
    case 'int32':
      return { kind: 'int32', values: vector.values.slice(start, end) };
    case 'int64':
      return { kind: 'int64', values: vector.values.slice(start, end) };
    case 'bigint':
      return { kind: 'bigint', values: vector.values.slice(start, end) };
  }
}

/** About the memory of one. */
const BIGINT_BYTES = 32;

/** A file's share of a dictionary that others may have too: no more than it takes for a word a row. */
function sharedBytes({ offsets }: Utf8Values, rowCount: number): number {
  const words = offsets.length - 1;
  return offsets[words]! * Math.min(1, rowCount / words);
}

/** What a batch takes besides the dictionaries that the batch before has already. */
function byteSizeOf({ rowCount, columns }: ColumnBatch, before: ColumnBatch | undefined): number {
  let bytes = 0;
  for (const [i, vector] of columns.entries()) {
    bytes += vector.validity?.length ?? 0;
    if (vector.kind === 'dictionary') {
      const other = before?.columns[i];
      const isKnown = other?.kind === 'dictionary' && other.dictionary === vector.dictionary;
      bytes += vector.codes.byteLength + (isKnown ? 0 : sharedBytes(vector.dictionary, rowCount));
    } else if (vector.kind === 'utf8') {
      bytes += vector.values.bytes.length + vector.values.offsets.byteLength;
    } else if (vector.kind === 'bigint') bytes += vector.values.length * BIGINT_BYTES;
    else bytes += vector.values.byteLength;
  }
  return bytes;
}
