import { putByte, putBytes, putVarint, putZigzag, type ByteBuffer } from './byte-buffer';

// Thrift's compact protocol, in which Parquet writes its metadata. Each function writes a field of a
// struct, whose id is `step` above that of the field before, or of none where it is the first.
// https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

/** A type, as the header of a field or a list names it. */
export const Thrift = {
  TRUE: 1,
  FALSE: 2,
  I8: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  BINARY: 8,
  LIST: 9,
  STRUCT: 12,
} as const;

function putField(out: ByteBuffer, step: number, type: number): void {
  putByte(out, (step << 4) | type);
}

/** The type alone tells the value. */
export function putBool(out: ByteBuffer, step: number, value: boolean): void {
  putField(out, step, value ? Thrift.TRUE : Thrift.FALSE);
}

export function putI8(out: ByteBuffer, step: number, value: number): void {
  putField(out, step, Thrift.I8);
  putByte(out, value);
}

export function putI16(out: ByteBuffer, step: number, value: number): void {
  putField(out, step, Thrift.I16);
  putZigzag(out, value);
}

export function putI32(out: ByteBuffer, step: number, value: number): void {
  putField(out, step, Thrift.I32);
  putZigzag(out, value);
}

/** Of magnitude below 2^52, which every offset and count here is. */
export function putI64(out: ByteBuffer, step: number, value: number): void {
  putField(out, step, Thrift.I64);
  putZigzag(out, value);
}

export function putBinary(out: ByteBuffer, step: number, value: Uint8Array): void {
  putField(out, step, Thrift.BINARY);
  putBinaryElement(out, value);
}

const encoder = new TextEncoder();

export function putText(out: ByteBuffer, step: number, value: string): void {
  putBinary(out, step, encoder.encode(value));
}

/** Begins a list: its elements follow, without headers. */
export function putList(out: ByteBuffer, step: number, type: number, length: number): void {
  putField(out, step, Thrift.LIST);
  putByte(out, (Math.min(length, 15) << 4) | type);
  if (length >= 15) putVarint(out, length);
}

/** In a list, a boolean is a byte. */
export function putBoolElement(out: ByteBuffer, value: boolean): void {
  putByte(out, value ? Thrift.TRUE : Thrift.FALSE);
}

export function putBinaryElement(out: ByteBuffer, value: Uint8Array): void {
  putVarint(out, value.length);
  putBytes(out, value);
}

/** Begins a struct: its fields follow, and endStruct. */
export function putStruct(out: ByteBuffer, step: number): void {
  putField(out, step, Thrift.STRUCT);
}

/** Ends a struct, be it a field, an element of a list or the whole. */
export function endStruct(out: ByteBuffer): void {
  putByte(out, 0);
}
