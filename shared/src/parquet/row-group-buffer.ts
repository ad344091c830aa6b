import type { Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector } from './column-batch';
import { BIGINT_BYTES, createColumnBuffer, type ColumnBuffer } from './column-buffer';
import { copyBytes } from './copy-bytes';
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
  let buffers: ColumnBuffer[] | undefined;
  // Many files are of one batch, which needs no buffers: its copy is the row group.
  let first: ColumnBatch | undefined;
  let rowCount = 0;

  function append(batch: ColumnBatch, start: number, end: number): void {
    if (rowCount === 0 && isWorthACopy(batch, end - start)) first = copyRows(batch, start, end);
    else {
      buffers ??= entries.map(([, column]) => createColumnBuffer(column));
      for (const [i, buffer] of buffers.entries()) {
        if (first) buffer.append(first.columns[i]!, 0, rowCount, 0);
        buffer.append(batch.columns[i]!, start, end, rowCount);
      }
      first = undefined;
    }
    rowCount += end - start;
  }

  function take(): ColumnBatch {
    const batch = first ?? { rowCount, columns: buffers!.map((buffer) => buffer.take(rowCount)) };
    first = undefined;
    rowCount = 0;
    return batch;
  }

  return {
    get rowCount() {
      return rowCount;
    },
    get byteSize() {
      if (first) return first.columns.reduce((total, vector) => total + byteSizeOf(vector), 0);
      return buffers?.reduce((total, buffer) => total + buffer.byteSize(rowCount), 0) ?? 0;
    },
    *add(batch) {
      checkBatch(entries, batch);
      let start = 0;
      while (start < batch.rowCount) {
        const end = Math.min(batch.rowCount, start + rowGroupRows - rowCount);
        if (rowCount === 0 && end - start >= rowGroupRows / 2) {
          yield start === 0 && end === batch.rowCount ? batch : sliceBatch(batch, start, end);
        } else {
          append(batch, start, end);
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

/** Unless it has a dictionary of more words than there are rows: the buffers keep but those in use. */
function isWorthACopy({ columns }: ColumnBatch, rowCount: number): boolean {
  return columns.every(
    (vector) => vector.kind !== 'dictionary' || vector.dictionary.offsets.length - 1 <= rowCount,
  );
}

/** The rows start … end of a batch, in arrays of their own. */
function copyRows(batch: ColumnBatch, start: number, end: number): ColumnBatch {
  const columns = batch.columns.map((vector): ColumnVector => {
    const validity = vector.validity && { validity: vector.validity.slice(start, end) };
    switch (vector.kind) {
      case 'dictionary': {
        const { bytes, offsets } = vector.dictionary;
        const dictionary = {
          bytes: copyBytes(bytes, 0, offsets.at(-1)!),
          offsets: offsets.slice(),
        };
        return {
          kind: 'dictionary',
          codes: vector.codes.slice(start, end),
          dictionary,
          ...validity,
        };
      }
      case 'utf8': {
        const { bytes, offsets: ends } = vector.values;
        const offsets = ends.slice(start, end + 1);
        const [from, to] = [offsets[0]!, offsets[end - start]!];
        if (from > 0) for (let i = 0; i < offsets.length; i++) offsets[i]! -= from;
        return {
          kind: 'utf8',
          values: { bytes: copyBytes(bytes, from, to), offsets },
          ...validity,
        };
      }
      case 'int32':
        return { kind: 'int32', values: vector.values.slice(start, end), ...validity };
      case 'int64':
        return { kind: 'int64', values: vector.values.slice(start, end), ...validity };
      case 'bigint':
        return { kind: 'bigint', values: vector.values.slice(start, end), ...validity };
    }
  });
  return { rowCount: end - start, columns };
}

function byteSizeOf(vector: ColumnVector): number {
  const nulls = vector.validity?.length ?? 0;
  switch (vector.kind) {
    case 'dictionary':
      return nulls + vector.codes.byteLength + vector.dictionary.bytes.length;
    case 'utf8':
      return nulls + vector.values.bytes.length + vector.values.offsets.byteLength;
    case 'bigint':
      return nulls + vector.values.length * BIGINT_BYTES;
    default:
      return nulls + vector.values.byteLength;
  }
}
