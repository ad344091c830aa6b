import type { Column } from '../contract/column';
import { columnEntries, type RowOf, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector, Utf8Values } from './column-batch';
import { grown } from './grown';
import { vectorKinds } from './vector-kind';

/** Rows in, columns out: the plain way, for who has rows as objects. */
export interface RowBuffer<T extends TableContract> {
  readonly rowCount: number;
  /** About the bytes that the columns will take. */
  readonly byteSize: number;
  append(row: RowOf<T>): void;
  /** The rows so far in columns, and an empty buffer. */
  take(): ColumnBatch;
}

export function createRowBuffer<T extends TableContract>(contract: T): RowBuffer<T> {
  const entries = columnEntries(contract);
  let values: unknown[][] = entries.map(() => []);
  let rowCount = 0;
  let byteSize = 0;
  return {
    get rowCount() {
      return rowCount;
    },
    get byteSize() {
      return byteSize;
    },
    append(row) {
      for (const [i, [name]] of entries.entries()) {
        const value = (row as Record<string, unknown>)[name];
        values[i]!.push(value);
        byteSize += typeof value === 'string' ? value.length + 4 : 8;
      }
      rowCount++;
    },
    take() {
      const columns = entries.map(([name, column], i) => toVector(name, column, values[i]!));
      const batch = { rowCount, columns };
      values = entries.map(() => []);
      rowCount = 0;
      byteSize = 0;
      return batch;
    },
  };
}

function toVector(name: string, { type, nullable }: Column, values: unknown[]): ColumnVector {
  const hasNulls = values.includes(null);
  if (hasNulls && !nullable) throw new TypeError(`Column ${name} is required, but has nulls`);
  const validity = hasNulls && {
    validity: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
  };
  const orElse = <V>(empty: V): V[] => values.map((value) => (value as V | null) ?? empty);
  switch (vectorKinds(type)[0]) {
    case 'int32':
      return { kind: 'int32', values: Int32Array.from(orElse(0)), ...validity };
    case 'int64':
      return { kind: 'int64', values: Float64Array.from(orElse(0), Number), ...validity };
    case 'bigint':
      return { kind: 'bigint', values: orElse(0n), ...validity };
    default:
      return { ...toStrings(orElse('')), ...validity };
  }
}

/** With a dictionary where a value appears twice on average. */
function toStrings(values: string[]): ColumnVector {
  const codeOf = new Map<string, number>();
  const codes = new Uint32Array(values.length);
  for (const [i, value] of values.entries()) {
    let code = codeOf.get(value);
    if (code === undefined) codeOf.set(value, (code = codeOf.size));
    codes[i] = code;
  }
  return codeOf.size * 2 <= values.length
    ? { kind: 'dictionary', codes, dictionary: toUtf8([...codeOf.keys()]) }
    : { kind: 'utf8', values: toUtf8(values) };
}

const encoder = new TextEncoder();
// A UTF-16 code unit takes at most three bytes of UTF-8: https://encoding.spec.whatwg.org/
const MOST_BYTES = 3;

/** The strings as UTF-8; a lone surrogate becomes U+FFFD. */
export function toUtf8(values: readonly string[]): Utf8Values {
  const offsets = new Uint32Array(values.length + 1);
  let bytes = new Uint8Array(values.length * 16);
  let end = 0;
  for (const [i, value] of values.entries()) {
    bytes = grown(bytes, end + value.length * MOST_BYTES);
    end += encoder.encodeInto(value, bytes.subarray(end)).written;
    offsets[i + 1] = end;
  }
  return { bytes: bytes.subarray(0, end), offsets };
}
