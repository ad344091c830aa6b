import { putByte, putBytes, putVarint, putZigzag, type ByteBuffer } from './byte-buffer';

/**
 * A value in Thrift's compact protocol, in which Parquet writes its metadata.
 * https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export interface ThriftValue {
  /** As the header of a field or a list names it. */
  type: number;
  put(out: ByteBuffer): void;
}

const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

const encoder = new TextEncoder();

/** Where it is a struct's member: there, the type alone tells the value. */
export function bool(value: boolean): ThriftValue {
  return { type: value ? TRUE : FALSE, put: () => {} };
}

export function i8(value: number): ThriftValue {
  return { type: BYTE, put: (out) => putByte(out, value) };
}

export function i16(value: number): ThriftValue {
  return { type: I16, put: (out) => putZigzag(out, value) };
}

export function i32(value: number): ThriftValue {
  return { type: I32, put: (out) => putZigzag(out, value) };
}

/** Of magnitude below 2^52, which every offset and count here is. */
export function i64(value: number): ThriftValue {
  return { type: I64, put: (out) => putZigzag(out, value) };
}

export function binary(value: Uint8Array): ThriftValue {
  return {
    type: BINARY,
    put(out) {
      putVarint(out, value.length);
      putBytes(out, value);
    },
  };
}

export function text(value: string): ThriftValue {
  return binary(encoder.encode(value));
}

/** A list of at least one value, all of one type. */
export function list(values: readonly ThriftValue[]): ThriftValue {
  return {
    type: LIST,
    put(out) {
      const { length } = values;
      putListHeader(out, values[0]?.type ?? STRUCT, length);
      for (const value of values) value.put(out);
    },
  };
}

export function boolList(values: readonly boolean[]): ThriftValue {
  return {
    type: LIST,
    put(out) {
      putListHeader(out, TRUE, values.length);
      for (const value of values) putByte(out, value ? TRUE : FALSE);
    },
  };
}

function putListHeader(out: ByteBuffer, type: number, length: number): void {
  putByte(out, (Math.min(length, 15) << 4) | type);
  if (length >= 15) putVarint(out, length);
}

/** Of the fields in Parquet's metadata that are written; below 16, so that a delta fits a byte. */
const LARGEST_ID = 13;

/** A struct, or a union with one member, by field ids; undefined members are left out. */
export function struct(members: Readonly<Record<number, ThriftValue | undefined>>): ThriftValue {
  return {
    type: STRUCT,
    put(out) {
      let last = 0;
      // In ascending order, as the deltas between ids want them.
      for (let id = 1; id <= LARGEST_ID; id++) {
        const value = members[id];
        if (!value) continue;
        putByte(out, ((id - last) << 4) | value.type);
        value.put(out);
        last = id;
      }
      putByte(out, 0);
    },
  };
}
