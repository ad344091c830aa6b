/** Bytes that are being written: the first `length` of `bytes`, which `view` looks at too. */
export interface ByteBuffer {
  bytes: Uint8Array;
  view: DataView;
  length: number;
}

const LEAST_CAPACITY = 4096;

export function createByteBuffer(capacity = LEAST_CAPACITY): ByteBuffer {
  const bytes = unset(capacity);
  return { bytes, view: new DataView(bytes.buffer), length: 0 };
}

/** Bytes of any content: what is written is all that is ever read. */
function unset(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

/** Makes room for `count` more bytes. */
export function reserve(buffer: ByteBuffer, count: number): void {
  const needed = buffer.length + count;
  if (needed <= buffer.bytes.length) return;
  const bytes = unset(Math.max(needed, buffer.bytes.length * 2, LEAST_CAPACITY));
  bytes.set(buffer.bytes.subarray(0, buffer.length));
  buffer.bytes = bytes;
  buffer.view = new DataView(bytes.buffer);
}

export function putByte(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 1);
  buffer.bytes[buffer.length++] = value;
}

export function putUint32(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 4);
  buffer.view.setUint32(buffer.length, value, true);
  buffer.length += 4;
}

export function putBytes(buffer: ByteBuffer, bytes: Uint8Array): void {
  reserve(buffer, bytes.length);
  buffer.bytes.set(bytes, buffer.length);
  buffer.length += bytes.length;
}

/** An unsigned LEB128 of a whole number below 2^53. */
export function putVarint(buffer: ByteBuffer, value: number): void {
  reserve(buffer, 8);
  const { bytes } = buffer;
  let rest = value;
  while (rest >= 0x80) {
    bytes[buffer.length++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  bytes[buffer.length++] = rest;
}

/** A signed whole number, of magnitude below 2^52, as the LEB128 of its zigzag. */
export function putZigzag(buffer: ByteBuffer, value: number): void {
  putVarint(buffer, value >= 0 ? value * 2 : value * -2 - 1);
}
